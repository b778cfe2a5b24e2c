"""P4 to P6: nothing on rest days, nothing with a reason on file, and the physician can read each step beforehand."""

import datetime as dt
from dataclasses import replace

import pytest

from notifier.domain import days
from notifier.domain import presence_ladder as ladder
from shared.calendar import days_between
from shared.rules.durations import DAY
from tests.notifier.conftest import wall
from tests.notifier.domain.scene import FRI, MON, SAT, THU, TUE, WED, fact, post

NEXT_MONDAY = dt.date(2026, 11, 30)


def steps(one, today, contact=None):
    found = [*ladder.lines(one, today, ["office"], ["county"]), *ladder.call(one, today, ["office"], contact)]
    return [(case.type, case.person_id, case.period, case.due_at) for case in found if case.answered is None]


def missed(now, *days):
    return post(f"{now}T07:40", *weeks(**dict.fromkeys(map(str, days), "missing")))


def weeks(**words):
    """Two weeks attended, but for these dates."""
    return [fact(day, words.get(str(day), "attended")) for day in days_between(MON - 7 * DAY, NEXT_MONDAY) if day.weekday() < 5]


def test_the_worked_example_of_the_week():
    met = wall("2026-11-24T10:00")
    assert [case[:3] for case in steps(missed(TUE, MON), TUE)] == [("P4", "office", "2026-11-23")]
    assert steps(missed(WED, MON), WED, met) == [("P5", "office", "2026-11-23", wall("2026-11-25T09:40"))]
    assert steps(missed(THU, MON), THU, met) == []


def test_without_contact_the_call_waits_for_the_last_workday_of_the_window():
    assert steps(missed(WED, MON), WED) == []
    assert steps(missed(THU, MON), THU) == [("P5", "office", "2026-11-23", wall("2026-11-26T09:40"))]


def test_a_missed_friday_climbs_over_the_weekend_and_reaches_the_county_with_the_week():
    friday = missed(NEXT_MONDAY, FRI)
    assert [case[:3] for case in steps(friday, NEXT_MONDAY)] == [("P4", "office", f"{FRI}"), ("P6", "county", f"{FRI}")]
    assert steps(friday, SAT) == []
    assert steps(friday, SAT + DAY) == []


@pytest.mark.parametrize("word", ["leave", "pending", "attended"])
def test_a_reason_on_file_skips_every_step(word):
    done = post(f"{TUE}T07:40", *weeks(**{f"{MON}": word}))
    for today in (TUE, WED, THU, NEXT_MONDAY):
        assert steps(done, today, wall("2026-11-24T10:00")) == []


def test_an_absence_that_nobody_explained_reaches_the_county_with_the_week():
    gone = post(f"{NEXT_MONDAY}T07:40", *weeks(**{f"{MON}": "absent"}))
    assert [case[:3] for case in steps(gone, NEXT_MONDAY)] == [("P6", "county", f"{MON}")]


def test_a_note_skips_every_step():
    noted = replace(missed(TUE, MON), noted=frozenset({(MON, "am"), (MON, "pm")}))
    assert steps(noted, TUE) == []


def test_the_physician_reads_the_next_step_before_it_happens():
    assert days.announcement(missed(MON, MON), MON) == "11月24日 08:10 将列入医务科待办"
    assert days.announcement(post("2026-11-24T12:00", fact(MON, "missing")), MON) == "11月25日 09:40 医务科会收到提醒并电话联系"
    assert days.announcement(post("2026-11-26T12:00", fact(MON, "missing")), MON) == ""
    (told,) = days.missed(missed(TUE, MON), TUE)
    assert told.words.why == "11月23日有出诊安排,记录不完整;11月24日 08:10 将列入医务科待办"
