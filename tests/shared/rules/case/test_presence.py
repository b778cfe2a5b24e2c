"""Where a physician was: scans and corrections of one date paired, and what each of them supplies."""

from __future__ import annotations

import pytest

from tests.shared.rules.case_files import MONDAY, POSTING, correction, explained, halves, scan

TWO = {**POSTING, "clinics": ["C1", "C2"]}
ABSENT, PRESENT = ("X", None), ("A", "C1")


def test_a_correction_supplies_the_time_a_scan_lacks_though_another_scan_is_whole():
    morning, afternoon = scan("08:00", "12:00"), scan("14:00", None)
    assert halves(MONDAY, events=[morning, afternoon]) == [PRESENT, ABSENT]
    assert halves(MONDAY, events=[morning, afternoon, correction(out="17:30")]) == [PRESENT, PRESENT]


def test_a_correction_supplies_either_time_and_the_one_it_tells_must_fit():
    assert halves(MONDAY, events=[scan(None, "12:00"), correction(**{"in": "08:00"})]) == [PRESENT, ABSENT]
    assert halves(MONDAY, events=[scan(None, "12:00"), correction(out="12:30")]) == [ABSENT, ABSENT]
    assert halves(MONDAY, events=[scan("14:00", None), correction(out="12:00")]) == [ABSENT, ABSENT]
    assert halves(MONDAY, events=[scan(None, "12:00", clinic="C2"), correction(**{"in": "08:00"})], postings=[TWO]) == [ABSENT, ABSENT]


def test_of_two_scans_that_lack_a_time_the_earlier_is_supplied():
    events = [{"id": "b", **scan("08:00", None)}, {"id": "a", **scan("14:00", None)}]
    assert halves(MONDAY, events=[*events, correction(out="12:00")]) == [PRESENT, ABSENT]
    assert halves(MONDAY, events=[*events, correction(out="17:30")])[0] == PRESENT


def test_a_correction_with_both_times_is_a_pair_and_with_a_half_that_half_day():
    assert halves(MONDAY, events=[correction(**{"in": "07:50", "out": "17:40"})]) == [PRESENT, PRESENT]
    assert halves(MONDAY, events=[correction(half="pm")]) == [ABSENT, PRESENT]
    assert halves(MONDAY, events=[correction(half="both")]) == [PRESENT, PRESENT]


@pytest.mark.parametrize(("events", "days"), [
    ([scan("08:00", "12:00"), scan("14:00", "17:30")], 0), ([scan("08:00", None), scan("14:00", "17:30"), correction(out="12:00")], 1),
    ([correction(**{"in": "07:50", "out": "17:40"})], 1), ([correction(half="both")], 1),
])  # fmt: skip
def test_a_day_attended_by_a_correction_is_marked_as_such(events, days):
    found = explained(events=events, questions=[{"ask": "continuity", "rule": "ZZ-37"}])["answers"][0]
    assert found["flags"] == [f"corrections:{days}"] * bool(days)


def test_a_correction_gives_a_weak_scan_its_minutes():
    weak = scan("08:00", None, grade="C")
    assert halves(MONDAY, events=[weak, correction(out="12:00")]) == [PRESENT, ABSENT]


def test_a_correction_is_known_from_the_minute_it_is_filed():
    asked = [{"kind": "absent", "date": MONDAY}, correction(half="am")]
    question = [{"ask": "continuity", "rule": "ZZ-37"}]
    found = [explained(events=asked, as_of=at, questions=question)["answers"][0]["lines"] for at in ("2026-04-14T08:59", "2026-04-14T09:00")]
    assert [[(line["from_half"], line["status"]) for line in lines if line["from"] == MONDAY] for lines in found] == [[("am", "P")], [("pm", "P")]]
