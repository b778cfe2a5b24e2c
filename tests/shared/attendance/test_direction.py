"""In or out is derived from the day's windows and taps, never from the last record."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from shared.attendance.session import SessionWindows, is_open, label, next_direction, turning_points
from tests.shared.attendance.taps import DAY, WINDOWS, clock, taps

TABLE = json.loads((Path(__file__).parent / "directions.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("row", TABLE["rows"], ids=lambda row: f"{row['at']}-{'open' if row['open'] else 'shut'}")
def test_the_button_follows_the_table(row):
    moment = clock(row["at"])
    earlier = taps("in 00:00") if row["open"] else []
    assert next_direction(WINDOWS, earlier, moment) == (row["direction"], row["session"])


def test_the_table_is_that_of_the_shipped_windows():
    windows = {half: [f"{time:%H:%M}" for time in WINDOWS.of(half)] for half in ("am", "pm")}
    assert windows == TABLE["windows"]
    assert [f"{point:%H:%M}" for point in turning_points(WINDOWS)] == ["10:00", "13:00", "15:45"]


def test_u01_a_forgotten_check_out_yesterday_changes_nothing_today():
    yesterday = taps("in 07:55", day=DAY - dt.timedelta(days=1))
    for row in TABLE["rows"]:
        moment = clock(row["at"])
        assert next_direction(WINDOWS, yesterday, moment) == next_direction(WINDOWS, [], moment)


def test_the_first_action_of_a_day_is_a_check_in_until_the_middle_of_the_afternoon():
    assert next_direction(WINDOWS, [], clock("08:00"))[0] == "in"
    assert next_direction(WINDOWS, [], clock("15:44"))[0] == "in"


def test_just_after_midnight_the_evening_before_is_another_day():
    evening = taps("in 23:50", day=DAY - dt.timedelta(days=1))
    assert next_direction(WINDOWS, evening, clock("00:00")) == ("in", "am")


def test_a_tap_that_is_later_than_now_is_not_looked_at():
    assert next_direction(WINDOWS, taps("in 07:50", "out 12:05"), clock("11:00"))[0] == "out"


def test_turning_points_follow_other_windows():
    early = SessionWindows((dt.time(7, 30), dt.time(11)), (dt.time(13), dt.time(17)), 180, 30)
    assert [f"{point:%H:%M}" for point in turning_points(early)] == ["09:15", "12:00", "15:00"]
    assert next_direction(early, [], clock("12:00")) == ("in", "pm")


@pytest.mark.parametrize(
    ("written", "opened"),
    [
        ([], False),
        (["in 07:50"], True),
        (["in 07:50", "out 12:00"], False),
        (["out 12:00", "in 07:50"], False),  # order of arrival does not matter
        (["in 07:50", "out 12:00", "in 13:50"], True),
        (["out 12:00"], False),
        (["in 07:50", "in 08:10"], True),
    ],
)
def test_open_means_an_in_without_a_later_out(written, opened):
    assert is_open(taps(*written)) is opened


def test_labels_name_action_and_session():
    assert [label(d, s) for d in ("in", "out") for s in ("am", "pm")] == [
        "签到(上午)", "签到(下午)", "签退(上午)", "签退(下午)",
    ]  # fmt: skip


def test_there_is_no_label_for_anything_else():
    with pytest.raises(KeyError):
        label("in", "evening")
