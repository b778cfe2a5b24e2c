"""D03, D05, D08: what one day leaves to do on the next."""

import datetime as dt

import pytest

from notifier.domain import days
from tests.notifier.conftest import wall
from tests.notifier.domain.scene import DIARIES, FRI, MON, SAT, THU, TUE, WED, fact, post, slip


def owed(cases):
    return [(case.type, case.step, case.due_at, case.words.title) for case in cases if case.answered is None]


@pytest.mark.parametrize(("am", "pm", "title"), [
    ("missing", "attended", "11月23日上午未记录到签到"),
    ("attended", "open", "11月23日下午未记录到签退"),
    ("missing", "missing", "11月23日全天未记录到签到"),
    ("attended", "attended", None), ("leave", "leave", None), ("pending", "pending", None), ("absent", "absent", None),
])  # fmt: skip
def test_a_missed_day_is_told_on_the_next_duty_day(am, pm, title):
    found = owed(days.missed(post("2026-11-24T07:40", fact(MON, am, pm), corrections_left=2), TUE))
    assert found == ([("D03", 1, wall("2026-11-24T07:40"), title)] if title else [])


def test_its_text_says_until_when_and_how_often():
    (case,) = days.missed(post("2026-11-24T07:40", fact(MON, "missing"), corrections_left=2), TUE)
    assert case.words.text == "11月26日 24:00 前可申请补签,本月还可 2 次;当时请假请补交请假单。"
    assert case.key == "D03|posting:P1|2026-11-23|1"


def test_friday_is_named_on_monday_and_nothing_is_said_on_the_rest_days():
    friday = dt.date(2026, 11, 20)
    before = post("2026-11-23T07:40", fact(friday, "missing"))
    assert [title for *_, title in owed(days.missed(before, MON))] == ["11月20日全天未记录到签到"]
    for rest in (dt.date(2026, 11, 21), dt.date(2026, 11, 22)):
        assert list(days.missed(before, rest)) == []


def test_a_supervisors_note_explains_the_day():
    noted = frozenset({(MON, "am"), (MON, "pm")})
    (case,) = days.missed(post("2026-11-24T07:40", fact(MON, "missing"), noted=noted), TUE)
    assert case.answered == "explained"


@pytest.mark.parametrize(("diary", "now", "answered"), [
    (None, "2026-11-23T20:25", None), ({"entry_id": "e"}, "2026-11-23T20:25", "filed"), (None, "2026-11-25T17:31", "past"),
])  # fmt: skip
def test_a_diary_is_asked_for_in_the_app_first_and_pushed_the_next_day(diary, now, answered):
    attended = post(now, fact(MON, "attended", diary=diary), programme=DIARIES)
    (evening,) = days.diary(attended, MON)
    (next_day,) = days.diary(attended, TUE)
    assert (evening.step, evening.due_at, evening.most, evening.answered) == (1, wall("2026-11-23T20:25"), "in_app", answered)
    assert (next_day.step, next_day.due_at, next_day.most) == (2, wall("2026-11-24T17:40"), "push")
    assert next_day.words.text == "11月25日 17:30 前提交算按时,3–5 句即可。"


@pytest.mark.parametrize(("today", "decision", "found"), [
    (THU, "approved", [None]), (THU, "pending", ["not-approved"]), (WED, "approved", []), (FRI, "approved", []), (SAT, "approved", []),
])  # fmt: skip
def test_the_first_duty_day_after_leave(today, decision, found):
    back = post(f"{today}T07:20", slips=(slip("2026-11-23", "2026-11-25", decision),))
    assert [case.answered for case in days.back(back, today)] == found
