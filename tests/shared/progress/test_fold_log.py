"""Outpatient half-days, rounds, activities and diaries in the day fact."""

from __future__ import annotations

import datetime as dt
from importlib import resources

import pytest

from shared.calendar import at
from shared.progress.diaries import diary_hours
from shared.rules.load import load_programme
from tests.shared.progress.posted import DEMO, MONDAY, Story, later

GOOD = (resources.files("shared.rules") / "programmes" / "zhongzhan-2021.toml").read_text(encoding="utf-8")


def test_an_outpatient_log_at_an_attended_half_day_is_attended():
    story = Story().present(MONDAY, "am")
    entry = story.outpatient(MONDAY, "am", visits=21)
    assert story.fold(MONDAY).halves["am"].outpatient == {
        "visits": 21, "department": "内科", "record_ref": ["MZ1116am"], "clinic_id": "A", "entry_id": entry,
        "unattended": False,
    }  # fmt: skip


@pytest.mark.parametrize(("half", "clinic"), [("pm", "A"), ("am", "B")])
def test_a_log_without_attendance_at_that_session_and_clinic_is_kept_and_marked(half, clinic):
    story = Story().present(MONDAY, "am", "A")
    story.outpatient(MONDAY, half, clinic)
    logged = story.fold(MONDAY).halves[half].outpatient
    assert logged is not None
    assert (logged["clinic_id"], logged["unattended"]) == (clinic, True)


def test_of_logs_at_two_clinics_the_attended_one_is_shown():
    story = Story().present(MONDAY, "am", "B")
    story.outpatient(MONDAY, "am", "A")
    story.outpatient(MONDAY, "am", "B", visits=7)
    logged = story.fold(MONDAY).halves["am"].outpatient
    assert logged is not None
    assert (logged["clinic_id"], logged["visits"], logged["unattended"]) == ("B", 7, False)


def test_a_corrected_log_replaces_the_first():
    story = Story().present(MONDAY, "am")
    first = story.outpatient(MONDAY, "am", visits=10)
    story.outpatient(MONDAY, "am", visits=12, supersedes=first)
    assert story.fold(MONDAY).halves["am"].outpatient["visits"] == 12


def test_visits_of_two_departments_add_up():
    story = Story().present(MONDAY, "am")
    story.outpatient(MONDAY, "am", visits=10)
    story.outpatient(MONDAY, "am", visits=5, department="外科")
    assert story.fold(MONDAY).halves["am"].outpatient["visits"] == 15


def test_visits_not_given_stay_unknown_and_are_never_zero():
    story = Story().present(MONDAY, "am")
    story.outpatient(MONDAY, "am", visits=None)
    assert story.fold(MONDAY).halves["am"].outpatient["visits"] is None


@pytest.mark.parametrize(
    ("kinds", "rounds", "teaching"),
    [
        ((), 0, 0),
        (("ward_round",), 1, 0),
        (("ward_round", "ward_round"), 1, 0),  # one per date and kind
        (("ward_round", "teaching_round"), 2, 1),
        (("lecture",), 0, 0),
    ],
)
def test_rounds_count_once_per_kind_on_a_date(kinds, rounds, teaching):
    story = Story()
    story.diary(MONDAY, *kinds)
    fact = story.fold(MONDAY)
    assert (fact.ward_rounds, fact.teaching_rounds) == (rounds, teaching)


def test_a_round_in_work_log_and_diary_is_one_round():
    story = Story()
    story.diary(MONDAY, "ward_round")
    story.outpatient(MONDAY, "pm", type="ward_round", counts={"times": 1})
    fact = story.fold(MONDAY)
    assert fact.ward_rounds == 1
    assert len(fact.activities) == 2


def test_a_round_counted_zero_times_is_no_round():
    story = Story()
    story.diary(MONDAY, activities=[{"kind": "ward_round", "count": 0, "people": None, "record_ref": []}])
    assert story.fold(MONDAY).ward_rounds == 0


def test_activities_carry_count_people_and_record_numbers():
    story = Story()
    entry = story.diary(MONDAY, activities=[{"kind": "lecture", "count": 1, "people": 18, "record_ref": ["J1"]}])
    fact = story.fold(MONDAY)
    assert fact.activities == (
        {"kind": "lecture", "count": 1, "people": 18, "record_ref": ["J1"], "entry_id": entry},
    )  # fmt: skip
    assert fact.record_refs == ("J1",)


def test_activities_recorded_by_others_are_there_too():
    story = Story()
    story.write("activity.recorded", at(MONDAY, dt.time(18)), kind="training", date=MONDAY.isoformat(), attendees=12)
    assert [(a["kind"], a["count"], a["people"]) for a in story.fold(MONDAY).activities] == [("training", 1, 12)]


def test_the_newest_diary_of_a_date_is_the_diary():
    story = Story()
    story.diary(MONDAY, "lecture")
    newest = story.diary(MONDAY, "rescue", text="改后的 日志\n")
    fact = story.fold(MONDAY)
    assert fact.diary == {
        "entry_id": newest, "submitted_at": "2026-11-16T12:00:00.000Z", "chars": 5, "photos": 1, "late": False,
    }  # fmt: skip
    assert [activity["kind"] for activity in fact.activities] == ["rescue"]


def test_no_diary_is_none():
    assert Story().present(MONDAY).fold(MONDAY).diary is None


@pytest.mark.parametrize(("filed", "late"), [
    (at(later(MONDAY, 1), dt.time()), False), (at(later(MONDAY, 1), dt.time(0, 0, 1)), True),
])  # fmt: skip
def test_without_a_diary_rule_a_diary_is_late_after_midnight(filed, late):
    assert diary_hours(DEMO) is None
    story = Story().present(MONDAY)
    story.diary(MONDAY, filed=filed)
    assert story.fold(MONDAY).diary["late"] is late


RULE = """
[[rule]]
id = "ZD-12"
kind = "document"
subject = "doctor"
quote = "做好工作日志"
basis = "text"
severity = "red"
doc = "work_diary"
to = ["supporter"]
due = { every = "attended_day", within_hours = 48 }
due_basis = "local"
evidence = ["diary"]
remind = ["doctor"]
feeds = ["monthly_doctor"]
"""


@pytest.mark.parametrize(
    ("half", "filed", "late"),
    [
        ("am", at(later(MONDAY, 2), dt.time(12)), False),
        ("am", at(later(MONDAY, 2), dt.time(12, 0, 1)), True),
        ("both", at(later(MONDAY, 2), dt.time(17, 30)), False),
    ],
)
def test_a_diary_rule_counts_hours_from_the_last_attended_session(half, filed, late):
    programme = load_programme((GOOD + RULE).encode(), "zhongzhan-2021.toml")
    assert diary_hours(programme) == 48
    story = Story().present(MONDAY, half)
    story.diary(MONDAY, filed=filed)
    assert story.fold(MONDAY, programme=programme).diary["late"] is late
