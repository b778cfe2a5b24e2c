"""The second look: leave, rest days, 调休, quiet hours, levels and caps decide in one order."""

import datetime as dt
from collections import Counter

import pytest

from notifier.domain import policy, times
from notifier.domain.policy import Pushed, Reader
from notifier.domain.rows import LEVELS, ORDER, ROWS, chosen
from shared.directory import published
from tests.notifier.conftest import wall

CALENDAR = published.calendar()


def decide(row="D03", at="2026-11-24T07:43", useful=24, **more):
    told = {"answered": None, "most": "push", "pushed": Pushed(), **more}
    reader = Reader(CALENDAR, **told.pop("reader", {}))
    found = policy.decide(ROWS[row], now=wall(at), expires_at=wall(at) + dt.timedelta(hours=useful), reader=reader, **told)
    return found.result, found.reason, found.until


@pytest.mark.parametrize(("more", "result", "reason"), [
    ({}, "send", None),
    ({"answered": "done"}, "drop", "done"),
    ({"enabled": False}, "drop", "switched-off"),
    ({"reader": {"covered": True}}, "in_app", "leave"),
    ({"row": "D10", "reader": {"covered": True}}, "send", None),  # a refusal ends the silence: D10 tells it
    ({"reader": {"choices": {"D03": "in_app"}}}, "in_app", "level"),
    ({"reader": {"choices": {"D03": "digest"}}}, "digest", "level"),
    ({"row": "D06", "reader": {"choices": {"D06": "in_app"}}}, "digest", "level"),  # never quieter than the floor
    ({"row": "R04", "most": "digest"}, "digest", "level"),
    ({"row": "S03"}, "digest", "level"),
    ({"row": "R04", "at": "2035-03-01T09:43"}, "digest", "calendar-year"),
    ({"row": "D04", "at": "2035-03-01T12:23"}, "in_app", "calendar-year"),
    ({"useful": -1}, "expire", None),
])  # fmt: skip
def test_the_first_reason_that_holds(more, result, reason):
    assert decide(**more)[:2] == (result, reason)


@pytest.mark.parametrize(("at", "result", "until"), [
    ("2026-11-24T20:59", "send", None), ("2026-11-24T21:00", "postpone", "2026-11-25T07:20"),
    ("2026-11-25T06:59", "postpone", "2026-11-25T07:20"), ("2026-11-25T07:00", "send", None),
])  # fmt: skip
def test_quiet_hours_begin_at_nine_and_end_at_seven(at, result, until):
    assert decide(at=at)[::2] == (result, wall(until) if until else None)


def test_only_what_belongs_to_a_session_passes_the_quiet_hours_inside_it():
    night = "2026-11-24T22:00"
    assert decide("D01", night, reader={"on_duty": True})[0] == "send"
    assert decide("D01", night)[0] == "postpone"
    assert decide("D03", night, reader={"on_duty": True})[0] == "postpone"


@pytest.mark.parametrize(("useful", "found"), [
    (72, ("postpone", "rest-day", wall("2026-11-30T07:20"))), (24, ("in_app", "rest-day", None)),
])  # fmt: skip
def test_on_a_rest_day_a_push_moves_to_the_next_workday_unless_it_would_expire(useful, found):
    assert decide(at="2026-11-28T09:43", useful=useful, reader={"resting": True}) == found


def test_after_the_holiday_comes_the_make_up_saturday():
    found = decide(at="2026-10-05T09:43", useful=240, reader={"resting": True})
    assert found == ("postpone", "rest-day", wall("2026-10-08T07:20"))
    assert times.next_workday_morning(CALENDAR, wall("2026-10-09T20:00")) == wall("2026-10-10T07:20")


def test_of_ten_due_at_once_one_is_pushed_the_first_of_the_order():
    rows = ["D05", "D07", "D11", "D04", "D08", "D09", "D03", "D04", "D05", "D07"]
    due, pushed, told = wall("2026-11-24T07:40"), Pushed(), []
    for n in policy.in_order((row, due, f"{i}") for i, row in enumerate(rows)):
        row = rows[int(n)]
        result, reason, _ = decide(row, pushed=pushed)
        if result == "send":
            pushed.note(row)
        told.append((row, result, reason))
    assert told[0] == ("D03", "send", None)
    assert {(result, reason) for _, result, reason in told[1:]} == {("in_app", "cap-day")}
    assert [row for row, *_ in told] == sorted(rows, key=ORDER.index)


def test_the_fourth_of_a_week_stays_in_the_app_but_continuity_and_results_pass():
    three = Pushed(week=Counter(D03=2, D04=1))
    assert decide("D04", pushed=three)[:2] == ("in_app", "cap-week")
    assert decide("D06", pushed=three)[0] == "send"
    assert decide("D10", pushed=three)[0] == "send"
    counted = Pushed(Counter(D06=1), Counter(D06=1))
    assert decide("D04", pushed=counted)[:2] == ("in_app", "cap-day")
    nudged = Pushed(Counter(X02=1), Counter(X02=1))
    assert decide("D04", pushed=nudged)[:2] == ("in_app", "cap-day")


@pytest.mark.parametrize(("row", "told", "result"), [
    ("D01", Counter(D01=2, D02=1), "in_app"), ("D01", Counter(D01=2), "send"), ("R01", Counter(R01=2), "in_app"),
    ("R04", Counter(S04=1), "in_app"), ("R04", Counter(), "send"),
])  # fmt: skip
def test_caps_of_the_other_classes(row, told, result):
    assert decide(row, pushed=Pushed(told, told))[0] == result


@pytest.mark.parametrize("row", sorted(ROWS))
@pytest.mark.parametrize("choice", [None, *LEVELS])
def test_nobody_reads_a_row_below_its_floor(row, choice):
    level = chosen(ROWS[row], choice)
    assert level in (*ROWS[row].allowed(), ROWS[row].usual)
    assert chosen(ROWS[row], choice) == (choice if choice in ROWS[row].allowed() else level)


@pytest.mark.parametrize("minute", range(60))
@pytest.mark.parametrize("person", ["p1", "p2", "p3", "p4"])
def test_the_spread_is_stable_and_keeps_off_the_full_and_half_hour(minute, person):
    due = wall(f"2026-11-24T09:{minute:02}")
    moved = times.spread(due, person)
    assert moved == times.spread(due, person)
    assert moved.minute % 30 in range(3, 28)
    assert abs(moved - due) < dt.timedelta(minutes=10)
