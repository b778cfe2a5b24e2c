"""From day facts to the values rules read: outpatient work, rounds, surgery, diaries, rosters."""

from __future__ import annotations

import datetime as dt

from shared.progress.facts import DayFact, FactRecord, HalfFact
from shared.progress.logged import facts_of, rosters
from shared.rules.facts import Document, Item
from shared.rules.load import shipped
from tests.shared.progress.posted import DEMO, MONDAY, terms

DIARY = {"entry_id": "d1", "submitted_at": "2026-11-16T12:30:00.000Z", "chars": 180, "photos": 2, "late": False}


def day(**over):
    """A Monday attended at B in the morning."""
    halves = {"am": HalfFact("A", "B"), "pm": HalfFact("X")}
    return DayFact(**({"posting_id": "P1", "date": MONDAY, "duty": {"am": True, "pm": True}, "rest_day": False, "halves": halves} | over))


def work(kind, entry="w1", count=1):
    return {"kind": kind, "count": count, "people": None, "record_ref": [], "entry_id": entry}


def counted(*activities, **over):
    return [(one.metric, one.group) for one in facts_of(DEMO, [terms()], [day(activities=activities)], **over).items]


def test_rounds_count_for_rounds_and_teaching_rounds_for_teaching_too():
    assert counted(work("ward_round")) == [("ward_rounds", "ward_round")]
    assert counted(work("teaching_round")) == [("ward_rounds", "teaching_round"), ("activity", "teaching")]


def test_each_way_of_surgery_is_a_group():
    ways = ("demo", "guided", "joined", "independent")
    assert counted(*(work(f"surgery_{way}") for way in ways)) == [("surgeries", way) for way in ways]


def test_what_was_counted_as_nothing_or_has_no_metric_gives_nothing():
    assert counted(work("ward_round", count=0), work("consultation"), work("rescue")) == []


def test_an_activity_that_records_read_themselves_is_not_read_twice():
    assert counted(work("lecture", "r1"), recorded={"r1"}) == []
    assert counted(work("lecture", "r1")) == [("trainings", None), ("activity", "teaching")]


def test_an_item_names_who_where_and_its_entry():
    (item,) = facts_of(DEMO, [terms()], [day(activities=(work("ward_round"),))]).items
    assert item == Item("w1/0", "ward_rounds", MONDAY, 1, "ward_round", "D1", "B", "R1", evidence=("w1",))


def test_a_day_without_attendance_lies_at_the_usual_clinic():
    away = {"am": HalfFact("X"), "pm": HalfFact("X")}
    (item,) = facts_of(DEMO, [terms()], [day(halves=away, activities=(work("ward_round"),))]).items
    assert item.clinic == "A"


def test_an_outpatient_half_day_keeps_half_clinic_and_visits():
    logged = {"visits": 12, "department": "内科", "record_ref": [], "unattended": False, "clinic_id": "B", "entry_id": "o1"}
    halves = {"am": HalfFact("A", "B", outpatient=logged), "pm": HalfFact("X")}
    found = facts_of(DEMO, [terms()], [day(halves=halves)]).outpatient
    assert found == (Item("o1", "outpatient", MONDAY, 12, None, "D1", "B", "R1", "am", evidence=("o1",)),)


def test_a_diary_is_the_document_of_the_rule_for_attended_days():
    programme = shipped()["county-tcm-stationing"]
    rule = next(one for one in programme.rules if (one.get("due") or {}).get("every") == "attended_day")
    filed = dt.datetime(2026, 11, 16, 12, 30, tzinfo=dt.UTC)
    (found,) = facts_of(programme, [terms()], [day(diary=DIARY)]).documents
    assert found == Document("d1", rule.id, None, "P1", MONDAY, photos=2, chars=180, date=MONDAY, filed_at=filed, evidence=("d1",))


def test_a_programme_without_such_a_rule_has_no_diary_document():
    programme = shipped()["shanxi-2012"]
    assert facts_of(programme, [terms()], [day(diary=DIARY)]).documents == ()


def test_days_of_other_postings_are_left_out():
    assert facts_of(DEMO, [terms(id="P2")], [day(activities=(work("ward_round"),))]).items == ()


def test_a_published_roster_is_the_document_of_its_month():
    late = dt.datetime(2026, 10, 29, 17, tzinfo=dt.UTC)  # the 30th in Shanghai
    published = FactRecord("r1", "roster.published", 3, late, {"month": "2026-11"})
    day_ = dt.date(2026, 10, 30)
    assert rosters(DEMO, [published]) == (Document("r1", "ZZ-35", "2026-11", None, day_, {"supporter": day_}, evidence=("r1",)),)
    assert rosters(shipped()["shanxi-2012"], [published]) == ()
