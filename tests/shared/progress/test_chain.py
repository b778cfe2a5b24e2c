"""Flags that only several facts of a posting show together."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from shared.calendar import at
from tests.shared.progress.graded import Graded
from tests.shared.progress.posted import MONDAY, evening, iso, later


def test_a_body_followed_twice_is_a_fork():
    story = Graded()
    chain = {"device_key": "K", "device_seq": 7}
    story.scan("in", "07:50", device_prev="aa", **chain)
    story.scan("out", "12:05", device_prev="aa", **chain)
    assert story.am().status == "P"
    assert "device_fork" in story.fold(MONDAY).flags


def test_a_number_that_never_came_is_a_mark_after_72_hours():
    story = Graded()
    story.scan("in", "07:50", device_key="K", device_seq=4)
    story.write("diary.submitted", evening(MONDAY), service_date=MONDAY.isoformat(), text="查房", activities=[],
                photo_sha256=[], filed_at=iso(evening(MONDAY)), body={"device_seq": 5})  # fmt: skip
    story.scan("out", "12:05", device_key="K", device_seq=7)
    out = at(MONDAY, dt.time(12, 5))
    assert "device_gap" not in story.fold(MONDAY, out + dt.timedelta(hours=72)).flags
    late = story.fold(MONDAY, out + dt.timedelta(hours=72, seconds=1))
    assert "device_gap" in late.flags
    assert late.halves["am"].grade == "A"  # marks only


def place(lat_e6: int, accuracy_dm: int = 100) -> dict[str, Any]:
    return {"lat_e6": lat_e6, "lon_e6": 108_500_000, "crs": "wgs84", "accuracy_dm": accuracy_dm}


@pytest.mark.parametrize(("time", "accuracy_dm", "raised"), [
    ("08:50", 100, False), ("08:19", 100, True), ("08:19", 300_000, False), ("07:50", 100, True),
])  # fmt: skip
def test_nobody_travels_faster_than_200_km_an_hour(time: str, accuracy_dm: int, raised: bool):
    story = Graded()  # 111.2 km apart: 33 minutes and some
    story.scan("in", "07:50", place=place(31_500_000))
    story.scan("out", time, place=place(32_500_000, accuracy_dm))
    assert ("travel" in story.fold(MONDAY).flags) is raised
    assert (story.am(evening(MONDAY)).grade == "D") is raised


@pytest.mark.parametrize(("dates", "grade"), [(2, "A"), (3, "B")])
def test_a_place_that_never_moves_says_nothing(dates: int, grade: str):
    story = Graded()
    for number in range(dates):
        story.scan("in", "07:50", day=later(MONDAY, number), place=place(31_500_000))
        story.scan("out", "12:05", day=later(MONDAY, number), place=place(31_500_001 + number))
    assert story.am().grade == grade  # the weaker of the two ends
    assert ("loc_constant" in story.fold(MONDAY).flags) is (dates == 3)


@pytest.mark.parametrize(("dates", "minutes", "raised"), [(5, 2.5, True), (5, 2.6, False), (4, 1, False)])
def test_five_dates_filled_in_at_once_are_a_mark(dates: int, minutes: float, raised: bool):
    story = Graded()
    story.morning()
    for number in range(dates):
        filed = evening(later(MONDAY, 7)) + dt.timedelta(minutes=number * minutes)
        story.diary(later(MONDAY, number), "ward_round", filed=filed)
    day = story.fold(MONDAY)
    assert ("burst_entry" in day.flags) is raised
    assert day.halves["am"].grade == "A"  # marks only
