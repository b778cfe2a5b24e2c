"""Duty half-days of the three modes, and the level a slip needs."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from shared.calendar import at, days_between
from shared.rules.days import (
    INVALID,
    PENDING,
    VALID,
    Correction,
    Order,
    Pattern,
    Slip,
    correction_verdicts,
    duty_half_days,
    half_status,
    level_needed,
    order_verdict,
    session_over,
    slip_verdict,
)
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


WEDNESDAY = dt.date(2026, 11, 18)
SLIP = Slip("L", "personal", (MONDAY, "am"), (WEDNESDAY, "pm"), at(MONDAY, dt.time(8)), "approved", 1)


@pytest.mark.parametrize(("over", "verdict"), [
    ({}, (VALID, "")), ({"decision": "pending"}, (PENDING, "decision_pending")), ({"decision": "rejected"}, (INVALID, "leave_refused")),
    ({"filed_at": at(MONDAY, dt.time(8, 1))}, (INVALID, "leave_late")), ({"last": (WEDNESDAY + dt.timedelta(1), "am")}, (INVALID, "leave_level")),
    ({"last": (WEDNESDAY + dt.timedelta(1), "am"), "level": 2}, (VALID, "")), ({"level": 0}, (INVALID, "leave_level")),
    ({"type": "sick", "filed_at": at(dt.date(2026, 11, 19), dt.time(23, 59))}, (VALID, "")),
    ({"type": "emergency", "filed_at": at(dt.date(2026, 11, 19), dt.time(23, 59))}, (VALID, "")),
    ({"type": "sick", "filed_at": at(dt.date(2026, 11, 20), dt.time(0))}, (INVALID, "leave_late")),
    ({"first": (MONDAY, "pm"), "filed_at": at(MONDAY, dt.time(14))}, (VALID, "")),
    ({"first": (MONDAY, "pm"), "filed_at": at(MONDAY, dt.time(14, 1))}, (INVALID, "leave_late")),
    ({"last": (dt.date(2026, 11, 20), "pm"), "only": "am"}, (VALID, "")),
])  # fmt: skip
def test_a_slip_holds_as_a_whole_or_says_why_not(over, verdict):
    assert slip_verdict(replace(SLIP, **over), DEMO, OFFICIAL, RESIDENT) == verdict


@pytest.mark.parametrize(("over", "verdict"), [
    ({}, (VALID, "")), ({"decision": "pending"}, (PENDING, "decision_pending")), ({"decision": "rejected"}, (INVALID, "order_issuer")),
    ({"doc_no": None}, (INVALID, "order_issuer")), ({"doc_no": ""}, (INVALID, "order_issuer")),
    ({"issuer_level": "supporter"}, (INVALID, "order_issuer")),
    ({"issuer_level": None}, (INVALID, "order_issuer")), ({"issuer_level": "national"}, (VALID, "")),
    ({"issuer_level": None, "kind": "meeting"}, (VALID, "")), ({"issuer_level": "supporter", "kind": "travel"}, (VALID, "")),
])  # fmt: skip
def test_ordered_work_holds_with_a_document_of_a_high_enough_issuer(over, verdict):
    order = Order("O", "epidemic", "令1号", "county", (MONDAY, "am"), (MONDAY, "pm"), "accepted")
    assert order_verdict(replace(order, **over), DEMO) == verdict


def test_a_record_lies_over_the_half_days_between_its_ends_and_of_these_the_named_ones():
    order = Order("O", "epidemic", "令1号", "county", (MONDAY, "pm"), (WEDNESDAY, "am"), "accepted")
    slip = replace(SLIP, first=order.first, last=order.last)
    sessions = [(day, half) for day in days_between(MONDAY, WEDNESDAY) for half in ("am", "pm")]
    for record in (order, slip):
        assert [at for at in sessions if record.covers(at)] == sessions[1:5]
        assert [at for at in sessions if replace(record, only="am").covers(at)] == [sessions[2], sessions[4]]


def asked(name, day, **over):
    date = dt.date(2026, 11, day)
    decided = {"decision": "approved", "decided_by": "recipient_admin", **over}
    return Correction(name, date, at(date, dt.time(18)), **decided)


@pytest.mark.parametrize(("first", "verdict", "fourth"), [
    ({}, (VALID, ""), (INVALID, "correction_limit")),
    ({"decision": "pending", "decided_by": None}, (PENDING, "decision_pending"), (INVALID, "correction_limit")),
    ({"decision": "refused"}, (INVALID, "correction_refused"), (VALID, "")), ({"own": True}, (INVALID, "correction_refused"), (VALID, "")),
    ({"decided_by": "supporter_admin"}, (INVALID, "correction_refused"), (VALID, "")),
    ({"decided_by": "county_officer"}, (VALID, ""), (INVALID, "correction_limit")),
    ({"outage": True}, (VALID, ""), (VALID, "")),
])  # fmt: skip
def test_three_corrections_a_month_are_granted_and_a_refused_one_uses_none_up(first, verdict, fourth):
    requests = [asked("a", 9, **first), asked("b", 10), asked("c", 11), asked("d", 12), replace(asked("e", 13), date=dt.date(2026, 12, 1))]
    found = correction_verdicts(reversed(requests), DEMO, OFFICIAL)
    assert found == {"a": verdict, "b": (VALID, ""), "c": (VALID, ""), "d": fourth, "e": (VALID, "")}


@pytest.mark.parametrize(("filed", "verdict"), [((19, 23, 59), (VALID, "")), ((20, 0, 0), (INVALID, "correction_late"))])
def test_a_correction_may_be_filed_until_the_end_of_the_third_workday(filed, verdict):
    request = replace(asked("a", 16), filed_at=at(dt.date(2026, 11, filed[0]), dt.time(*filed[1:])))
    assert correction_verdicts([request], DEMO, OFFICIAL) == {"a": verdict}


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
