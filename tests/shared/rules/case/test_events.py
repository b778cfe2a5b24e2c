"""Events of a case: what is wrong with them."""

from __future__ import annotations

import pytest

from tests.shared.rules.case_files import POSTING, refused

DAY = "2026-04-13"


@pytest.mark.parametrize(
    ("event", "problems"),
    [
        (3, [("", "type")]),
        ({}, [("kind", "key_missing")]),
        ({"kind": 4}, [("kind", "type")]),
        ({"kind": "holiday"}, [("kind", "value")]),
        ({"kind": "absent"}, [("date", "key_missing")]),
        ({"kind": "absent", "from": DAY}, [("to", "key_missing")]),
        ({"kind": "absent", "to": DAY}, [("from", "key_missing")]),
        ({"kind": "absent", "date": DAY, "from": DAY, "to": DAY}, [("from", "value"), ("to", "value")]),
        ({"kind": "absent", "from": DAY, "to": "2026-04-12"}, [("to", "date_order")]),
        ({"kind": "absent", "from": DAY, "to": DAY, "from_half": "pm", "to_half": "am"}, [("to", "date_order")]),
        ({"kind": "absent", "from": DAY, "to": DAY, "half": "am", "to_half": "am"}, [("half", "half_conflict")]),
        ({"kind": "absent", "from": DAY, "to": DAY, "half": "am", "from_half": "am", "to_half": "am"}, [("half", "half_conflict")]),
        ({"kind": "absent", "date": DAY, "from_half": "am"}, [("from_half", "value")]),
        ({"kind": "absent", "date": DAY, "half": "night"}, [("half", "value")]),
        ({"kind": "absent", "date": DAY, "clinic": "C1"}, [("clinic", "key_unknown")]),
        ({"kind": "absent", "date": None}, [("date", "type")]),
        ({"kind": "present", "date": DAY, "clinic": "C9"}, [("clinic", "clinic_unknown")]),
        ({"kind": "present", "date": DAY, "record_ref": 7}, [("record_ref", "type")]),
        ({"kind": "scan", "date": DAY, "in": "12:00", "out": "08:00"}, [("out", "date_order")]),
        ({"kind": "scan", "date": DAY, "in": "8:00", "out": "24:00"}, [("in", "value"), ("out", "value")]),
        ({"kind": "scan", "date": DAY, "in": "08:00", "grade": "E"}, [("grade", "value")]),
        ({"kind": "scan", "from": DAY, "to": DAY, "in": "08:00"}, [("date", "key_missing"), ("from", "key_unknown"), ("to", "key_unknown")]),
        ({"kind": "correction", "date": DAY, "out": "12:00"}, [("filed_at", "key_missing")]),
        ({"kind": "correction", "date": DAY, "filed_at": DAY}, [("half", "key_missing")]),
        ({"kind": "correction", "date": DAY, "filed_at": DAY, "half": "am", "in": "08:00"}, [("half", "value")]),
        ({"kind": "correction", "date": DAY, "filed_at": "2026-04-31T09:00", "half": "am"}, [("filed_at", "date")]),
        ({"kind": "leave", "date": DAY, "leave_type": "hunting"}, [("leave_type", "value")]),
        ({"kind": "leave", "date": DAY, "approved_by": "the boss"}, [("approved_by", "value")]),
        ({"kind": "ordered", "date": DAY, "issuer": "village"}, [("issuer", "value")]),
        ({"kind": "substitute", "date": DAY, "seat": "S9"}, [("seat", "seat_unknown")]),
        ({"kind": "substitute", "date": DAY}, [("seat", "key_missing")]),
        ({"kind": "outpatient", "date": DAY}, [("half", "key_missing")]),
        ({"kind": "outpatient", "date": DAY, "half": "both"}, [("half", "value")]),
        ({"kind": "item", "date": DAY, "metric": "jokes"}, [("metric", "value")]),
        ({"kind": "item", "date": DAY, "metric": "ward_rounds", "value": 1.5}, [("value", "type")]),
        ({"kind": "item", "date": DAY, "metric": "ward_rounds", "value": True}, [("value", "type")]),
        ({"kind": "stay", "from": DAY, "to": "2026-04-12"}, [("to", "date_order")]),
        ({"kind": "figure", "metric": "outpatient_emergency_visits"}, [("period", "key_missing")]),
        ({"kind": "finding"}, [("trigger", "key_missing")]),
        ({"kind": "finding", "trigger": "x", "decision": "rumoured"}, [("decision", "value")]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_event(event, problems):
    assert refused(events=[event]) == [(f"events[0].{path}" if path else "events[0]", code) for path, code in problems]


def test_ids_are_used_once_given_ones_and_those_by_position():
    absent = {"kind": "absent", "date": DAY}
    assert refused(events=[{**absent, "id": "E2"}, absent]) == [("events[1].id", "id_duplicate")]


def test_a_clinic_is_one_of_the_physicians_own_but_items_and_stays_may_name_any():
    postings = [POSTING, {**POSTING, "doctor": "D2", "clinics": ["C2"]}]
    present = {"kind": "present", "date": DAY, "clinic": "C2"}
    item = {"kind": "item", "metric": "trainings", "date": DAY, "clinic": "C2"}
    assert refused(postings=postings, events=[present, item]) == [("events[0].clinic", "clinic_unknown")]
    assert refused(postings=postings, events=[{**item, "clinic": "C3"}]) == [("events[0].clinic", "clinic_unknown")]
