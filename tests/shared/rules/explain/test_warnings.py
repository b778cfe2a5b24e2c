"""What somebody should look at although nothing is wrong."""

from __future__ import annotations

import json

import pytest

from shared.rules.case import load
from shared.rules.explain import answer
from shared.rules.load import PROGRAMMES
from tests.shared.rules.case_files import MONDAY, POSTING, case, explained
from tests.shared.rules.golden_cases import official

OPEN_END = {"programme.effective_to": None}


def warned(**keys):
    found = explained(settings=keys.pop("settings", OPEN_END), **keys)["warnings"]
    assert all(any("一" <= letter <= "鿿" for letter in one["message"]) for one in found)
    return [(one["path"], one["code"]) for one in found]


def test_a_plain_case_warns_of_nothing():
    assert warned() == []


def test_each_posting_not_wholly_inside_the_effective_dates_is_told_once():
    postings = [{"start": "2025-01-06", "end": "2025-06-30"}, {"start": "2025-10-09", "end": "2026-01-09"},
                {"start": "2026-02-02", "end": None}]  # fmt: skip
    questions = [{"ask": "continuity", "rule": "ZZ-37"}, {"ask": "accumulate", "rule": "ZZ-04"}]
    assert warned(settings={}, postings=postings, questions=questions, as_of="2026-03-02") == [
        ("postings[1]", "outside_effective_period"), ("postings[2]", "outside_effective_period"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "question",
    [
        {"ask": "quota", "rule": "ZZ-22", "period": "2026"},
        {"ask": "quota", "rule": "ZZ-13", "period": "2026-W01"},
        {"ask": "month", "rule": "ZZ-13", "period": "2026-01"},
        {"ask": "deadlines", "rule": "ZZ-27", "year": 2026},
        {"ask": "growth", "rule": "ZZ-07", "year": 2026},
    ],
)
def test_without_postings_the_period_asked_about_is_looked_at(question):
    assert ("questions[0]", "outside_effective_period") in warned(settings={}, postings=[], questions=[question])
    assert warned(settings={}, questions=[question])[0] == ("postings[0]", "outside_effective_period")


def test_an_attribute_a_rule_filters_by_that_nobody_wrote_down():
    question = {"ask": "quota", "rule": "ZZ-18", "period": "2026-Q2"}
    postings = [{**POSTING, "specialty": "surgery"}, {**POSTING, "clinics": ["C2"]}]
    assert warned(postings=postings, questions=[question, question]) == [("postings[1]", "where_unknown")]
    assert warned(postings=[{**POSTING, "specialty": "tcm"}], questions=[question]) == []


def test_a_channel_is_asked_of_entries_and_of_no_posting():
    question = {"ask": "quota", "rule": "SQ-09", "period": "2024-Q2"}
    assert warned(programme="suqian-key-areas-2023", postings=[{"start": "2024-01-02", "end": "2024-12-31"}], questions=[question]) == []


def test_the_title_of_the_physician_stands_for_that_of_the_posting():
    text = (PROGRAMMES / "zhongzhan-2021.toml").read_text().replace('{ mode = ["resident"] }', '{ title_rank = ">=attending" }')
    question = {"ask": "quota", "rule": "ZZ-13", "period": "2026-W16"}

    def result(**keys):
        told = json.dumps(case(programme={"file": "zhongzhan-2021.toml"}, questions=[question], **keys)).encode()
        found = answer(load(told, {}, official(), lambda _: text.encode()))
        return found["answers"][0]["result"], [one["code"] for one in found["warnings"]][1:]

    assert result() == ("not_applicable", ["where_unknown"])
    assert result(doctors={"D1": {"title_rank": "physician"}}) == ("not_applicable", [])
    assert result(doctors={"D1": {"title_rank": "chief"}}) == ("not_met", [])


def test_an_answer_that_waits_for_a_calendar():
    postings = [{"start": "2026-11-23", "end": "2027-06-30"}]
    questions = [
        {"ask": "continuity", "rule": "ZZ-37"}, {"ask": "quota", "rule": "ZZ-13", "period": "2026-W50"},
        {"ask": "quota", "rule": "ZZ-13", "period": "2027-W10"}, {"ask": "month", "rule": "ZZ-13", "period": "2027-03"},
        {"ask": "deadlines", "rule": "ZZ-27", "year": 2027}, {"ask": "due", "start": "2027-01-01", "months": 6},
    ]  # fmt: skip
    assert warned(postings=postings, questions=questions) == [
        (f"questions[{place}]", "calendar_year") for place in (0, 2, 3, 4)
    ]
    assert warned(postings=postings, questions=questions[:4], calendar={"years": [2027]}) == []


@pytest.mark.parametrize("event", [
    {"kind": "present", "date": MONDAY, "half": "am"},
    {"kind": "scan", "date": MONDAY, "in": "08:00", "out": "12:00"},
    {"kind": "correction", "date": MONDAY, "half": "am", "filed_at": MONDAY},
])  # fmt: skip
def test_presence_inside_a_leave(event):
    leave = {"kind": "leave", "from": MONDAY, "to": "2026-04-17"}
    assert warned(events=[leave, event]) == [("events[1]", "present_and_leave")]
    assert warned(events=[{**leave, "from": "2026-04-14"}, event]) == []


def test_a_scan_too_short_to_count_is_no_presence_inside_a_leave():
    leave, scan = {"kind": "leave", "date": MONDAY}, {"kind": "scan", "date": MONDAY, "in": "08:00", "out": "09:00"}
    assert warned(events=[leave, scan]) == []


@pytest.mark.parametrize("kind", ["present", "absent", "leave", "ordered"])
def test_an_event_on_no_date_of_any_posting(kind):
    inside = {"kind": kind, "from": "2026-02-27", "to": "2026-03-02"}
    assert warned(events=[inside, {"kind": kind, "date": "2026-10-08"}, {**inside, "doctor": "D2"}]) == [
        ("events[1]", "event_outside_posting"), ("events[2]", "event_outside_posting"),
    ]  # fmt: skip


def test_a_substitute_needs_no_posting_of_the_own():
    postings = [{**POSTING, "seat": "S"}]
    substitute = {"kind": "substitute", "seat": "S", "doctor": "D2", "date": MONDAY}
    assert warned(postings=postings, events=[substitute]) == []
    ended = [*postings, {**POSTING, "seat": "T", "doctor": "D3", "end": "2026-04-10"}]
    assert warned(postings=ended, events=[{**substitute, "seat": "T"}]) == [("events[0]", "event_outside_posting")]
    outside = {**substitute, "date": "2026-12-01"}
    assert warned(postings=postings, events=[outside]) == [("events[0]", "event_outside_posting")]
