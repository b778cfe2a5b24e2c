"""What a case expects against what was answered: objects by the expected keys, lists by place, scalars exactly."""

from __future__ import annotations

from typing import Any

import pytest

from shared.rules.explain.compare import differences


@pytest.mark.parametrize(("expected", "actual"), [
    (1, 1), ("met", "met"), (None, None), ([], []), ({}, {"more": 1}), ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 2, "c": 3}]}),
])  # fmt: skip
def test_an_answer_may_say_more_than_is_expected(expected: Any, actual: Any) -> None:
    assert differences(expected, actual) == []


@pytest.mark.parametrize(("expected", "actual", "path", "wanted", "got"), [
    (1, 2, "", 1, 2), (1, True, "", 1, True), (1, 1.0, "", 1, 1.0), ({"a": 1}, {}, "a", 1, None), ({"a": None}, {}, "a", None, None),
    ({"a": {"b": 1}}, {"a": {"b": 2}}, "a.b", 1, 2), ({"a": {"b": 1}}, {"a": None}, "a", {"b": 1}, None),
    ({"a": None}, {"a": {"b": 1}}, "a", None, {"b": 1}), ([1, 2], [1, 3], "[1]", 2, 3), ({"a": [1]}, {"a": [1, 2]}, "a", [1], [1, 2]),
    ({"a": [1]}, {"a": 1}, "a", [1], 1), ({"a": 1}, {"a": [1]}, "a", 1, [1]), ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, "a[0].b", 1, 2),
])  # fmt: skip
def test_a_difference_names_its_place_and_both_values(expected: Any, actual: Any, path: str, wanted: Any, got: Any) -> None:
    assert differences(expected, actual) == [{"path": path, "expected": wanted, "actual": got}]


def test_every_difference_is_told() -> None:
    assert [one["path"] for one in differences({"a": 1, "b": [1, 2]}, {"a": 2, "b": [2, 3]})] == ["a", "b[0]", "b[1]"]
