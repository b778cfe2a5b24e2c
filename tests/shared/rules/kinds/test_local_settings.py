"""A setting that no clause gives is named wherever it touches a figure; one that a clause gives is not (rules.md §1)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.rules.inquiry import Inquiry
from shared.rules.kinds import evaluate
from shared.rules.load import Programme
from tests.shared.rules.kinds import asked
from tests.shared.rules.kinds.scenes import SCENES

FIRST = {rule.kind: (programme, rule) for programme in reversed(asked.PROGRAMMES.values()) for rule in reversed(programme.rules)}
"""A rule of each kind."""


def scene(kind: str) -> Inquiry:
    programme, rule = FIRST[kind]
    if kind == "quota":
        return asked.counted(programme, rule, 1)
    return asked.in_post(programme, rule, 1) if kind == "headcount" else next(inquiry for _, inquiry in SCENES[kind](programme, rule))


def of_the_text(programme: Programme) -> Programme:
    return replace(programme, settings={name: {**table, "basis": "text"} for name, table in programme.settings.items()})


@pytest.mark.parametrize("kind", sorted(FIRST))
def test_what_stands_in_the_text_is_no_local_setting(kind: str) -> None:
    inquiry = scene(kind)
    named = evaluate(inquiry).local_settings
    assert set(named) <= {*inquiry.programme.local_settings(), "partial_window"}
    assert set(evaluate(replace(inquiry, programme=of_the_text(inquiry.programme))).local_settings) <= {"partial_window"}
