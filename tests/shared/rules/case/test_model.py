"""A valid case as values: every key of every part arrives where the rules look for it, and defaults where none was written."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest

from shared.calendar import SHANGHAI
from shared.rules.accumulate import Credit
from shared.rules.case.model import NOWHERE, Doctor, Event
from shared.rules.case.record import facts_of, substitutions
from shared.rules.coverage import Substitution
from shared.rules.facts import Figure, Finding, Item, Stay
from shared.rules.terms import PostingTerms
from tests.shared.rules.case_files import made

MONDAY, TUESDAY, WEDNESDAY = (dt.date(2026, 4, day) for day in (13, 14, 15))
POSTING = {
    "id": "P7", "doctor": "D7", "supporter": "S7", "recipient": "R7", "clinics": ["C7", "C8"], "mode": "rounds", "seat": "T1",
    "specialty": "surgery", "title_rank": "chief", "recipient_level": "basic", "start": "2026-04-13", "end": "2026-04-15",
    "end_reason": "ordered", "end_approved": True, "roster": [{"date": "2026-04-13", "half": "am", "clinic": "C8"}],
}  # fmt: skip
TERMS = {
    "id": "P7", "person_id": "D7", "programme_id": "zhongzhan-2021", "supporter_id": "S7", "recipient_id": "R7", "clinics": ("C7", "C8"),
    "mode": "rounds", "seat_id": "T1", "specialty": "surgery", "title_rank": "chief", "recipient_level": "basic", "team_id": "S7+R7/rounds",
    "start": MONDAY, "end": WEDNESDAY, "end_reason": "ordered", "end_approved": True, "roster": {(MONDAY, "am"): "C8"},
}  # fmt: skip
PLAIN = {
    "id": "P1", "person_id": "D1", "programme_id": "zhongzhan-2021", "supporter_id": "S1", "recipient_id": "R1", "clinics": ("C1",),
    "mode": "resident", "seat_id": None, "specialty": None, "title_rank": None, "recipient_level": None, "team_id": "S1+R1/resident",
    "start": MONDAY, "end": WEDNESDAY,
}  # fmt: skip
SPAN = {"start": "2026-04-13", "end": "2026-04-15"}
DATE = {"date": "2026-04-13"}
RANGE = {"from": "2026-04-13", "from_half": "pm", "to": "2026-04-14", "to_half": "am"}


def clock(hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 4, 14, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(("written", "terms"), [(POSTING, TERMS), (SPAN, PLAIN)])
def test_a_posting_is_read_with_all_its_keys_or_its_defaults(written: dict[str, Any], terms: dict[str, Any]) -> None:
    (found,) = made(postings=[written]).postings
    assert found == PostingTerms(**terms)


def test_a_posting_without_a_title_takes_that_of_its_physician() -> None:
    known = {"D1": {"title_rank": "attending", "licence_since": "2020-01-01", "title_since": "2024-01-01"}}
    found = made(doctors=known, postings=[SPAN, {**SPAN, "clinics": ["C2"], "title_rank": "chief"}])
    assert [one.title_rank for one in found.postings] == ["attending", "chief"]
    assert found.doctors == {"D1": Doctor(dt.date(2020, 1, 1), dt.date(2024, 1, 1), "attending")}


@pytest.mark.parametrize(("written", "credit"), [
    ({"id": "K7", "doctor": "D7", "counts": "aid_tibet", "ratio": "1/3", "cap_months": 6, "doc_no": "援藏1号"},
     Credit("K7", "aid_tibet", MONDAY, TUESDAY, Fraction(1, 3), 6, "援藏1号")),
    ({"doctor": "D7"}, Credit("K1", None, MONDAY, TUESDAY)),
])  # fmt: skip
def test_a_credit_is_read_with_all_its_keys_or_its_defaults(written: dict[str, Any], credit: Credit) -> None:
    assert made(credits=[{**written, "from": "2026-04-13", "to": "2026-04-14"}]).credits == {"D7": (credit,)}


@pytest.mark.parametrize(("event", "first", "last", "only", "keys"), [
    ({"kind": "present", **DATE, "clinic": "C1", "record_ref": True}, (MONDAY, "am"), (MONDAY, "pm"), None, {"clinic": "C1", "record_ref": True}),
    ({"kind": "present", **DATE, "half": "pm", "record_ref": "病历1"}, (MONDAY, "pm"), (MONDAY, "pm"), "pm", {"record_ref": "病历1"}),
    ({"kind": "absent", **RANGE}, (MONDAY, "pm"), (TUESDAY, "am"), None, {}),
    ({"kind": "absent", "from": "2026-04-13", "to": "2026-04-14", "half": "am"}, (MONDAY, "am"), (TUESDAY, "am"), "am", {}),
    ({"kind": "scan", **DATE, "in": "08:00", "out": "12:00"}, (MONDAY, "am"), (MONDAY, "pm"), None,
     {"in": dt.time(8), "out": dt.time(12), "grade": "A", "countersigned": False}),
    ({"kind": "scan", **DATE, "clinic": "C1", "in": None, "grade": "C", "countersigned": True}, (MONDAY, "am"), (MONDAY, "pm"), None,
     {"clinic": "C1", "in": None, "grade": "C", "countersigned": True}),
    ({"kind": "correction", **DATE, "half": "am", "filed_at": "2026-04-14T09:00"}, (MONDAY, "am"), (MONDAY, "am"), "am",
     {"half": "am", "filed_at": clock(9), "decision": "approved", "decided_by": "recipient_admin"}),
    ({"kind": "correction", **DATE, "in": "08:00", "out": "12:00", "clinic": "C1", "filed_at": "2026-04-14T09:00", "reason": "停电",
      "decided_at": "2026-04-14T10:30", "decided_by": "county_officer", "decision": "refused"}, (MONDAY, "am"), (MONDAY, "pm"), None,
     {"in": dt.time(8), "out": dt.time(12), "clinic": "C1", "filed_at": clock(9), "decided_at": clock(10, 30), "reason": "停电",
      "decided_by": "county_officer", "decision": "refused"}),
    ({"kind": "leave", **DATE}, (MONDAY, "am"), (MONDAY, "pm"), None, {"decision": "approved", "leave_type": "personal"}),
    ({"kind": "leave", **RANGE, "leave_type": "sick", "filed_at": "2026-04-14T09:00", "approved_by": "county_officer",
      "approved_at": "2026-04-14T10:30", "decision": "pending"}, (MONDAY, "pm"), (TUESDAY, "am"), None,
     {"leave_type": "sick", "filed_at": clock(9), "approved_by": "county_officer", "approved_at": clock(10, 30), "decision": "pending"}),
    ({"kind": "ordered", **DATE}, (MONDAY, "am"), (MONDAY, "pm"), None, {"order_kind": "government", "issuer": "county"}),
    ({"kind": "ordered", **DATE, "order_kind": "rescue", "doc_no": "令1号", "issuer": "city"}, (MONDAY, "am"), (MONDAY, "pm"), None,
     {"order_kind": "rescue", "doc_no": "令1号", "issuer": "city"}),
])  # fmt: skip
def test_an_event_of_half_days_keeps_its_dates_and_what_its_kind_adds(event, first, last, only, keys) -> None:
    (found,) = made(events=[event]).events
    when = {name: found.keys[name] for name in ("date", "from", "to", "from_half", "to_half", "half") if name in found.keys and name not in keys}
    assert found == Event(event["kind"], "E1", "D1", "events[0]", first, last, only, keys | when)


def test_half_days_of_an_event_are_those_between_its_ends_and_of_these_only_the_named_ones() -> None:
    found = made(events=[{"kind": "absent", **RANGE}, {"kind": "absent", "from": "2026-04-13", "to": "2026-04-14", "half": "am"},
                         {"kind": "finding", "trigger": "x"}]).events  # fmt: skip
    assert [list(one.halves()) for one in found] == [
        [(MONDAY, "pm"), (TUESDAY, "am")], [(MONDAY, "am"), (TUESDAY, "am")], [],
    ]  # fmt: skip
    assert [one.days() for one in found] == [[MONDAY, TUESDAY], [MONDAY, TUESDAY], []]
    assert found[2].first == found[2].last == NOWHERE


LOGGED = [
    {"kind": "item", **DATE, "metric": "trainings", "value": 3, "group": "guided", "clinic": "C2", "recipient": "R9", "half": "pm",
     "channel": "onsite", "title": "心电图"},
    {"kind": "item", **DATE, "metric": "ward_rounds", "half": "both"},
    {"kind": "outpatient", **DATE, "half": "am", "visits": 12, "clinic": "C2"},
    {"kind": "outpatient", **DATE, "half": "pm"},
    {"kind": "stay", "from": "2026-04-13", "to": "2026-04-14", "person": "T1", "clinic": "C2", "recipient": "R9"},
    {"kind": "stay", "from": "2026-04-13", "to": "2026-04-14"},
    {"kind": "figure", "metric": "outpatient_emergency_visits", "period": "2026", "value": 9},
    {"kind": "figure", "metric": "outpatient_emergency_visits", "period": "2025"},
    {"kind": "finding", "trigger": "x", "decision": "confirmed", "confirmed_on": "2026-04-13", "by_role": "county_officer", "officer": "甲"},
    {"kind": "finding", "trigger": "x"},
]  # fmt: skip


def test_what_is_logged_arrives_with_all_its_keys_and_else_at_the_clinic_of_the_posting() -> None:
    found = facts_of(made(postings=[{**SPAN, "clinics": ["C1", "C2"]}], events=LOGGED))
    assert found.items == (
        Item("E1", "trainings", MONDAY, 3, "guided", "D1", "C2", "R9", "pm", "onsite", "心电图", ("E1",)),
        Item("E2", "ward_rounds", MONDAY, 1, None, "D1", "C1", "R1", None, None, None, ("E2",)),
    )
    assert found.outpatient == (
        Item("E3", "outpatient", MONDAY, 12, None, "D1", "C2", half="am", evidence=("E3",)),
        Item("E4", "outpatient", MONDAY, 0, None, "D1", "C1", half="pm", evidence=("E4",)),
    )
    assert found.stays == (
        Stay("E5", "T1", MONDAY, TUESDAY, "C2", "R9", evidence=("E5",)), Stay("E6", "E6", MONDAY, TUESDAY, "C1", "R1", evidence=("E6",)),
    )  # fmt: skip
    assert found.figures == tuple(Figure("outpatient_emergency_visits", year, value, (name,)) for year, value, name in (
        ("2026", 9, "E7"), ("2025", None, "E8")))  # fmt: skip
    assert found.findings == (
        Finding("x", "confirmed", MONDAY, "county_officer", "甲", "D1", ("E9",)), Finding("x", "suspected", None, None, None, "D1", ("E10",)),
    )  # fmt: skip


def test_nothing_is_a_number_too() -> None:
    events = [{**LOGGED[0], "value": 0, "clinic": "C1"}, {**LOGGED[2], "visits": 0, "clinic": "C1"}, {**LOGGED[6], "value": 0}]
    found = facts_of(made(events=events))
    assert [one.value for one in (*found.items, *found.outpatient, *found.figures)] == [0, 0, 0]


def test_what_is_logged_belongs_to_the_posting_that_holds_its_date_and_else_to_the_first() -> None:
    postings = [{**SPAN, "clinics": ["C1"]}, {"start": "2026-04-16", "end": "2026-04-20", "clinics": ["C2"], "recipient": "R2"}]
    events = [{"kind": "item", "metric": "trainings", "date": f"2026-04-{day}"} for day in (13, 16, 30)]
    found = facts_of(made(postings=postings, events=events)).items
    assert [(one.clinic, one.recipient_id) for one in found] == [("C1", "R1"), ("C2", "R2"), ("C1", "R1")]
    (nobody,) = facts_of(made(postings=[], events=events[:1])).items
    assert (nobody.clinic, nobody.recipient_id) == (None, None)


def test_of_one_physician_only_the_own_entries_and_of_all_every_stay_and_figure() -> None:
    events = [{**one, "doctor": doctor} for doctor in ("D1", "D2") for one in LOGGED if "clinic" not in one]
    known = made(postings=[SPAN, {**SPAN, "doctor": "D2"}], events=events, credits=[{"doctor": "D2", "from": "2020-01-01", "to": "2020-02-01"}])
    one, everybody = facts_of(known, "D2"), facts_of(known)
    assert {item.person_id for item in (*one.items, *one.outpatient, *one.findings)} == {"D2"}
    assert [len(found) for found in (one.items, one.outpatient, one.findings, one.stays, one.figures, one.credits)] == [1, 1, 2, 2, 4, 1]
    assert [len(found) for found in (everybody.items, everybody.findings, everybody.credits)] == [2, 4, 0]


def test_a_substitute_is_registered_for_a_span_or_for_each_named_half_day() -> None:
    seats = [{**SPAN, "seat": "S"}, {**SPAN, "clinics": ["C2"], "seat": "T"}]
    stand_in = {"kind": "substitute", "doctor": "D2", "from": "2026-04-13", "to": "2026-04-14"}
    found = made(postings=seats, events=[{**stand_in, "seat": "S", "for": "D1"}, {**stand_in, "seat": "T", "half": "pm"}])
    whole = Substitution("S", "D2", "D1", (MONDAY, "am"), (TUESDAY, "pm"), ("E1",))
    each = tuple(Substitution("T", "D2", None, (day, "pm"), (day, "pm"), ("E2",)) for day in (MONDAY, TUESDAY))
    assert (substitutions(found), substitutions(found, "S")) == ((whole, *each), (whole,))
