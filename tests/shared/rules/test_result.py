"""A judgement has one of eight values, and only one of them may still change (rules.md §4)."""

from __future__ import annotations

import pytest

from shared.rules.result import VALUES, Result, readings


def test_the_eight_values_in_falling_precedence_and_nothing_else() -> None:
    assert VALUES == ("not_applicable", "waived", "not_reported", "not_evaluable", "provisional", "open", "met", "not_met")
    assert [value for value in VALUES if Result(value, "说明").provisional] == ["provisional"]
    with pytest.raises(ValueError, match="not a result: 'perhaps'"):
        Result("perhaps", "说明")


@pytest.mark.parametrize(("best", "worst", "told"), [
    (None, None, {}), ("met", None, {"best": {"result": "met"}}), ("met", "open", {"best": {"result": "met"}, "worst": {"result": "open"}}),
])  # fmt: skip
def test_a_reading_is_told_where_there_is_one(best: str | None, worst: str | None, told: dict[str, object]) -> None:
    assert readings(best, worst) == told
