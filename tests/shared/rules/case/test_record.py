"""From events to what is on record: what is known from which day, and who stood in for whom where."""

from __future__ import annotations

import pytest

from tests.shared.rules.case_files import MONDAY, POSTING, explained, halves


def test_presence_at_two_clinics_on_one_half_day_is_marked_and_the_first_by_name_stands():
    events = [{"kind": "present", "date": MONDAY, "half": "am", "clinic": clinic} for clinic in ("C2", "C1")]
    found = explained(postings=[{**POSTING, "clinics": ["C1", "C2"]}], events=events, questions=[{"ask": "day", "date": MONDAY}])
    assert [(one["clinic"], one["flags"]) for one in found["answers"][0]["sessions"]] == [("C1", ["two_clinics"]), ("C1", [])]


def test_a_finding_is_known_from_the_day_it_was_confirmed():
    finding = {"kind": "finding", "trigger": "falsification_confirmed", "decision": "confirmed", "confirmed_on": "2026-05-06",
               "by_role": "county_officer", "officer": "经办人甲"}  # fmt: skip

    def banned(as_of):
        return explained(events=[finding], as_of=as_of, questions=[{"ask": "ban", "rule": "ZZ-42"}])["answers"][0]["result"]

    assert [banned("2026-05-05T23:59"), banned("2026-05-06T00:00")] == ["none", "banned"]


@pytest.mark.parametrize(("second", "flags"), [("2026-04-16", ["leave_split"]), ("2026-04-17", [])])
def test_touching_slips_that_together_need_a_higher_level_are_flagged(second, flags):
    """Three workdays the recipient may grant; three and one more without a duty half-day between are not its to grant."""
    first = {"kind": "leave", "from": MONDAY, "to": "2026-04-15", "approved_by": "recipient_admin"}
    events = [first, {"kind": "leave", "date": second, "approved_by": "recipient_admin"}]
    found = explained(events=events, questions=[{"ask": "continuity", "rule": "ZZ-37"}])
    assert found["answers"][0]["flags"] == flags


@pytest.mark.parametrize(("since", "months"), [("title", 4), ("licence", 2)])
def test_accumulation_counts_from_the_licence_or_the_title_where_a_programme_says_so(since, months):
    """1 June and 1 August to 30 September."""
    known = {"D1": {"title_since": "2026-06-01", "licence_since": "2026-08-01"}}
    found = explained(settings={"accumulate.count_since": since}, doctors=known, questions=[{"ask": "accumulate", "rule": "ZZ-04"}])
    assert found["answers"][0]["total"] == {"months": months, "days": 0}


@pytest.mark.parametrize(("as_of", "number"), [("2026-04-12T23:59", 0), ("2026-04-13T00:00", 1)])
def test_an_entry_is_known_from_its_date_and_a_stay_from_its_last(as_of, number):
    events = [{"kind": "item", "date": MONDAY, "metric": "ward_rounds"}, {"kind": "stay", "from": "2026-01-05", "to": MONDAY}]
    questions = [{"ask": "quota", "rule": "ZZ-14", "period": "2026-W16"}, {"ask": "quota", "rule": "ZZ-22", "period": "2026"}]
    found = explained(events=events, as_of=as_of, questions=questions)["answers"]
    assert [one["groups"][0]["value"] for one in found] == [number, number]


def test_an_outpatient_entry_of_a_half_day_that_was_missed_counts_in_no_reading():
    logged = [{"kind": "outpatient", "date": f"2026-04-{day}", "half": "am", "visits": 9} for day in (13, 14, 15)]
    question = {"ask": "quota", "rule": "ZZ-13", "period": "2026-W16"}

    def found(*events):
        answer = explained(events=[*logged, *events], questions=[question])["answers"][0]
        return answer["groups"][0]["value"], answer["result"]

    assert found() == (3, "met")
    assert found({"kind": "absent", "date": MONDAY}) == (2, "not_met")


def test_somebody_posted_elsewhere_stands_in_at_the_clinic_of_the_seat():
    own = {"id": "P2", "doctor": "D2", "recipient": "R2", "clinics": ["C9"], "start": "2026-03-02", "end": "2026-09-30"}
    seat = {"id": "P1", "doctor": "D1", "seat": "S", "clinics": ["C1"], "start": "2026-03-02", "end": "2026-09-30"}
    events = [{"kind": "leave", "doctor": "D1", "date": MONDAY},
              {"kind": "substitute", "seat": "S", "doctor": "D2", "for": "D1", "date": MONDAY, "half": "am"}]  # fmt: skip
    assert halves(MONDAY, doctor="D2", postings=[seat, own], events=events) == [("A", "C1"), ("A", "C9")]


@pytest.mark.parametrize("day", [POSTING["start"], POSTING["end"]])
def test_leave_covers_the_first_and_the_last_date_of_a_posting(day):
    assert [status for status, _ in halves(day, events=[{"kind": "leave", "date": day}])] == ["L", "L"]


def test_a_stand_in_for_mornings_fills_mornings_only():
    seat = [{**POSTING, "id": "P1", "doctor": "D1", "seat": "S"}]
    events = [{"kind": "leave", "doctor": "D1", "from": MONDAY, "to": "2026-04-14"},
              {"kind": "substitute", "seat": "S", "doctor": "D2", "for": "D1", "from": MONDAY, "to": "2026-04-14", "half": "am"}]  # fmt: skip
    found = explained(postings=seat, events=events, questions=[{"ask": "coverage", "seat": "S"}])["answers"][0]
    assert found["substitutes"] == [{"doctor": "D2", "half_days": 2}]
    assert [(gap["from"], gap["from_half"], gap["half_days"]) for gap in found["gaps"]] == [(MONDAY, "pm", 1), ("2026-04-14", "pm", 1)]
