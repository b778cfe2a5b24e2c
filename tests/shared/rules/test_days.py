"""Duty half-days of the three modes, and the level a slip needs."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from shared.calendar import at, days_between
from shared.rules.days import Pattern, Slip, duty_half_days, half_status, level_needed, session_over
from shared.rules.load import shipped
from tests.shared.official import MONDAY_TO_FRIDAY, OFFICIAL

DEMO = shipped()["zhongzhan-demo"]
MONDAY = dt.date(2026, 11, 16)
RESIDENT = Pattern(DEMO.modes["resident"], dt.date(2026, 3, 2), dt.date(2026, 12, 31))


def owed(pattern, first, last, calendar=OFFICIAL):
    return sum(sum(pattern.owed(calendar, day).values()) for day in days_between(first, last))


def test_november_2026_owes_42_half_days_to_a_resident():
    assert owed(RESIDENT, dt.date(2026, 11, 1), dt.date(2026, 11, 30)) == 42


def test_g15_a_handover_over_the_dragon_boat_holiday_leaves_no_duty_half_day_between():
    out = dt.date(2026, 6, 18)
    assert owed(RESIDENT, out + dt.timedelta(days=1), dt.date(2026, 6, 21)) == 0
    assert owed(RESIDENT, out + dt.timedelta(days=1), dt.date(2026, 6, 22)) == 2  # in on the 23rd: gap 2


def test_a_mode_with_one_session_owes_that_one():
    mornings = replace(RESIDENT, mode=replace(RESIDENT.mode, sessions=("am",)))
    assert mornings.owed(OFFICIAL, MONDAY) == {"am": True, "pm": False}


def test_rounds_owe_what_is_rostered_inside_the_posting_only():
    roster = {(MONDAY, "pm"): "A", (dt.date(2027, 1, 4), "am"): "A"}
    rounds = Pattern(DEMO.modes["rounds"], dt.date(2026, 3, 2), dt.date(2026, 12, 31), roster)
    assert rounds.owed(OFFICIAL, MONDAY) == {"am": False, "pm": True}
    assert rounds.owed(OFFICIAL, dt.date(2027, 1, 4)) == {"am": False, "pm": False}


def test_a_taskforce_owes_nothing():
    assert owed(Pattern(DEMO.modes["taskforce"], dt.date(2026, 3, 2), None), MONDAY, MONDAY) == 0


def test_an_open_posting_owes_on():
    assert owed(Pattern(DEMO.modes["resident"], dt.date(2026, 3, 2), None), MONDAY, MONDAY) == 2


def test_the_calendar_decides_how_long_a_slip_is():
    first, last = dt.date(2026, 9, 28), dt.date(2026, 10, 9)
    slip = Slip("L", "annual", (first, "pm"), (last, "am"), at(first, dt.time(8)), "pending")
    assert duty_half_days(slip, OFFICIAL, RESIDENT) == 5 + 3  # 28-30 Sep from noon, 8 and 9 Oct until noon
    assert duty_half_days(slip, MONDAY_TO_FRIDAY, RESIDENT) == 18


@pytest.mark.parametrize(("half_days", "level"), [(0, 1), (6, 1), (7, 2), (20, 2), (21, 3), (200, 3)])
def test_the_ladder_gives_the_first_rung_whose_limit_holds(half_days, level):
    assert level_needed(DEMO, half_days) == level


def status(**over):
    given = {"duty": True, "attended": False, "covers": (), "undecided": False, "ended": True, "window": False,
             "why_absent": "no_scan"}  # fmt: skip
    return half_status(**(given | over))


@pytest.mark.parametrize(
    ("over", "expected"),
    [
        ({}, ("X", "no_scan")),
        ({"attended": True, "covers": ("O", "L"), "undecided": True}, ("A", None)),
        ({"attended": True, "duty": False}, ("A", None)),
        ({"covers": ("L", "O"), "undecided": True}, ("O", None)),
        ({"covers": ("L",), "undecided": True}, ("L", None)),
        ({"undecided": True, "ended": False}, ("P", "decision_pending")),
        ({"ended": False, "window": True}, ("", "future")),
        ({"window": True}, ("P", "window_open")),
        ({"duty": False, "covers": ("L",)}, ("", None)),
    ],
)
def test_the_first_status_that_fits_wins(over, expected):
    assert status(**over) == expected


@pytest.mark.parametrize(
    ("day", "half", "over"),
    [(15, "pm", True), (16, "am", True), (16, "pm", False), (17, "am", False)],
)
def test_a_session_is_over_from_its_last_minute_on(day, half, over):
    noon = at(MONDAY, dt.time(12))
    assert session_over(DEMO, (dt.date(2026, 11, day), half), noon) is over
    assert session_over(DEMO, (MONDAY, "am"), noon - dt.timedelta(minutes=1)) is False
    assert session_over(DEMO, (dt.date(2030, 1, 1), "pm"), None) is True


def test_a_roster_goes_on_week_by_week_on_workdays_and_an_empty_one_owes_all():
    rounds = Pattern(DEMO.modes["rounds"], MONDAY, dt.date(2026, 11, 20), {(MONDAY, "pm"): "A", (dt.date(2026, 11, 18), "am"): "A"})
    after = days_between(dt.date(2026, 11, 23), dt.date(2026, 11, 29))
    assert [rounds.usual(OFFICIAL, day) for day in after] == [("pm",), (), ("am",), (), (), (), ()]
    assert rounds.usual(OFFICIAL, dt.date(2026, 10, 5)) == ()  # a Monday of the National Day holiday
    assert replace(rounds, roster={}).usual(OFFICIAL, dt.date(2026, 11, 24)) == ("am", "pm")
    assert replace(rounds, mode=DEMO.modes["taskforce"]).usual(OFFICIAL, MONDAY) == ()
