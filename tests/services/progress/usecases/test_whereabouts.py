"""Where a physician is by the fold of the day, in the words of the offices, and the same day in the calendar of a month."""

from __future__ import annotations

import datetime as dt

import pytest

from services.progress.usecases.days_shown import diaries, shown
from services.progress.usecases.whereabouts import HERE, LATER, LEAVE, MISSING, ORDERED, UNSYNCED, place
from shared.calendar import at
from shared.progress.models import Contact
from tests.shared.progress.posted import DEMO, MONDAY, Story

NINE, LATE = at(MONDAY, dt.time(9)), at(MONDAY, dt.time(23))


def phone(*sessions: str) -> Contact:
    return Contact(person_id="D1", device="K", at=NINE, unsent=len(sessions), oldest_at=NINE, sessions=list(sessions))


def where(story: Story, now: dt.datetime = NINE, *phones: Contact) -> tuple[str, str] | None:
    found = place(story.fold(MONDAY, now), DEMO.session_windows, phones, now)
    return (found.state, found.why) if found else None


def test_a_scan_says_where_somebody_is_and_when_they_left():
    story = Story()
    story.tap("in", MONDAY, "07:50")
    assert where(story) == (HERE, "上午 07:50 签到")
    story.tap("out", MONDAY, "12:05")
    assert where(story, at(MONDAY, dt.time(12, 30))) == (HERE, "上午 07:50 签到,12:05 签退")


def test_without_a_scan_leave_orders_and_the_phone_are_asked_before_it_is_unrecorded():
    assert where(Story()) == (MISSING, "上午 还没有记录")
    assert where(Story(), NINE, phone(f"{MONDAY}.am")) == (UNSYNCED, "上午 的记录在手机里,还没有传上来")
    assert where(Story(), NINE, phone(f"{MONDAY}.pm")) == (MISSING, "上午 还没有记录")
    assert where(Story().leave(MONDAY, MONDAY, type="sick")) == (LEAVE, "上午 病假")
    assert where(Story().leave(MONDAY, MONDAY, by=None)) == (LEAVE, "上午 待批")
    assert where(Story().ordered(MONDAY, MONDAY)) == (ORDERED, "上午 政府指令")


def test_before_the_first_half_day_nothing_is_missing_and_on_a_day_off_nobody_is_listed():
    assert where(Story(), at(MONDAY, dt.time(5))) == (LATER, "上午 还没有开始")
    sunday = MONDAY - dt.timedelta(days=1)
    assert place(Story().fold(sunday, LATE), DEMO.session_windows, (), LATE) is None


@pytest.mark.parametrize(("story", "cell"), [
    (Story(), ("上午", "待定", "补签期未过")),
    (Story().present(MONDAY, "am"), ("上午", "在岗", "07:50–12:05")),
    (Story().leave(MONDAY, MONDAY, type="sick"), ("上午", "请假", "病假")),
    (Story().ordered(MONDAY, MONDAY), ("上午", "抽调", "政府指令")),
])  # fmt: skip
def test_the_calendar_says_the_state_of_a_half_day_and_why(story: Story, cell: tuple[str, str, str]):
    found = shown(story.fold(MONDAY, LATE))
    assert (found["label"], found["cells"][0]) == ("11月16日 周一", cell)


def test_a_diary_is_on_time_late_missing_or_still_to_come():
    days = [MONDAY + dt.timedelta(days=number) for number in range(3)]
    story = Story()
    for day in days:
        story.present(day)
    story.diary(days[0])
    story.diary(days[1], filed=at(days[1] + dt.timedelta(days=7), dt.time(9)))
    after = at(days[1] + dt.timedelta(days=8), dt.time(9))
    facts = [story.fold(day, after) for day in days]
    told = [(one["label"], one["state"]) for one in diaries(DEMO, facts, after)]
    assert told == [("按时", "1 篇"), ("11月18日", "未交"), ("11月17日", "迟交")]
    soon = at(days[2], dt.time(18))
    assert diaries(DEMO, facts[2:], soon)[1]["state"].endswith("前交")
    assert diaries(DEMO, [], soon) == []
