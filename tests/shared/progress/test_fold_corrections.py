"""Corrections, flags and flips: what people decide about scans."""

from __future__ import annotations

import datetime as dt

import pytest

from shared.calendar import at
from tests.shared.progress.posted import MONDAY, Story, evening, later, seen

# ---- corrections


def forgot_to_leave(**over):
    story = Story()
    story.tap("in", MONDAY, "07:55")
    story.correction(MONDAY, "missing_out", "12:00", **over)
    return story


def test_g23_a_correction_filed_on_the_third_workday_is_attended():
    story = forgot_to_leave(filed=at(later(MONDAY, 3), dt.time(23, 59, 59)))
    assert seen(story) == ("A", None)
    fact = story.fold(MONDAY)
    assert (fact.corrections, fact.halves["am"].corrected, fact.halves["am"].minutes) == (1, True, 240)
    assert set(fact.halves["am"].evidence) == {"e1", "e2", "e3"}


def test_g23_filed_on_the_fourth_workday_it_is_absent():
    story = forgot_to_leave(filed=at(later(MONDAY, 4), dt.time()))
    assert seen(story) == ("X", "correction_late")
    assert story.fold(MONDAY).corrections == 0


def test_a_correction_awaiting_its_decision_keeps_the_half_day_pending_after_the_window():
    story = forgot_to_leave(decision=None)
    assert seen(story) == ("P", "decision_pending")
    assert story.fold(MONDAY).halves["am"].pending


@pytest.mark.parametrize(
    ("over", "expected"),
    [
        ({"decision": "rejected"}, ("X", "correction_refused")),
        ({"by": "supporter_admin"}, ("X", "correction_refused")),  # not a role that decides corrections
        ({"by": "county_officer"}, ("A", None)),
        ({"judge": "D1"}, ("X", "correction_refused")),  # by oneself
    ],
)
def test_a_correction_counts_when_another_with_the_right_role_approved_it(over, expected):
    assert seen(forgot_to_leave(**over)) == expected


def test_the_fourth_correction_of_a_month_is_over_the_limit():
    story = Story()
    days = [MONDAY, *(later(MONDAY, n) for n in (1, 2, 3))]
    for day in days:
        story.tap("in", day, "07:55")
        story.correction(day, "missing_out", "12:00")
    assert [seen(story, day) for day in days] == [("A", None)] * 3 + [("X", "correction_limit")]


def test_refused_and_outage_corrections_do_not_use_up_the_limit():
    story = Story()
    days = [later(MONDAY, n) for n in range(5)]
    for day, over in zip(days, [{"decision": "rejected"}, {"asker": "recipient_admin"}, {}, {}, {}], strict=True):
        story.tap("in", day, "07:55")
        story.correction(day, "missing_out", "12:00", **over)
    assert [seen(story, day)[0] for day in days] == ["X", "A", "A", "A", "A"]


def test_the_limit_is_that_of_the_month_of_the_date():
    story = Story()
    for day in (dt.date(2026, 10, 29), dt.date(2026, 10, 30), dt.date(2026, 11, 2), dt.date(2026, 11, 3)):
        story.tap("in", day, "07:55")
        story.correction(day, "missing_out", "12:00")
    assert seen(story, dt.date(2026, 11, 3)) == ("A", None)


def test_a_correction_without_times_claims_the_half_days_outright():
    story = Story()
    story.correction(MONDAY, "missing_in", sessions=["am", "pm"])
    fact = story.fold(MONDAY)
    assert [fact.halves[half].status for half in ("am", "pm")] == ["A", "A"]
    assert (fact.corrections, fact.halves["am"].clinic_id) == (1, "A")


@pytest.mark.parametrize(
    ("what", "taps", "over", "expected"),
    [
        ("wrong_time", [("in", "09:30"), ("out", "12:05")], {"claimed": "07:58", "supersedes": ["e1"]}, "A"),
        ("wrong_clinic", [("in", "07:50", "Z", ["code_foreign"]), ("out", "12:05")], {"supersedes": ["e1"]}, "A"),
        ("wrong_direction", [("out", "07:50"), ("out", "12:05")], {"supersedes": ["e1"]}, "A"),
    ],
)
def test_a_wrong_entry_is_put_right_and_stays_in_the_evidence(what, taps, over, expected):
    story = Story()
    for tap in taps:
        story.tap(tap[0], MONDAY, *tap[1:])
    assert seen(story)[0] == "X" or what == "wrong_clinic"
    story.correction(MONDAY, what, over.pop("claimed", None), **over)
    half = story.fold(MONDAY).halves["am"]
    assert (half.status, half.corrected) == (expected, True)
    assert "e1" in half.evidence


def test_a_correction_filed_again_keeps_the_time_of_the_first():
    story = Story()
    story.tap("in", MONDAY, "07:55")
    first = story.correction(MONDAY, "missing_out", "12:00", decision="returned")
    story.correction(MONDAY, "missing_out", "12:00", filed=evening(later(MONDAY, 9)), supersedes=[first])
    assert seen(story) == ("A", None)


def test_a_withdrawn_correction_changes_nothing():
    story = Story()
    story.tap("in", MONDAY, "07:55")
    name = story.correction(MONDAY, "missing_out", "12:00", decision=None)
    story.write("correction.withdrawn", evening(MONDAY), correction_id=name)
    assert seen(story) == ("X", "open")


# ---- flags and flips


def flagged():
    story = Story()
    story.tap("in", MONDAY, "07:50", "Z", ["code_foreign"])
    story.tap("out", MONDAY, "12:05", "Z")
    return story


def test_a_red_flag_keeps_the_half_day_pending_until_decided():
    fact = flagged().fold(MONDAY)
    assert (fact.halves["am"].status, fact.halves["am"].reason) == ("P", "decision_pending")
    assert fact.flags == ("code_foreign",)
    assert fact.pending


def test_a_dismissed_red_flag_counts():
    story = flagged()
    story.write("flag.decided", evening(MONDAY), target="e1", flag="code_foreign", decision="dismissed")
    assert seen(story) == ("A", None)


def test_an_upheld_red_flag_is_absent():
    story = flagged()
    story.write("flag.decided", evening(MONDAY), target="e1", flag="code_foreign", decision="upheld")
    assert seen(story) == ("X", "no_scan")


def test_the_newest_decision_on_a_flag_stands():
    story = flagged()
    for decision in ("upheld", "dismissed"):
        story.write("flag.decided", evening(MONDAY), target="e1", flag="code_foreign", decision=decision)
    assert seen(story) == ("A", None)


def test_an_amber_flag_only_marks():
    story = Story()
    story.tap("in", MONDAY, "07:50", flags=["clock_skew"])
    story.tap("out", MONDAY, "12:05")
    fact = story.fold(MONDAY)
    assert (fact.halves["am"].status, fact.halves["am"].flags, fact.flags) == ("A", ("clock_skew",), ("clock_skew",))


def test_presence_at_two_clinics_at_once_is_pending_at_both():
    story = Story().present(MONDAY, "am", "A")
    story.tap("in", MONDAY, "08:30", "B")
    story.tap("out", MONDAY, "12:00", "B")
    fact = story.fold(MONDAY)
    assert (fact.halves["am"].status, fact.halves["am"].reason) == ("P", "decision_pending")
    assert fact.flags == ("two_places",)


def test_a_flipped_tap_is_paired_by_its_new_direction():
    story = Story()
    story.tap("in", MONDAY, "07:50")
    story.tap("in", MONDAY, "12:05")
    story.write("attendance.direction_flipped", evening(MONDAY), target="e2", **{"from": "in", "to": "out"})
    assert seen(story) == ("A", None)
