"""X01: its exact words, short enough for every channel, and until when a notice is one."""

from __future__ import annotations

import datetime as dt

import pytest

from notifier.domain import spot_check
from notifier.domain.wording import TITLE_CHARACTERS
from shared.attendance.spot import ANSWER, Window

ISSUED = dt.datetime(2026, 11, 23, 2, 12, tzinfo=dt.UTC)
WINDOW = Window(ISSUED, ISSUED + ANSWER, ISSUED + dt.timedelta(hours=2))


def test_the_words_are_those_of_the_list():
    words = spot_check.words("check-1", WINDOW, spot_check.why("drawn"))
    assert words.title == "抽查:请在 30 分钟内应答"
    assert words.text == '10:42 前扫门诊码应答;正在接诊请点"正在接诊/抢救",12:42 前都可以点。'
    assert (words.url, spot_check.subject("check-1")) == ("/app/spot/check-1", "spot:check-1")
    assert len(words.title) <= TITLE_CHARACTERS


@pytest.mark.parametrize("origin", ["drawn", "random", "named"])
def test_each_origin_says_why(origin):
    assert "抽查" in spot_check.why(origin)


@pytest.mark.parametrize(("minutes", "is_one"), [(0, True), (5, True), (5.1, False), (30, False)])
def test_a_notice_that_leaves_too_little_time_is_none(minutes, is_one):
    assert spot_check.in_time(WINDOW, ISSUED + dt.timedelta(minutes=minutes)) is is_one
