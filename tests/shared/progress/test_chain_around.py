"""Flags look at the person across postings and over the month's edge; figures do not."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from shared.calendar import at
from shared.progress.fold import Facts, fold_day
from tests.shared.official import OFFICIAL
from tests.shared.progress.graded import Graded
from tests.shared.progress.posted import DEMO, LONG_AFTER, evening, later, terms

LAST = dt.date(2026, 11, 30)
"""A Monday; the next day is another month."""


def place(lat_e6: int) -> dict[str, Any]:
    return {"lat_e6": lat_e6, "lon_e6": 108_500_000, "crs": "wgs84", "accuracy_dm": 100}


def folded(own: Graded, other: Graded, day: dt.date = LAST) -> Any:
    """The day of `own`, with what the same person recorded elsewhere around it."""
    around = [fact.__class__(f"o{fact.entry_id}", *list(vars(fact).values())[1:]) for fact in other.facts]
    return fold_day(DEMO, OFFICIAL, own.posting, Facts.of(own.facts, around), day, LONG_AFTER)


def elsewhere() -> Graded:
    return Graded(terms(id="P2"))


@pytest.mark.parametrize(("lat", "raised"), [(31_500_010, False), (33_500_000, True)])
def test_travel_is_seen_between_two_postings(lat: int, raised: bool):
    own, other = Graded(), elsewhere()
    own.scan("in", "07:50", day=LAST, place=place(31_500_000))
    own.scan("out", "12:05", day=LAST, place=place(31_500_001))
    other.scan("in", "12:30", day=LAST, place=place(lat))
    found = folded(own, other)
    assert ("travel" in found.flags) is raised
    assert found.halves["am"].minutes == (0 if raised else 240)  # nothing of the other posting is counted here


def test_one_point_on_three_dates_is_seen_over_the_edge_of_a_month_and_across_postings():
    own, other = Graded(), elsewhere()
    for way, time, number in (("in", "07:50", 0), ("out", "12:05", 1)):
        own.scan(way, time, day=LAST, place=place(31_500_000 + number))
    for number in (1, 2):
        other.scan("in", "07:50", day=later(LAST, number), place=place(31_500_000))
    assert "loc_constant" in folded(own, other).flags
    far = elsewhere()
    for number in (15, 16):
        far.scan("in", "07:50", day=later(LAST, number), place=place(31_500_000))
    assert "loc_constant" not in folded(own, far).flags


def test_a_burst_over_the_edge_of_a_month_is_seen_on_both_sides():
    own, other = Graded(), elsewhere()
    own.morning(day=LAST)
    filed = evening(later(LAST, 3))
    own.diary(LAST, "ward_round", filed=filed)
    for number in range(1, 5):
        other.diary(later(LAST, number), "ward_round", filed=filed + dt.timedelta(minutes=number))
    assert "burst_entry" in folded(own, other).flags
    other.facts.pop()
    assert "burst_entry" not in folded(own, other).flags


def test_a_phone_that_signs_for_two_postings_leaves_no_gap():
    own, other = Graded(), elsewhere()
    own.scan("in", "07:50", day=LAST, device_key="K", device_seq=4, body={"device_seq": 4})
    other.write("diary.submitted", at(LAST, dt.time(9)), service_date=LAST.isoformat(), text="查房", activities=[], photo_sha256=[],
                body={"device_seq": 5})  # fmt: skip
    own.scan("out", "12:05", day=LAST, device_key="K", device_seq=6, body={"device_seq": 6})
    assert "device_gap" in folded(own, elsewhere()).flags
    assert "device_gap" not in folded(own, other).flags
