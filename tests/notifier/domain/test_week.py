"""D04 and L01: while the week can still be saved."""

import datetime as dt
from dataclasses import replace

import pytest

from notifier.domain import week
from tests.notifier.conftest import wall
from tests.notifier.domain.scene import DIARIES, FRI, MON, THU, TUE, WED, fact, post, weekly


def gaps(today, *states, **more):
    return [(case.step, case.answered) for case in week.gap(post(f"{today}T12:20", states=states, **more), today)]


@pytest.mark.parametrize(("number", "answered"), [
    (3, "done"), (2, "in-time"), (1, None), (0, None),
])  # fmt: skip
def test_on_thursday_noon_three_half_days_are_left(number, answered):
    assert gaps(THU, weekly(number)) == [(1, answered)]


def test_out_of_reach_is_not_sent():
    assert gaps(THU, weekly(0, threshold=4)) == [(1, "out-of-reach")]


@pytest.mark.parametrize(("day", "found"), [(MON, []), (TUE, []), (WED, []), (FRI, [(2, None)])])
def test_only_the_last_two_duty_days_ask(day, found):
    assert gaps(day, weekly(1)) == found


def test_the_words_name_what_is_missing_and_until_when():
    (case,) = week.gap(post("2026-11-26T12:20", states=(weekly(1),)), THU)
    assert (case.words.title, case.words.text, case.due_at) == (
        "本周门诊 1/3", "还差 2 个半天,周五前。点此安排。", wall("2026-11-26T12:20"),
    )  # fmt: skip
    assert case.key == "D04:ZZ-13|posting:P1|2026-W48|1"


def test_a_holiday_week_with_two_duty_days_asks_on_the_first_and_one_of_one_only_in_its_morning():
    # 2026: 1 to 7 October are holidays; Thursday the 8th, Friday the 9th and the make-up Saturday are workdays.
    ends = post("2026-10-08T12:20").terms
    two = replace(ends, end=dt.date(2026, 10, 9))
    state = weekly(0, threshold=2, period="2026-W41")
    assert gaps(dt.date(2026, 10, 8), state, terms=two) == [(1, None)]
    one = replace(ends, end=dt.date(2026, 10, 8))
    assert gaps(dt.date(2026, 10, 8), weekly(0, threshold=1, period="2026-W41"), terms=one) == [(2, None)]


def test_the_leader_reads_who_of_the_team_has_no_diary():
    programme = DIARIES
    leader = post("2026-11-26T12:20", programme=programme, leader=True)
    late = post("2026-11-26T12:20", fact(MON, "attended"), programme=programme)
    done = post("2026-11-26T12:20", fact(MON, "attended", diary={"entry_id": "e"}), programme=programme)
    (case,) = week.team_diaries(leader, [late, done], THU)
    assert (case.words.title, case.words.text, case.answered) == ("本周日志未齐 1 人", "林知远;周五前收齐。", None)
    (case,) = week.team_diaries(leader, [done], THU)
    assert case.answered == "done"
    assert list(week.team_diaries(leader, [late], WED)) == []
