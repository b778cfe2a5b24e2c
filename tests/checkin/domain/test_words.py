"""The sentences of a verdict."""

from __future__ import annotations

import datetime as dt

import pytest

from checkin.domain import words
from checkin.usecases.page import USUAL
from shared.attendance.flags import RED


@pytest.mark.parametrize(("strength", "flags", "line"), [
    ("fresh", (), "证据较充分:扫到的是现场当时的码"),
    ("poster", (), "证据较弱,已计入:只有固定海报的码"),
    ("poster", ("code_unverified",), "证据较弱,已计入:只有固定海报的码;8 位码没有对上"),
    ("fresh", ("code_foreign", "clock_skew"), "有疑点,处理前暂不计入:不是您派驻医疗点的码。您可以补充说明"),
])  # fmt: skip
def test_evidence_line(strength: str, flags: tuple[str, ...], line: str) -> None:
    assert words.evidence_line(strength, flags) == line


def test_every_red_flag_of_a_tap_has_words() -> None:
    assert words.RED.keys() == RED - {"spot_missed"}  # that one belongs to a half-day, not to a tap


def test_times_are_written_for_shanghai() -> None:
    instant = dt.datetime(2026, 11, 22, 23, 52, 4, tzinfo=dt.UTC)
    assert words.now_text(instant) == "11月23日 周一 07:52"
    assert words.time_text(instant) == "07:52:04"


@pytest.mark.parametrize(("hour", "outside"), [(6, True), (7, False), (12, False), (13, False), (18, False), (19, True)])
def test_outside_sessions_with_an_hour_around(hour: int, outside: bool) -> None:
    instant = dt.datetime(2026, 11, 23, hour, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    assert words.outside_sessions(USUAL, instant, dt.timedelta(hours=1)) is outside
