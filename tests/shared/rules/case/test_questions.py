"""Questions of a case: what is wrong with them."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.shared.rules.case_files import POSTING, made, refused


@pytest.mark.parametrize(
    ("question", "problems"),
    [
        ("why", [("", "type")]),
        ({}, [("ask", "key_missing")]),
        ({"ask": 1}, [("ask", "type")]),
        ({"ask": "weather"}, [("ask", "ask_unknown")]),
        ({"ask": "continuity"}, [("rule", "key_missing")]),
        ({"ask": "continuity", "rule": "ZZ-37", "months": 6}, [("months", "value")]),
        ({"ask": "continuity", "months": 0}, [("months", "value")]),
        ({"ask": "continuity", "rule": "ZZ-37", "scope": "village"}, [("scope", "value")]),
        ({"ask": "continuity", "rule": "ZZ-09c"}, [("seat", "key_missing")]),
        ({"ask": "continuity", "rule": "ZZ-37", "scope": "team_slot", "seat": "S9"}, [("seat", "seat_unknown")]),
        ({"ask": "continuity", "rule": "ZZ-99"}, [("rule", "rule_unknown")]),
        ({"ask": "continuity", "rule": "ZZ-13"}, [("rule", "rule_kind")]),
        ({"ask": "accumulate", "rule": "ZZ-37"}, [("rule", "rule_kind")]),
        ({"ask": "quota", "rule": "ZZ-13"}, [("period", "key_missing")]),
        ({"ask": "quota", "rule": "ZZ-13", "period": "2026-11"}, [("period", "period_format")]),
        ({"ask": "quota", "rule": "ZZ-13", "period": "2026-W54"}, [("period", "period_format")]),
        ({"ask": "quota", "rule": "ZZ-13", "period": "1999-W20"}, [("period", "year_range")]),
        ({"ask": "quota", "rule": "ZZ-13", "period": 202647}, [("period", "type")]),
        ({"ask": "quota", "rule": "ZZ-11", "period": "2026-11-17/2w"}, [("period", "period_format")]),  # a Tuesday
        ({"ask": "quota", "rule": "ZZ-18", "period": "2026-Q5"}, [("period", "period_format")]),
        ({"ask": "quota", "rule": "ZZ-28", "period": "2026-H3"}, [("period", "period_format")]),
        ({"ask": "quota", "rule": "ZZ-22", "period": "26"}, [("period", "period_format")]),
        ({"ask": "quota", "rule": "ZZ-08", "period": "2026"}, [("period", "period_format")]),
        ({"ask": "quota", "rule": "ZZ-15", "period": "P7"}, [("period", "posting_unknown")]),
        ({"ask": "quota", "rule": "ZZ-13", "period": "2026-W47", "subject": "x"}, [("subject", "key_unknown")]),
        ({"ask": "quota", "rule": "ZZ-22", "period": "2026", "doctor": "D1"}, [("doctor", "key_unknown")]),
        ({"ask": "month", "rule": "ZZ-13", "period": "2026-W47"}, [("period", "period_format")]),
        ({"ask": "month", "rule": "ZZ-22", "period": "2026-11"}, [("rule", "rule_kind")]),
        ({"ask": "coverage"}, [("seat", "key_missing")]),
        ({"ask": "coverage", "seat": "S9"}, [("seat", "seat_unknown")]),
        ({"ask": "coverage", "seat": "S", "from": "2026-05-02", "to": "2026-05-01"}, [("to", "date_order")]),
        ({"ask": "deadlines", "rule": "ZZ-27"}, [("year", "key_missing")]),
        ({"ask": "deadlines", "rule": "ZZ-27", "year": 1999}, [("year", "year_range")]),
        ({"ask": "deadlines", "rule": "ZZ-27", "year": "2026"}, [("year", "type")]),
        ({"ask": "deadlines", "rule": "ZZ-26", "posting": "P7"}, [("posting", "posting_unknown")]),
        ({"ask": "deadlines", "rule": "ZZ-26", "year": 2026}, [("rule", "rule_kind")]),
        ({"ask": "deadlines", "rule": "ZZ-27", "posting": "P1"}, [("rule", "rule_kind")]),
        ({"ask": "growth", "rule": "ZZ-07"}, [("year", "key_missing")]),
        ({"ask": "ban", "rule": "ZZ-36"}, [("rule", "rule_kind")]),  # criticism, no period
        ({"ask": "due", "start": "2026-02-29", "months": 6}, [("start", "date")]),
        ({"ask": "due", "start": "2026-02-28"}, [("months", "key_missing")]),
        ({"ask": "day"}, [("date", "key_missing")]),
        ({"ask": "day", "date": "2026-04-13", "half": "am"}, [("half", "key_unknown")]),
    ],
)
def test_what_is_wrong_with_a_question(question, problems):
    found = refused(postings=[{**POSTING, "seat": "S"}], questions=[question])
    assert found == [(f"questions[0].{path}" if path else "questions[0]", code) for path, code in problems]


@pytest.mark.parametrize("question", [
    {"ask": "continuity", "rule": "ZZ-37", "doctor": "D1", "scope": "pair"}, {"ask": "continuity", "months": 600},
    {"ask": "continuity", "months": 1, "scope": "team_slot", "seat": "S"}, {"ask": "accumulate", "rule": "ZZ-04", "doctor": "D1"},
    {"ask": "quota", "rule": "ZZ-13", "period": "2026-W47", "doctor": "D1"}, {"ask": "quota", "rule": "ZZ-11", "period": "2026-11-16/2w"},
    {"ask": "quota", "rule": "ZZ-18", "period": "2026-Q4", "doctor": "D1"}, {"ask": "quota", "rule": "ZZ-28", "period": "2026-H2"},
    {"ask": "quota", "rule": "ZZ-22", "period": "2026", "subject": "S1"}, {"ask": "quota", "rule": "ZZ-08", "period": "programme"},
    {"ask": "quota", "rule": "ZZ-15", "period": "P1"}, {"ask": "month", "rule": "ZZ-13", "period": "2026-11", "doctor": "D1"},
    {"ask": "coverage", "seat": "S", "from": "2026-05-01", "to": "2026-05-01"}, {"ask": "deadlines", "rule": "ZZ-27", "year": 2026},
    {"ask": "deadlines", "rule": "ZZ-26", "posting": "P1"}, {"ask": "deadlines", "rule": "ZZ-26", "on": "2026-05-01"},
    {"ask": "growth", "rule": "ZZ-07", "year": 2026}, {"ask": "ban", "rule": "ZZ-42", "doctor": "D1"},
    {"ask": "due", "start": "2026-02-28", "months": 0}, {"ask": "due", "start": "2026-02-28", "months": 600},
    {"ask": "day", "date": "2026-04-13", "doctor": "D1"},
])  # fmt: skip
def test_every_way_of_asking_is_taken_and_kept_as_it_was_asked(question):
    (found,) = made(postings=[{**POSTING, "seat": "S"}], questions=[question]).questions
    dates = {key: dt.date.fromisoformat(value) for key, value in question.items() if key in ("from", "to", "on", "start", "date")}
    assert (found.ask, found.keys) == (question["ask"], {key: value for key, value in question.items() if key != "ask"} | dates)


@pytest.mark.parametrize(
    ("question", "problems"),
    [
        ({"ask": "funding", "rule": "SX-15"}, [("questions[0].posting", "key_missing")]),
        ({"ask": "funding", "rule": "SX-15", "persons": 2}, [("questions[0].months", "key_missing")]),
        ({"ask": "funding", "rule": "SX-15", "posting": "P1", "persons": 2, "months": 1}, [("questions[0].persons", "value")]),
        ({"ask": "funding", "rule": "SX-15", "posting": "P1"}, []),
    ],
)
def test_a_subsidy_is_asked_for_a_posting_or_for_persons_and_months(question, problems):
    assert refused(programme="shanxi-2012", questions=[question]) == problems


@pytest.mark.parametrize(("year", "problems"), [(1999, ["year_range"]), (2000, []), (2099, []), (2100, ["year_range"])])
def test_a_period_lies_in_the_years_a_case_may_name(year, problems):
    assert [code for _, code in refused(questions=[{"ask": "quota", "rule": "ZZ-22", "period": str(year)}])] == problems
