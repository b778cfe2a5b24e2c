"""Postings and credits of a case: what is wrong with them, and their defaults."""

from __future__ import annotations

import pytest

from tests.shared.rules.case_files import POSTING, explained, made, refused

ROUNDS = {"start": "2026-10-12", "end": "2027-04-11", "mode": "rounds"}


@pytest.mark.parametrize(
    ("postings", "problems"),
    [
        ([{}], [("postings[0].start", "key_missing"), ("postings[0].end", "key_missing")]),
        ([7], [("postings[0]", "type")]),
        ([{"start": "2026-02-30", "end": "2026/09/30"}], [("postings[0].start", "date"), ("postings[0].end", "date")]),
        ([{"start": "1999-12-31", "end": "2100-01-01"}], [("postings[0].start", "year_range"), ("postings[0].end", "year_range")]),
        ([{"start": 2026, "end": "2026-09-30"}], [("postings[0].start", "type")]),
        ([{"start": "2026-09-02", "end": "2026-09-01"}], [("postings[0].end", "date_order")]),
        ([{"start": "2026-09-02", "end": None}], [("postings[0].end", "open_posting_without_as_of")]),
        ([{**POSTING, "mode": "floating"}], [("postings[0].mode", "mode_unknown")]),
        ([ROUNDS], [("postings[0].roster", "roster_missing")]),
        ([{**ROUNDS, "roster": []}], [("postings[0].roster", "value")]),
        ([{**ROUNDS, "roster": [{"weekday": "mon", "half": "am", "clinic": "C9"}]}],
         [("postings[0].roster[0].clinic", "clinic_unknown")]),
        ([{**ROUNDS, "roster": [{"half": "noon", "clinic": "C1"}]}],
         [("postings[0].roster[0].weekday", "key_missing"), ("postings[0].roster[0].half", "value")]),
        ([{**ROUNDS, "roster": [{"weekday": "mon", "date": "2026-10-12", "half": "am", "clinic": "C1"}]}],
         [("postings[0].roster[0].weekday", "value")]),
        ([POSTING, {"id": "P1", "start": "2027-01-04", "end": "2027-03-01"}], [("postings[1].id", "id_duplicate")]),
        ([{**POSTING, "clinics": []}], [("postings[0].clinics", "value")]),
        ([{**POSTING, "end_approved": "yes"}], [("postings[0].end_approved", "type")]),
        ([{**POSTING, "end_reason": "tired"}], [("postings[0].end_reason", "value")]),
        ([{**POSTING, "salary": 1}], [("postings[0].salary", "key_unknown")]),
        ([POSTING, {"start": "2026-09-30", "end": "2026-12-31"}], [("postings[1]", "posting_overlap")]),
        ([POSTING, {"start": "2026-09-30", "end": "2026-12-31", "recipient": "R2"}], [("postings[1]", "posting_overlap")]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_posting(postings, problems):
    assert refused(postings=postings) == problems


@pytest.mark.parametrize("other", [{"clinics": ["C2"]}, {"doctor": "D2"}, {"mode": "taskforce"}, {"start": "2026-10-01"}])
def test_postings_may_overlap_with_another_clinic_doctor_or_mode(other):
    assert refused(postings=[POSTING, {"start": "2026-09-30", "end": "2026-12-31", **other}]) == []


def test_an_open_posting_with_as_of_is_fine():
    assert refused(postings=[{"start": "2026-09-02", "end": None}], as_of="2026-10-01") == []


@pytest.mark.parametrize(
    ("credit", "problems"),
    [
        ({"from": "2024-02-01"}, [("credits[0].to", "key_missing")]),
        ({"from": "2024-02-01", "to": "2024-01-31"}, [("credits[0].to", "date_order")]),
        ({"from": "2024-02-01", "to": "2024-07-31", "counts": "holiday"}, [("credits[0].counts", "value")]),
        ({"from": "2024-02-01", "to": "2024-07-31", "ratio": "1/0"}, [("credits[0].ratio", "value")]),
        ({"from": "2024-02-01", "to": "2024-07-31", "ratio": -1}, [("credits[0].ratio", "value")]),
        ({"from": "2024-02-01", "to": "2024-07-31", "ratio": True}, [("credits[0].ratio", "type")]),
        ({"from": "2024-02-01", "to": "2024-07-31", "cap_months": -1}, [("credits[0].cap_months", "value")]),
    ],
)
def test_what_is_wrong_with_a_credit(credit, problems):
    assert refused(credits=[credit]) == problems


def test_credits_have_their_own_ids():
    span = {"from": "2024-02-01", "to": "2024-07-31"}
    assert refused(credits=[{**span, "id": "K2"}, span]) == [("credits[1].id", "id_duplicate")]


def test_a_ratio_is_read_exactly():
    span = {"from": "2024-01-01", "to": "2024-09-30", "counts": None}
    question = [{"ask": "accumulate", "rule": "ZZ-04"}]
    def parts(ratio):
        return explained(credits=[{**span, "ratio": ratio}], questions=question)["answers"][0]["parts"][0]

    assert (parts("1/3")["months"], parts("1/3")["days"], parts("1/3")["ratio"]) == (3, 0, "1/3")
    assert parts(0.1)["ratio"] == "1/10"


def test_ids_doctor_supporter_recipient_clinic_and_mode_have_defaults():
    found = explained(questions=[{"ask": "continuity", "rule": "ZZ-37"}, {"ask": "day", "date": "2026-04-13"}])
    segment = found["answers"][0]["segments"][0]
    assert (found["answers"][0]["doctor"], segment["postings"], segment["recipient"]) == ("D1", ["P1"], "R1")
    assert found["answers"][1]["sessions"][0]["clinic"] == "C1"


def test_weekday_entries_apply_on_workdays_and_dated_ones_where_they_stand():
    roster = [{"weekday": "sat", "half": "am", "clinic": "C1"}, {"date": "2026-10-18", "half": "pm", "clinic": "C1"}]
    days = ("2026-10-10", "2026-10-17", "2026-10-18")  # a Saturday worked (调休), one not worked, a Sunday
    found = explained(postings=[{**ROUNDS, "start": "2026-10-05", "roster": roster}],
                      questions=[{"ask": "day", "date": day} for day in days])  # fmt: skip
    assert [[one["duty"] for one in day["sessions"]] for day in found["answers"]] == [[True, False], [False, False], [False, True]]


def test_a_posting_that_a_case_does_not_hold_is_an_error() -> None:
    known = made()
    assert known.posting("P1").id == "P1"
    with pytest.raises(KeyError, match="P9"):
        known.posting("P9")
