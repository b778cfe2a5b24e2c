"""What the rules hand about is a value: nobody who got one can change it for somebody else."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import pkgutil

import pytest

import shared.rules

COLLECTOR = "Problems"
"""Gathers what is wrong with a case while it is read, and is handed to nobody."""
CLASSES = sorted(
    {
        one
        for module in pkgutil.walk_packages(shared.rules.__path__, "shared.rules.")
        for _, one in inspect.getmembers(importlib.import_module(module.name), inspect.isclass)
        if dataclasses.is_dataclass(one) and one.__module__.startswith("shared.rules") and one.__name__ != COLLECTOR
    },
    key=lambda one: (one.__module__, one.__name__),
)


def test_there_are_values() -> None:
    assert {"Half", "History", "Coverage", "Result", "Rule"} <= {one.__name__ for one in CLASSES}


@pytest.mark.parametrize("one", CLASSES, ids=lambda one: f"{one.__module__}.{one.__name__}")
def test_every_data_class_of_the_rules_is_frozen(one: type) -> None:
    assert one.__dataclass_params__.frozen  # type: ignore[attr-defined]
