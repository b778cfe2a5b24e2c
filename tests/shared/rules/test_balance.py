"""Credit and debt of a segment: what is owed, when it is repaid, and up to where nothing is owed (§2.2)."""

from __future__ import annotations

import datetime as dt

import pytest

from shared.rules.balance import Balance
from shared.rules.durations import DAY
from shared.rules.history import Half
from shared.rules.segments import CREDITED, DEBT, NONE, Seen

START = dt.date(2026, 3, 2)
EFFECTS = {"c": CREDITED, "d": DEBT, "-": NONE}


def balance(letters: str) -> Balance:
    """Two half-days a date from START on: c credited, d debt, - neither."""
    seen = [Seen(Half(START + place // 2 * DAY, ("am", "pm")[place % 2], "P1", True, "A"), "A", EFFECTS[letter])
            for place, letter in enumerate(letters)]  # fmt: skip
    return Balance.of(START, START + (len(letters) - 1) // 2 * DAY, seen)


def day(number: int) -> dt.date:
    return START + number * DAY


def test_sums_run_up_to_and_including_a_date() -> None:
    one = balance("ccddc-cc")
    assert [one.credited(day(n)) for n in range(-1, 5)] == [0, 2, 2, 3, 5, 5]
    assert [one.owed(day(n)) for n in range(-1, 5)] == [0, 0, 2, 2, 2, 2]


@pytest.mark.parametrize(("letters", "last"), [
    ("cccc", 1), ("ccddcc", 1), ("ccddc-", 0), ("ccddcccc", 2), ("cccdcc", 1), ("ddcc", 0), ("ddc-", -1), ("ccccdd", 1), ("dcdccc", 1),
    ("ddddcccc", 1), ("ddddccc-", 0), ("dd", -1), ("--", 0), ("ccddccddc-", 1),
])  # fmt: skip
def test_the_effective_end_is_the_latest_date_whose_debt_was_worked_off_after_it(letters: str, last: int) -> None:
    one = balance(letters)
    assert one.effective_end() == day(last)


@pytest.mark.parametrize(("letters", "due", "met", "short"), [
    ("cccc", 1, 1, 0), ("cccc", 0, 0, 0), ("ccdd", 1, None, 2), ("ccddcc", 1, 2, 0), ("ccddc-", 1, None, 1), ("ccddc-c-", 1, 3, 0),
    ("dcccdd", 1, None, 1), ("cccc", 2, None, 0), ("ddcccc", 0, 1, 0),
])  # fmt: skip
def test_the_months_are_met_on_the_first_date_on_which_the_debt_is_repaid(letters: str, due: int, met: int | None, short: int) -> None:
    one = balance(letters)
    assert one.met_on(day(due)) == (None if met is None else day(met))
    assert one.shortfall(day(due)) == short
