"""Status of half-days from scans, windows and duty (continuity.md §1)."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.calendar import at
from shared.progress.fold import DayFact, HalfFact
from tests.shared.official import MONDAY_TO_FRIDAY, OFFICIAL
from tests.shared.progress.posted import MONDAY, Story, evening, later, rounds, terms, without_end

SATURDAY = later(MONDAY, 5)


def statuses(fact):
    return tuple(fact.halves[half].status for half in ("am", "pm"))


def reasons(fact):
    return tuple(fact.halves[half].reason for half in ("am", "pm"))


def test_one_pair_over_the_day_attends_both_half_days():
    fact = Story().present(MONDAY).fold(MONDAY)
    assert statuses(fact) == ("A", "A")
    am, pm = fact.halves["am"], fact.halves["pm"]
    assert (am.minutes, pm.minutes, am.clinic_id, am.late) == (240, 210, "A", False)
    assert am.in_at == at(MONDAY, dt.time(7, 50))
    assert pm.out_at == at(MONDAY, dt.time(17, 40))
    assert (am.evidence, am.grade) == (("e1", "e2"), None)
    assert fact.evidence == ("e1", "e2")


def test_a_resident_owes_both_sessions_of_every_workday_and_none_of_a_rest_day():
    assert Story().fold(MONDAY).duty == {"am": True, "pm": True}
    rest = Story().fold(SATURDAY)
    assert (rest.duty, rest.rest_day, statuses(rest)) == ({"am": False, "pm": False}, True, ("", ""))


def test_a_make_up_saturday_is_a_duty_day_and_a_holiday_is_not():
    assert Story().fold(dt.date(2026, 5, 9)).duty["am"]
    assert not Story().fold(dt.date(2026, 5, 4)).duty["am"]


def test_rounds_owe_the_rostered_half_days_only():
    story = Story(rounds())
    assert story.fold(later(MONDAY, 1)).duty == {"am": True, "pm": False}
    assert story.fold(later(MONDAY, 1)).halves["am"].clinic_id == "A"
    assert story.fold(later(MONDAY, 4)).duty == {"am": False, "pm": False}


def test_a_taskforce_owes_no_half_day_and_may_attend_any():
    story = Story(terms(mode="taskforce")).present(MONDAY, "am")
    fact = story.fold(MONDAY)
    assert (fact.duty, statuses(fact)) == ({"am": False, "pm": False}, ("A", ""))


def test_nothing_is_owed_outside_the_posting():
    story = Story(terms(start=MONDAY, end=MONDAY))
    assert story.fold(later(MONDAY, 1)).duty == {"am": False, "pm": False}
    assert story.fold(MONDAY).duty == {"am": True, "pm": True}


def test_g35_weekend_work_is_attended_and_never_duty():
    fact = Story().present(SATURDAY).fold(SATURDAY)
    assert statuses(fact) == ("A", "A")
    assert fact.rest_day
    assert not any(fact.duty.values())


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ([], "no_scan"),
        ([("in", "08:20"), ("out", "11:19")], "short"),
        ([("in", "07:55")], "open"),
        ([("in", "08:00", "A"), ("out", "09:30", "A"), ("in", "10:00", "B"), ("out", "12:00", "B")], "split_session"),
    ],
)
def test_an_absent_half_day_says_why(written, reason):
    story = Story()
    for direction, time, *clinic in written:
        story.tap(direction, MONDAY, time, *clinic)
    fact = story.fold(MONDAY)
    assert (fact.halves["am"].status, fact.halves["am"].reason) == ("X", reason)


def test_a_half_day_is_not_yet_owed_before_its_session_has_ended():
    noon = at(MONDAY, dt.time(12))
    fact = Story().fold(MONDAY, noon)
    assert statuses(fact) == ("P", "")
    assert reasons(fact) == ("window_open", "future")
    assert reasons(Story().fold(MONDAY, noon - dt.timedelta(milliseconds=1))) == ("future", "future")


def test_a_day_to_come_is_never_absent():
    assert statuses(Story().fold(later(MONDAY, 10), evening(MONDAY))) == ("", "")


def test_an_attended_half_day_counts_before_its_session_has_ended():
    story = Story()
    story.tap("in", MONDAY, "07:50")
    story.tap("out", MONDAY, "11:05")
    assert story.fold(MONDAY, at(MONDAY, dt.time(11, 10))).halves["am"].status == "A"


@pytest.mark.parametrize(
    ("as_of", "status"),
    [
        (at(dt.date(2026, 11, 18), dt.time(23, 59, 59)), "P"),  # 24:00 of the 3rd workday after Friday is ahead
        (at(dt.date(2026, 11, 19), dt.time()), "X"),
    ],
)
def test_an_absence_is_pending_while_a_correction_may_still_be_filed(as_of, status):
    friday = dt.date(2026, 11, 13)
    fact = Story().fold(friday, as_of)
    assert statuses(fact) == (status, status)
    assert fact.pending is (status == "P")


def test_the_correction_window_skips_a_holiday():
    wednesday = dt.date(2026, 9, 30)
    assert statuses(Story().fold(wednesday, at(dt.date(2026, 10, 10), dt.time(23)))) == ("P", "P")
    assert statuses(Story().fold(wednesday, at(dt.date(2026, 10, 11), dt.time()))) == ("X", "X")


def test_a_check_in_still_open_is_shown_as_open():
    story = Story()
    story.tap("in", MONDAY, "07:55")
    am = story.fold(MONDAY, at(MONDAY, dt.time(9))).halves["am"]
    assert (am.open, am.in_at, am.out_at, am.status) == (True, at(MONDAY, dt.time(7, 55)), None, "")


def test_yesterdays_forgotten_check_out_does_not_touch_today():
    story = Story()
    story.tap("in", later(MONDAY, -3), "07:55")
    story.present(MONDAY)
    assert statuses(story.fold(MONDAY)) == ("A", "A")
    assert statuses(story.fold(later(MONDAY, -3))) == ("X", "X")


@pytest.mark.parametrize(("utc", "held"), [("15:59:59.999", True), ("16:00:00.000", False)])
def test_a_tap_belongs_to_the_shanghai_date_of_its_time(utc, held):
    story = Story()
    story.write("attendance.recorded", evening(MONDAY), direction="in", clinic_id="A", flags=[],
                service_date=MONDAY.isoformat(), effective_at=f"{MONDAY}T{utc}Z")  # fmt: skip
    fact = story.fold(MONDAY)
    assert any(half.in_at for half in fact.halves.values()) is held


def test_late_is_reported_and_does_not_undo_attendance():
    story = Story()
    story.tap("in", MONDAY, "08:31")
    story.tap("out", MONDAY, "12:00")
    am = story.fold(MONDAY).halves["am"]
    assert (am.status, am.late) == ("A", True)


def test_a_year_without_calendar_makes_the_day_provisional():
    assert Story(without_end(terms())).fold(dt.date(2027, 1, 4)).provisional
    assert not Story().fold(MONDAY).provisional
    assert Story().fold(MONDAY, calendar=MONDAY_TO_FRIDAY).provisional


def test_folding_twice_and_from_json_gives_the_same():
    story = Story().present(MONDAY).leave(MONDAY, MONDAY)
    story.outpatient(MONDAY, "am")
    story.diary(MONDAY, "ward_round")
    fact = story.fold(MONDAY)
    assert story.fold(MONDAY) == fact
    assert DayFact.from_dict(fact.to_dict()) == fact
    assert HalfFact.from_dict(fact.halves["am"].to_dict()) == fact.halves["am"]


@given(st.integers(0, 10_000))
def test_the_order_of_facts_and_repeats_change_nothing(seed):
    story = (
        Story()
        .present(MONDAY, "am")
        .leave(MONDAY, MONDAY, from_session="pm")
        .ordered(later(MONDAY, 1), later(MONDAY, 2))
    )
    story.outpatient(MONDAY, "am")
    story.outpatient(MONDAY, "am", visits=25, supersedes="e7")
    story.diary(MONDAY, "ward_round")
    story.diary(MONDAY, "teaching_round")
    story.correction(MONDAY, "missing_in", "13:50")
    expected = story.fold(MONDAY)
    shuffled = Story(story.posting, story.facts + story.facts[:3])
    random.Random(seed).shuffle(shuffled.facts)
    assert shuffled.fold(MONDAY) == expected


def test_facts_of_other_days_do_no_harm():
    alone = Story().present(MONDAY).fold(MONDAY)
    story = Story().present(MONDAY)
    for days in (-1, 1, 7):
        story.present(later(MONDAY, days)).outpatient(later(MONDAY, days), "am")
    assert story.fold(MONDAY) == alone


def test_the_official_calendar_is_the_ground_of_these_tests():
    assert OFFICIAL.workdays(MONDAY, later(MONDAY, 6)) == [later(MONDAY, n) for n in range(5)]
