"""The words are exact, short enough for every channel, and change no key."""

import datetime as dt

import pytest

from notifier.domain import check_in, check_out
from notifier.domain.case import Case
from notifier.domain.wording import LINE_CHARACTERS, TITLE_CHARACTERS, period, subject
from shared.attendance.session import SessionWindows

WINDOWS = SessionWindows((dt.time(8), dt.time(12)), (dt.time(14), dt.time(17, 30)), 180, 30)
DAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(("row", "half", "title", "text"), [
    (check_in, "am", "上午还没有签到记录", "到院后扫门诊的码即可。已签到请点此查看。"),
    (check_in, "pm", "下午还没有签到记录", "到院后扫门诊的码即可。已签到请点此查看。"),
    (check_out, "pm", "下午还没有签退", "离开前扫门诊的码签退。已离开可申请补签。"),
])  # fmt: skip
def test_session_rows_read_exactly_as_written(row, half, title, text):
    words = row.words(WINDOWS, DAY, half)
    assert (words.title, words.text) == (title, text)
    assert len(words.title) <= TITLE_CHARACTERS
    assert len(words.text) <= LINE_CHARACTERS
    assert "!" not in words.title + words.text + words.why
    assert "!" not in words.title + words.text + words.why


def test_why_names_the_session_and_its_beginning():
    assert check_in.words(WINDOWS, DAY, "pm").why == "11月23日下午有出诊安排,14:00 开始后 15 分钟没有签到记录"


@pytest.mark.parametrize(("rule", "key"), [
    (None, "D01|posting:0193|2026-11-23.am|1"), ("ZZ-13", "D01:ZZ-13|posting:0193|2026-11-23.am|1"),
])  # fmt: skip
def test_the_key_is_that_of_the_design(rule, key):
    due, words = check_in.due_at(WINDOWS, DAY, "am"), check_in.words(WINDOWS, DAY, "am")
    assert Case("D01", "person", subject("0193"), period(DAY, "am"), 1, due, words, rule_id=rule).key == key
