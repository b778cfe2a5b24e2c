"""From events to the status of half-days: what is known when, where somebody was, and what covers an absence."""

from __future__ import annotations

import datetime as dt
import json
import random

import pytest

from shared.rules.case.statuses import Physician
from tests.shared.rules.case_files import MONDAY, POSTING, correction, explained, halves, made, reasons, scan
from tests.shared.rules.golden_cases import official

ABSENT, PRESENT = ("X", None), ("A", "C1")


def test_without_any_record_a_duty_half_day_is_what_the_case_says():
    assert halves(MONDAY) == [PRESENT, PRESENT]
    assert halves(MONDAY, default_attendance="absent") == [ABSENT, ABSENT]
    assert halves("2026-04-12") == [("rest", None), ("rest", None)]


def test_a_scan_takes_the_default_presence_of_its_whole_date():
    assert halves(MONDAY, events=[scan("08:00", "12:00")]) == [PRESENT, ABSENT]
    assert halves("2026-04-14", events=[scan("08:00", "12:00")]) == [PRESENT, PRESENT]


def test_absence_takes_the_default_presence_but_not_what_is_stated_or_scanned():
    absent = {"kind": "absent", "date": MONDAY}
    assert halves(MONDAY, events=[absent]) == [ABSENT, ABSENT]
    assert halves(MONDAY, events=[absent, {"kind": "present", "date": MONDAY, "half": "am"}]) == [PRESENT, ABSENT]
    assert halves(MONDAY, events=[absent, scan("08:00", "12:00")]) == [PRESENT, ABSENT]


def test_presence_on_a_rest_day_is_kept_and_is_no_duty():
    assert halves("2026-04-12", events=[{"kind": "present", "date": "2026-04-12", "half": "pm"}]) == [("rest", None), PRESENT]


@pytest.mark.parametrize(
    ("grade", "countersigned", "status"),
    [("A", False, "A"), ("B", False, "A"), ("C", True, "A"), ("C", False, "X"), ("D", False, "X"), ("D", True, "X")],
)
def test_only_grades_that_count_give_minutes(grade, countersigned, status):
    events = [scan("08:00", "12:00", grade=grade, countersigned=countersigned)]
    assert halves(MONDAY, events=events)[0][0] == status


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ({"filed_at": "2026-04-17T00:00"}, "correction_late"),  # the fourth workday after Monday
        ({"decision": "refused"}, "correction_refused"),
        ({"decision": "pending"}, "correction_refused"),  # everything is known, and nobody approved it
        ({"decided_by": "supporter_admin"}, "correction_refused"),
        ({"decided_by": "D1"}, "correction_refused"),
        ({"decided_by": "doctor"}, "correction_refused"),
    ],
)
def test_why_a_correction_does_not_help(keys, reason):
    events = [scan("08:00", None), correction(out="12:00", **keys)]
    assert reasons(events=events)[0] == (MONDAY, "X", reason, "debt")


def test_the_third_workday_to_midnight_is_in_time():
    assert halves(MONDAY, events=[correction(half="am", filed_at="2026-04-16T23:59")])[0] == PRESENT


def test_the_fourth_correction_of_a_month_is_over_the_limit():
    dates = ["2026-04-13", "2026-04-14", "2026-04-15", "2026-04-16"]
    events = [{"kind": "correction", "date": day, "half": "both", "filed_at": f"{day}T18:00"} for day in dates]
    assert reasons(events=events) == [("2026-04-16", "X", "correction_limit", "debt")]
    assert reasons(events=[{**events[0], "decision": "refused"}, *events[1:]]) == [(MONDAY, "X", "correction_refused", "debt")]


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ({"kind": "absent", "date": MONDAY}, "absent"),
        (scan("08:00", "09:00"), "short"),
        (scan("08:00", None), "open"),
        (scan("08:00", "12:00", grade="D"), "weak_evidence"),
        ({"kind": "leave", "date": MONDAY, "filed_at": "2026-04-13T08:01"}, "leave_late"),
        ({"kind": "leave", "date": MONDAY, "decision": "refused"}, "leave_refused"),
        ({"kind": "leave", "date": MONDAY, "decision": "pending"}, "leave_refused"),
        ({"kind": "leave", "from": MONDAY, "to": "2026-04-16", "approved_by": "recipient_admin"}, "leave_level"),
        ({"kind": "ordered", "date": MONDAY, "issuer": "supporter"}, "order_issuer"),
        ({"kind": "ordered", "date": MONDAY, "doc_no": None}, "order_issuer"),
    ],
)
def test_why_a_half_day_is_absent(event, reason):
    assert reasons(events=[event])[0][:3] == (MONDAY, "X", reason)


def test_two_clinics_of_which_none_is_enough():
    postings = [{**POSTING, "clinics": ["A", "B"]}]
    events = [scan("08:00", "10:00", clinic="A"), scan("10:00", "12:00", clinic="B")]
    assert reasons(postings=postings, events=events)[0] == (MONDAY, "X", "split_session", "debt")


@pytest.mark.parametrize(
    ("event", "line"),
    [
        ({"kind": "leave", "date": MONDAY}, ("L", "personal", "credited")),
        ({"kind": "leave", "date": MONDAY, "leave_type": "sick", "filed_at": "2026-04-16T12:00"}, ("L", "sick", "credited")),
        ({"kind": "ordered", "date": MONDAY, "order_kind": "epidemic"}, ("O", "epidemic", "debt")),
        ({"kind": "ordered", "date": MONDAY, "order_kind": "meeting", "issuer": "supporter"}, ("O", "meeting", "credited")),
    ],
)
def test_what_covers_an_absence(event, line):
    assert reasons(events=[event]) == [(MONDAY, *line)]


def test_leave_over_mornings_only_is_as_long_as_those():
    mornings = {"kind": "leave", "from": MONDAY, "to": "2026-04-18", "half": "am", "approved_by": "recipient_admin"}
    assert [line[1:3] for line in reasons(events=[mornings])] == [("L", "personal")] * 5
    assert reasons(events=[{**mornings, "half": "both"}])[0][2] == "leave_level"


def test_a_slip_over_two_postings_is_one_slip():
    """Two half-days in one posting, six in the next: eight, more than a recipient may approve."""
    postings = [{"start": "2026-03-02", "end": MONDAY}, {"start": "2026-04-14", "end": "2026-09-01"}]
    slip = {"kind": "leave", "from": MONDAY, "to": "2026-04-16", "approved_by": "recipient_admin"}
    assert [line[2] for line in reasons(postings=postings, events=[slip])] == ["leave_level"]


def test_attendance_comes_before_leave_and_ordered_work_before_leave():
    leave, ordered = {"kind": "leave", "date": MONDAY}, {"kind": "ordered", "date": MONDAY}
    assert halves(MONDAY, events=[leave, {"kind": "present", "date": MONDAY, "half": "am"}]) == [PRESENT, ("L", None)]
    assert halves(MONDAY, events=[leave, ordered]) == [("O", None)] * 2


def test_a_half_day_of_overlapping_postings_is_used_once():
    postings = [{**POSTING, "clinics": ["A"]}, {**POSTING, "clinics": ["B"]}]
    question = [{"ask": "quota", "rule": "ZZ-19", "period": "2026-W16"}]
    rounds = [{**p, "mode": "rounds", "roster": [{"weekday": "mon", "half": "am", "clinic": p["clinics"][0]}]} for p in postings]
    groups = explained(postings=rounds, questions=question)["answers"][0]["groups"]
    assert sum(group["value"] for group in groups) == 1


def test_of_two_postings_the_one_that_holds_the_roster_owes_the_half_day_and_each_half_day_is_there_once():
    resident = {**POSTING, "id": "P1", "clinics": ["A"]}
    rounds = {**POSTING, "id": "P2", "clinics": ["B"], "mode": "rounds", "roster": [{"date": MONDAY, "half": "pm", "clinic": "B"}]}
    leave = {"kind": "leave", "date": "2026-04-14"}
    for postings in ([resident, rounds], [rounds, resident]):
        known = Physician.of(made(postings=postings, events=[leave]), "D1").history()
        found = [(half.date.isoformat(), half.half, half.posting_id, half.clinic, half.status)
                 for half in known.halves if MONDAY <= half.date.isoformat() <= "2026-04-14"]  # fmt: skip
        assert found == [(MONDAY, "am", "P1", "A", "A"), (MONDAY, "pm", "P2", "B", "A"), ("2026-04-14", "am", "P1", "A", "L"),
                         ("2026-04-14", "pm", "P1", "A", "L")]  # fmt: skip


@pytest.mark.parametrize(("refs", "flags"), [
    ((True, "病历1"), ["record_ref:2/150"]), ((True, None), ["record_ref:1/150"]), ((False, None), ["record_ref:0/150"]), ((None, None), []),
])  # fmt: skip
def test_days_with_a_record_are_told_as_soon_as_one_entry_says_whether_there_is_one(refs, flags):
    events = [{"kind": "present", "date": f"2026-04-{13 + n}", **({} if ref is None else {"record_ref": ref})} for n, ref in enumerate(refs)]
    found = explained(events=events, questions=[{"ask": "continuity", "rule": "ZZ-37"}])["answers"][0]
    assert found["flags"] == [flag.replace("150", str(len(official().workdays(dt.date(2026, 3, 2), dt.date(2026, 9, 30))))) for flag in flags]


def test_a_substitute_sits_at_the_clinic_of_the_seat_of_that_half_day():
    postings = [{**POSTING, "seat": "S", "clinics": ["A"]}, {**POSTING, "seat": "T", "clinics": ["B"], "doctor": "D3"},
                {**POSTING, "doctor": "D2", "clinics": ["C"], "mode": "taskforce"}]  # fmt: skip
    stand_in = {"kind": "substitute", "doctor": "D2", "date": MONDAY}
    events = [{**stand_in, "seat": "S", "half": "am"}, {**stand_in, "seat": "T", "half": "pm"}]
    assert halves(MONDAY, doctor="D2", postings=postings, events=events) == [("A", "A"), ("A", "B")]


def test_ids_of_no_physician_have_no_half_days():
    assert halves(MONDAY, doctor="D9") == [("rest", None), ("rest", None)]


def test_a_substitute_is_present_unless_an_event_says_otherwise():
    postings = [{**POSTING, "seat": "S"}, {**POSTING, "doctor": "D2", "mode": "taskforce"}]
    events = [{"kind": "leave", "date": MONDAY}, {"kind": "substitute", "seat": "S", "doctor": "D2", "for": "D1", "date": MONDAY}]
    away = {"kind": "absent", "doctor": "D2", "date": MONDAY, "half": "pm"}
    question = [{"ask": "coverage", "seat": "S"}]
    def gap(*more):
        return explained(postings=postings, events=[*events, *more], questions=question)["answers"][0]["gap_half_days"]

    assert (gap(), gap(away)) == (0, 1)
    assert halves(MONDAY, postings=postings, events=events, doctor="D2") == [PRESENT, PRESENT]


def test_who_stands_in_is_counted_once_with_a_posting_of_the_own_and_on_just_the_named_half_days_without():
    seat = {**POSTING, "id": "P1", "seat": "S"}
    own = {**POSTING, "id": "P2", "doctor": "D2", "clinics": ["C2"]}
    event = {"kind": "substitute", "seat": "S", "doctor": "D2", "for": "D1", "date": MONDAY, "half": "pm"}

    def there(*postings):
        known = Physician.of(made(postings=[seat, *postings], events=[event]), "D2").history()
        return [(half.half, half.posting_id, half.duty, half.status) for half in known.halves if half.date == dt.date(2026, 4, 13)]

    assert there(own) == [("am", "P2", True, "A"), ("pm", "P2", True, "A")]
    assert there() == [("pm", "", False, "A")]


# ---- as_of: what was not yet made is not there


def test_a_session_still_running_is_neither_present_nor_absent():
    assert halves(MONDAY, as_of=f"{MONDAY}T13:00") == [PRESENT, ("", None)]
    assert halves(MONDAY, as_of=f"{MONDAY}T11:59") == [("", None), ("", None)]


def test_absence_is_pending_while_a_correction_may_be_filed():
    absent = {"kind": "absent", "date": MONDAY}
    assert halves(MONDAY, events=[absent], as_of="2026-04-16T23:59") == [("P", None)] * 2
    assert halves(MONDAY, events=[absent], as_of="2026-04-17T00:00") == [ABSENT] * 2


def test_what_is_filed_later_is_not_there_and_what_is_decided_later_is_open():
    slip = {"kind": "leave", "date": MONDAY, "filed_at": "2026-04-10T09:00", "approved_at": "2026-04-20T09:00"}
    assert halves(MONDAY, events=[slip], as_of="2026-04-19T09:00") == [("P", None)] * 2
    assert halves(MONDAY, events=[slip], as_of="2026-04-20T09:00") == [("L", None)] * 2
    late = {"kind": "leave", "leave_type": "sick", "date": MONDAY, "filed_at": "2026-04-15T09:00"}
    assert halves(MONDAY, events=[late], as_of="2026-04-14T09:00") == [PRESENT] * 2
    asked = [scan("08:00", None), correction(out="12:00", decided_at="2026-05-01T09:00")]
    assert [halves(MONDAY, events=asked, as_of=at)[0][0] for at in ("2026-04-30T09:00", "2026-05-01T09:00")] == ["P", "A"]


def test_a_weak_scan_waits_for_its_countersign_as_long_as_for_a_correction():
    weak = [scan("08:00", "12:00", grade="C")]
    question = [{"ask": "continuity", "rule": "ZZ-37"}]
    lines = explained(events=weak, questions=question, as_of="2026-04-14T09:00")["answers"][0]["lines"]
    assert [(line["status"], line["reason"]) for line in lines] == [("P", "decision_pending"), ("P", "window_open")]
    assert halves(MONDAY, events=weak, as_of="2026-04-20T09:00") == [ABSENT] * 2


def test_with_everything_known_nothing_is_pending():
    events = [scan("08:00", None, grade="C"), correction(out="12:00", decision="pending"),
              {"kind": "leave", "date": "2026-04-14", "decision": "pending"}]  # fmt: skip
    assert {line[1] for line in reasons(events=events)} == {"X"}


# ---- properties


def test_the_order_of_events_changes_nothing():
    chance = random.Random(7)
    events = [
        {"id": "a", "kind": "leave", "from": MONDAY, "to": "2026-04-15"}, {"id": "b", "kind": "ordered", "date": "2026-04-15"},
        {"id": "c", "kind": "present", "date": "2026-04-14", "half": "am"}, {"id": "d", **scan("08:00", None)},
        {"id": "e", **correction(out="12:00")}, {"id": "f", "kind": "absent", "date": "2026-05-06"},
        {"id": "g", "kind": "leave", "from": "2026-06-01", "to": "2026-06-12", "leave_type": "sick"},
    ]  # fmt: skip
    question = [{"ask": "continuity", "rule": "ZZ-37"}, {"ask": "accumulate", "rule": "ZZ-04"}]
    first = explained(events=events, questions=question)["answers"]
    for _ in range(12):
        shuffled = chance.sample(events, len(events))
        assert json.dumps(explained(events=shuffled, questions=question)["answers"]) == json.dumps(first)
