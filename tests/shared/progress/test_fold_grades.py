"""Grades in the fold: each tap by its fact and what came later, each half-day by the weakest tap that bounds it."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from random import Random

import pytest

from shared.calendar import at
from shared.progress.fold import DayFact
from shared.progress.grades import month_open
from tests.shared.official import OFFICIAL
from tests.shared.progress.graded import STRONG, WEAK, Graded, graded_as
from tests.shared.progress.posted import DEMO, MONDAY, Story, evening, later


def test_a_strong_pair_is_attended_and_graded():
    story = Graded()
    story.morning()
    half = story.am()
    assert graded_as(half) == ("A", "A", "A-CODE-GEO")
    assert half.grade_version == "grade-1"


def test_the_weakest_of_the_taps_that_bound_it():
    story = Graded()
    story.scan("in", "07:50")
    story.scan("out", "12:05", {**STRONG, "location": "none"})
    assert graded_as(story.am()) == ("A", "B", "B-CODE")


def test_a_tap_that_bounds_nothing_lowers_nothing():
    story = Graded()
    story.scan("in", "07:50")
    story.scan("in", "08:30", WEAK, "none")
    story.scan("out", "12:05")
    assert graded_as(story.am()) == ("A", "A", "A-CODE-GEO")


def test_the_afternoons_tap_does_not_grade_the_morning():
    story = Graded()
    story.morning()
    story.scan("in", "13:50", {**STRONG, "location": "none"})
    story.scan("out", "17:40", {**STRONG, "location": "none"})
    halves = story.fold(MONDAY).halves
    assert [halves[half].grade for half in ("am", "pm")] == ["A", "B"]


def test_weak_evidence_does_not_count_and_waits_while_window_or_month_is_open():
    story = Graded()
    story.morning(WEAK)
    assert graded_as(story.am(evening(MONDAY))) == ("P", "C", "C-WEAK")
    assert story.am(evening(MONDAY)).pending
    window_over = evening(later(MONDAY, 7))
    assert graded_as(story.am(window_over)) == ("P", "C", "C-WEAK")  # the month is open
    closes = at(dt.date(2026, 12, 3), dt.time(18))
    assert graded_as(story.am(closes - dt.timedelta(seconds=1))) == ("P", "C", "C-WEAK")
    assert graded_as(story.am(closes)) == ("X", "C", "C-WEAK")
    assert story.am(closes).reason == "weak_evidence"


@pytest.mark.parametrize(("month_end", "opened"), [("2026-12-03T17:59:59", True), ("2026-12-03T18:00:00", False)])
def test_the_month_is_open_until_the_third_workday_at_18(month_end: str, opened: bool):
    when = dt.datetime.fromisoformat(month_end)
    assert month_open(DEMO, OFFICIAL, MONDAY, at(when.date(), when.time())) is opened


def test_one_weak_end_keeps_the_half_day_from_counting():
    story = Graded()
    story.scan("in", "07:50")
    story.scan("out", "12:05", WEAK, "poster")
    assert graded_as(story.am()) == ("X", "C", "C-WEAK")
    assert story.am(evening(MONDAY)).status == "P"


def test_a_countersign_of_a_colleague_makes_a_of_b_within_a_day():
    story = Graded()
    story.morning({**STRONG, "location": "none"})
    story.countersign(["e1", "e2"], at(later(MONDAY, 1), dt.time(7)))
    assert graded_as(story.am()) == ("A", "A", "A-CODE-SIGN")


def test_a_late_one_changes_nothing_and_one_from_outside_makes_weak_evidence_count():
    story = Graded()
    story.morning(WEAK)
    story.countersign(["e1", "e2"], at(later(MONDAY, 9), dt.time(9)))
    assert story.am().status == "X"
    story.countersign(["e1", "e2"], at(later(MONDAY, 10), dt.time(9)), "county_officer", "C1")
    assert graded_as(story.am()) == ("A", "C", "C-SIGN-OFF")
    story.countersign(["e2"], at(later(MONDAY, 11), dt.time(9)), "county_officer", "C1", withdrawn=True)
    assert story.am().status == "X"


@pytest.mark.parametrize("over", [{"independent": False}, {"off_rota": False}])
def test_who_is_tied_to_the_record_is_no_witness_from_outside(over: dict[str, bool]):
    story = Graded()
    story.morning(WEAK)
    story.countersign(["e1", "e2"], at(later(MONDAY, 3), dt.time(9)), "county_officer", "C1", **over)
    assert story.am().status == "X"


def test_a_red_flag_waits_for_its_decision():
    story = Graded()
    story.morning(flags=["device_shared"])
    assert graded_as(story.am()) == ("P", "D", "D-FLAG")
    for entry in ("e1", "e2"):
        story.write("flag.decided", evening(MONDAY), target=entry, flag="device_shared", decision="dismissed")
    assert graded_as(story.am()) == ("A", "A", "A-CODE-GEO")


def test_an_upheld_flag_never_counts():
    story = Graded()
    story.morning(flags=["travel"])
    for entry in ("e1", "e2"):
        story.write("flag.decided", evening(MONDAY), target=entry, flag="travel", decision="upheld")
    assert story.am().status == "X"


def objection(story: Graded, role: str, reason: str, decision: str | None = None) -> None:
    for number, entry in enumerate(("e1", "e2")):
        story.write("objection.filed", evening(MONDAY), objection_id=f"b{number}", target=entry, target_kind="entry",
                    reason_code=reason, actor={"person": "x", "role": role})  # fmt: skip
        if decision:
            story.write("objection.decided", evening(later(MONDAY, 3)), objection_id=f"b{number}", decision=decision)


def test_a_dispute_waits_and_decides():
    story = Graded()
    story.morning()
    objection(story, "recipient_admin", "not_present")
    assert graded_as(story.am()) == ("P", "D", "D-OBJECTION")
    upheld, rejected = Graded(), Graded()
    for other, decision, status in ((upheld, "upheld", "X"), (rejected, "rejected", "A")):
        other.morning()
        objection(other, "recipient_admin", "not_present", decision)
        assert other.am().status == status


def test_a_physicians_objection_against_a_low_grade_takes_nothing_away_and_may_make_it_count():
    story = Graded()
    story.morning(WEAK)
    objection(story, "doctor", "grade_low")
    assert graded_as(story.am()) == ("X", "C", "C-WEAK")
    decided = Graded()
    decided.morning(WEAK)
    objection(decided, "doctor", "grade_low", "upheld")
    assert graded_as(decided.am()) == ("A", "C", "C-SIGN-OFF")


def test_an_approved_correction_is_c():
    story = Graded()
    story.scan("in", "07:50")
    story.correction(MONDAY, "missing_out", "12:05")
    assert graded_as(story.am()) == ("A", "C", "C-CORRECTED")
    whole = Graded()
    whole.correction(MONDAY, "missing_in")
    assert graded_as(whole.am()) == ("A", "C", "C-CORRECTED")


def test_the_first_key_is_no_longer_young_once_its_owner_was_seen():
    story = Graded()
    story.morning({**STRONG, "device": "young", "first_key": True})
    assert story.am().grade == "B"
    story.write("posting.arrival_confirmed", evening(MONDAY), date=MONDAY.isoformat(), session="am")
    assert story.am().grade == "A"


# ---- before there were grades


def test_taps_from_before_grades_count_as_they_did():
    story = Story()
    story.present(MONDAY)
    day = story.fold(MONDAY)
    assert [(half.status, half.grade, half.grade_version) for half in day.halves.values()] == [("A", None, None)] * 2
    assert "grade_version" not in day.to_dict()["halves"]["am"]  # so that a rebuild of earlier days finds no difference


def test_a_half_day_with_one_of_them_has_no_grade():
    story = Graded()
    story.tap("in", MONDAY, "07:50")
    story.scan("out", "12:05")
    assert graded_as(story.am()) == ("A", None, None)


def test_graded_days_read_back():
    story = Graded()
    story.morning()
    day = story.fold(MONDAY)
    assert DayFact.from_dict(day.to_dict()) == day


def test_the_order_of_facts_does_not_matter():
    story = Graded()
    story.morning({**STRONG, "location": "none"}, flags=["device_many"])
    story.countersign(["e1"], at(later(MONDAY, 1), dt.time(7)))
    story.countersign(["e1"], at(later(MONDAY, 1), dt.time(7, 5)), withdrawn=True)
    story.countersign(["e1", "e2"], at(later(MONDAY, 1), dt.time(7, 20)), person="W2")
    wanted, rng = story.fold(MONDAY), Random(3)
    for _ in range(20):
        mixed = replace(story, facts=rng.sample(story.facts, len(story.facts)))
        assert mixed.fold(MONDAY) == wanted
    assert wanted.halves["am"].grade == "A"


def test_e10_more_signatures_never_lower_a_half_day():
    for device, location, strength in itertools.product(("ok", "young", "none"), ("inside", "none"), ("fresh", "kiosk", "poster")):
        story = Graded()
        story.morning({**STRONG, "device": device, "location": location}, strength)
        before = story.am()
        story.countersign(["e1", "e2"], at(MONDAY, dt.time(15)), "county_officer", "C1")
        after = story.am()
        assert (after.status == "A") >= (before.status == "A")
        if before.status == "A":
            assert (after.grade or "") <= (before.grade or "")
