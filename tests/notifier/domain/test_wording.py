"""The words are exact, short enough for every channel, and change no key."""

import datetime as dt

import pytest

from notifier.domain.wording import LINE_CHARACTERS, TITLE_CHARACTERS, check_in, key
from shared.attendance.session import SessionWindows

WINDOWS = SessionWindows((dt.time(8), dt.time(12)), (dt.time(14), dt.time(17, 30)), 180, 30)
DAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(("half", "title"), [("am", "上午还没有签到记录"), ("pm", "下午还没有签到记录")])
def test_d01_reads_exactly_as_written(half, title):
    words = check_in(WINDOWS, DAY, half)
    assert words.title == title
    assert words.text == "到院后扫门诊的码即可。已签到请点此查看。"
    assert len(words.title) <= TITLE_CHARACTERS
    assert len(words.text) <= LINE_CHARACTERS
    assert "!" not in words.title + words.text + words.why
    assert "!" not in words.title + words.text + words.why


def test_why_names_the_session_and_its_beginning():
    assert check_in(WINDOWS, DAY, "pm").why == "11月23日下午有出诊安排,14:00 开始后 15 分钟没有签到记录"


def test_the_key_is_that_of_the_design():
    assert key("D01", "0193", DAY, "am") == "D01|posting:0193|2026-11-23.am|1"
