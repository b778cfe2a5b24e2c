"""Whether a seat was filled on every duty half-day, by holders and registered substitutes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.rules.continuity import evaluate as continuity
from shared.rules.coverage import Substitution, evaluate, seat_history
from shared.rules.history import Half, History
from tests.factories.service import ZHONGZHAN, absent, day, history, instant, leave, pending, posting
from tests.shared.rules.golden_cases import official

CALENDAR = official()
SPRING = ("2026-03-02", "2026-09-01")
WEEK = [leave("2026-04-13", "2026-04-17")]


def holder(start, end, spells=(), as_of=None, **keys):
    one = posting(start, end, **{"id": f"P-{start}", "person_id": f"D-{start}", "seat_id": "T1", **keys})
    return history(CALENDAR, one, spells=spells, as_of=as_of)


def stand_in(first, last, who="B", clinic="C1", as_of=None):
    """Somebody without a posting there, attended on the workdays of these dates."""
    days = CALENDAR.workdays(day(first), day(last))
    halves = tuple(Half(date, half, "", False, "A", clinic=clinic) for date in days for half in ("am", "pm"))
    return History(who, (), halves, instant(as_of) if as_of else None)


def registered(first, last, who="B", seat="T1"):
    return Substitution(seat, who, None, (day(first), "am"), (day(last), "pm"))


def covered(*histories, by=(), span=SPRING, max_gap=0):
    return evaluate("T1", histories, by, ZHONGZHAN, CALENDAR, day(span[0]), day(span[1]), max_gap)


@pytest.mark.parametrize(("second", "gap", "result"), [("2026-06-22", 0, "met"), ("2026-06-23", 2, "not_met")])
def test_g15_a_handover_over_the_dragon_boat_holiday_leaves_no_gap(second, gap, result):
    found = covered(holder("2026-03-02", "2026-06-18"), holder(second, "2026-09-01"))
    assert (found.duty - found.covered, found.result, found.duty) == (gap, result, 256)


def test_g22_a_registered_substitute_fills_the_seat_and_the_absent_physician_keeps_the_leave():
    absent_one = holder(*SPRING, spells=WEEK)
    found = covered(absent_one, stand_in("2026-04-13", "2026-04-17"), by=[registered("2026-04-13", "2026-04-17")])
    assert (found.result, found.gaps, found.substitutes) == ("met", (), (("B", 10),))
    own = continuity(absent_one, ZHONGZHAN, CALENDAR, months=6, scope="recipient")
    assert (own.met_on, own.segments[0].half_days["attended"], own.segments[0].half_days["credited"]) == (day("2026-09-01"), 246, 256)


def test_a_seat_nobody_holds_has_no_half_day_to_fill():
    found = covered(holder(*SPRING, seat_id="T2"), max_gap=3)
    assert (found.result, found.duty, found.covered, found.gaps, found.max_gap) == ("not_applicable", 0, 0, (), 3)


def test_g22b_without_a_substitute_the_week_is_one_gap():
    (gap,) = covered(holder(*SPRING, spells=WEEK)).gaps
    assert gap.to_dict() == {"from": "2026-04-13", "from_half": "am", "to": "2026-04-17", "to_half": "pm", "half_days": 10}


@pytest.mark.parametrize(
    ("where", "record"),
    [
        ("C1", []), ("C9", [registered("2026-04-13", "2026-04-17")]),  # at a clinic the seat does not have
        ("C1", [registered("2026-04-13", "2026-04-17", seat="T2")]), ("C1", [registered("2026-04-13", "2026-04-17", who="E")]),
    ],
)  # fmt: skip
def test_who_is_not_registered_for_this_seat_or_works_elsewhere_does_not_fill_it(where, record):
    found = covered(holder(*SPRING, spells=WEEK), stand_in("2026-04-13", "2026-04-17", clinic=where), by=record)
    assert (found.duty - found.covered, found.substitutes) == (10, ())


def test_a_substitute_beside_a_holder_who_is_there_fills_nothing():
    found = covered(holder(*SPRING), stand_in("2026-04-13", "2026-04-17"), by=[registered("2026-04-13", "2026-04-17")])
    assert (found.result, found.substitutes) == ("met", ())


def test_a_gap_within_the_limit_is_met():
    away = holder(*SPRING, spells=[absent("2026-04-13", half="am")])
    assert [covered(away, max_gap=limit).result for limit in (0, 1)] == ["not_met", "met"]


def test_pending_half_days_give_two_readings():
    found = covered(holder(*SPRING, spells=[pending("2026-04-13")]))
    assert (found.result, found.best, found.worst, found.covered) == ("provisional", "met", "not_met", 254)


def test_half_days_to_come_are_neither_duty_nor_gap():
    found = covered(holder(*SPRING, as_of="2026-04-13T12:30"))
    assert (found.result, found.duty, found.gaps) == ("open", 59, ())
    missed = covered(holder(*SPRING, spells=[absent("2026-04-10")], as_of="2026-04-13T12:30"))
    assert (missed.result, missed.duty - missed.covered) == ("not_met", 2)


def test_a_seat_nobody_ever_held_is_not_concerned():
    assert covered(stand_in("2026-04-13", "2026-04-17")).result == "not_applicable"


def rounds(start, end):
    days = [date for date in CALENDAR.workdays(day(start), day(end)) if date.weekday() == 0]
    return holder(start, end, mode="rounds", roster={(date, "am"): "C1" for date in days})


@pytest.mark.parametrize(("second", "gap"), [("2026-06-08", 0), ("2026-06-16", 2)])
def test_between_two_holders_the_roster_of_the_one_who_left_goes_on(second, gap):
    found = covered(rounds("2026-03-02", "2026-06-05"), rounds(second, "2026-09-01"))
    assert found.duty - found.covered == gap


# --- the seat as if it were one physician


def seat(*histories, by=(), span=("2026-01-05", "2026-12-31")):
    made = seat_history("T1", histories, by, ZHONGZHAN, CALENDAR, day(span[0]), day(span[1]))
    return continuity(made, ZHONGZHAN, CALENDAR, months=12, scope="team_slot")


def test_a_seat_filled_by_two_holders_on_end_is_one_segment_with_both_postings():
    found = seat(holder("2026-01-01", "2026-06-30"), holder("2026-07-01", "2026-12-31"), span=("2026-01-01", "2026-12-31"))
    assert (found.result, found.met_on, found.segments[0].postings) == ("met", day("2026-12-31"), ("P-2026-01-01", "P-2026-07-01"))


def test_rotation_from_one_holder_to_the_next_is_not_early_for_the_seat():
    first = holder("2026-01-01", "2026-06-30", end_reason="rotation")
    assert seat(first, span=("2026-01-01", "2026-06-30")).flags == ()


@pytest.mark.parametrize(("second", "segments"), [("2026-07-03", 1), ("2026-07-06", 2)])
def test_an_empty_seat_is_absent_and_three_workdays_break_it(second, segments):
    found = seat(holder("2026-01-01", "2026-06-30"), holder(second, "2026-12-31"), span=("2026-01-01", "2026-12-31"))
    assert len(found.segments) == segments
    assert found.segments[0].half_days["absent"] == (4 if segments == 1 else 0)


def test_leave_of_a_holder_leaves_the_seat_empty_unless_it_is_filled():
    on_leave = holder("2026-01-01", "2026-12-31", spells=[leave("2026-04-13", "2026-04-14")])
    empty, span = seat(on_leave, span=("2026-01-01", "2026-12-31")), ("2026-01-01", "2026-12-31")
    assert (empty.segments[0].half_days["absent"], empty.segments[0].half_days["leave"], empty.result) == (4, 0, "not_met")
    filled = seat(on_leave, stand_in("2026-04-13", "2026-04-14"), by=[registered("2026-04-13", "2026-04-14")], span=span)
    assert (filled.result, filled.segments[0].half_days["attended"]) == ("met", 496)


def test_a_seat_with_a_running_holder_is_open_and_projected():
    found = seat(holder("2026-01-01", "2026-12-31", as_of="2026-06-30T18:00"), span=("2026-01-01", "2026-12-31"))
    assert (found.result, found.segments[0].projected_on) == ("open", day("2026-12-31"))


def test_the_order_of_holders_changes_nothing():
    both = [holder("2026-01-01", "2026-06-30"), holder("2026-07-03", "2026-12-31")]
    first, second = (seat(*found, span=("2026-01-01", "2026-12-31")) for found in (both, both[::-1]))
    assert first == replace(second)
