"""Every golden case: the answers that were worked out by hand."""

from __future__ import annotations

import json

import pytest

from shared.rules.explain import answer, differences
from tests.shared.rules.golden_cases import golden, names

WHOLE = ("G01", "G05", "G09", "G16b", "G18", "G24")
"""Cases whose answers are written out in full."""


@pytest.mark.parametrize("name", names())
def test_the_answer_is_the_one_worked_out_by_hand(name: str) -> None:
    case = golden(name)
    assert case.expect is not None
    assert differences(case.expect, json.loads(json.dumps(answer(case)))) == []


@pytest.mark.parametrize("name", WHOLE)
def test_whole_answers_are_equal_to_the_letter(name: str) -> None:
    case = golden(name)
    assert json.dumps(answer(case), ensure_ascii=False) == json.dumps(case.expect, ensure_ascii=False)


def test_a_wrong_expectation_is_a_difference() -> None:
    case = golden("G01")
    found = answer(case)
    found["answers"][0]["segments"][0]["half_days"]["credited"] = 255
    assert differences(case.expect, found) == [
        {"path": "answers[0].segments[0].half_days.credited", "expected": 256, "actual": 255}
    ]
