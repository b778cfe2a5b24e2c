"""A case file is read completely, or refused with every problem at once in the order of the file."""

from __future__ import annotations

import json

import pytest

from shared.calendar import Calendar
from shared.rules.case import CaseInvalid, load
from shared.rules.load import Shipped
from tests.shared.rules.case_files import DUE, POSTING, case, explained, refused, wrong
from tests.shared.rules.golden_cases import read


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"", ("", "json_syntax")),
        (b"{", ("", "json_syntax")),
        (b"\xff\xfe", ("", "json_syntax")),  # not UTF-8
        (b'{"programme": NaN}', ("", "json_syntax")),
        (b'{"programme": "a", "programme": "b"}', ("", "json_syntax")),  # the first would be lost silently
        (b'{"title": "\\ud800"}', ("", "json_syntax")),  # half of a character
        (b"[" * 100_000, ("", "json_syntax")),
        (b'{"as_of": ' + b"1" * 5000 + b"}", ("", "json_syntax")),
        (b"[]", ("", "type")),
        (b"null", ("", "type")),
    ],
)
def test_what_is_no_case_at_all_is_one_problem(text, problem):
    assert wrong(text) == [problem]


def test_the_text_of_a_refused_case_has_a_line_for_each_problem_and_names_the_doubled_key():
    with pytest.raises(CaseInvalid) as twice:
        read(b'{"a": {"title": 1, "note": 1, "note": 2}}')
    assert "“note”" in twice.value.problems[0].message
    with pytest.raises(CaseInvalid) as found:
        read(b"{}")
    assert [line.split(": ")[:2] for line in str(found.value).split("\n")] == [["programme", "key_missing"], ["questions", "key_missing"]]
    assert found.value.problems[0].to_dict() == {"path": "programme", "code": "key_missing", "message": "缺少必填项“programme”"}


def test_a_clinic_is_free_to_name_where_nobody_is_posted():
    item = {"kind": "item", "metric": "trainings", "date": "2026-04-13", "clinic": "C9"}
    assert refused(postings=[], events=[item]) == []
    assert refused(events=[item]) == [("events[0].clinic", "clinic_unknown")]


def test_a_byte_order_mark_does_no_harm():
    assert wrong(b"\xef\xbb\xbf" + json.dumps(case()).encode()) == []


def test_deep_nesting_where_anything_may_stand_is_ignored():
    note = json.loads("[" * 200 + "]" * 200)
    assert refused(note=note) == []


@pytest.mark.parametrize(
    ("keys", "problems"),
    [
        ({"questions": []}, [("questions", "value")]),
        ({"questions": {}}, [("questions", "type")]),
        ({"postings": 1}, [("postings", "type")]),
        ({"events": "none"}, [("events", "type")]),
        ({"credits": {}}, [("credits", "type")]),
        ({"doctors": []}, [("doctors", "type")]),
        ({"doctors": {"D1": {"title_rank": "king", "born": 1}}},
         [("doctors.D1.title_rank", "value"), ("doctors.D1.born", "key_unknown")]),
        ({"settings": []}, [("settings", "type")]),
        ({"calendar": 7}, [("calendar", "type")]),
        ({"calendar": {"days": {"2027-02-30": "rest", "2027-01-04": "free"}, "years": [1999, "2027"], "x": 1}},
         [("calendar.days.2027-02-30", "date"), ("calendar.days.2027-01-04", "value"),
          ("calendar.years[0]", "year_range"), ("calendar.years[1]", "type"), ("calendar.x", "key_unknown")]),
        ({"as_of": "2026-05-01T25:00"}, [("as_of", "date")]),
        ({"as_of": 20260501}, [("as_of", "type")]),
        ({"default_attendance": "maybe"}, [("default_attendance", "value")]),
        ({"default_attendance": None}, [("default_attendance", "type")]),
        ({"colour": 1}, [("colour", "key_unknown")]),
        ({"programme": "atlantis"}, [("programme", "programme_unknown")]),
        ({"programme": 5}, [("programme", "type")]),
        ({"programme": {"file": "absent.toml"}}, [("programme", "programme_unknown")]),
        ({"programme": {"file": "a\0b.toml"}}, [("programme", "programme_unknown")]),
    ],
)  # fmt: skip
def test_the_top_of_a_case(keys, problems):
    assert refused(**keys) == problems


def test_what_is_missing_is_named():
    assert wrong(b"{}") == [("programme", "key_missing"), ("questions", "key_missing")]


def test_all_problems_come_at_once_in_the_order_of_the_file():
    text = json.dumps({
        "questions": [{"ask": "quota", "rule": "ZZ-13"}, {"ask": "riddle"}],
        "postings": [{"start": "2026-13-01", "end": "2026-09-01"}, {"start": "2026-05-02", "end": "2026-05-01", "mode": "x"}],
        "zebra": 1,
        "events": [{"kind": "leave", "from": "2026-04-10", "to": "2026-04-09"}, {"kind": "party"}],
        "programme": "zhongzhan-2021",
    }).encode()  # fmt: skip
    assert wrong(text) == [
        ("questions[0].period", "key_missing"), ("questions[1].ask", "ask_unknown"), ("postings[0].start", "date"),
        ("postings[1].end", "date_order"), ("postings[1].mode", "mode_unknown"), ("zebra", "key_unknown"),
        ("events[0].to", "date_order"), ("events[1].kind", "value"),
    ]  # fmt: skip


def test_no_problem_brings_another_that_is_not_there():
    """A posting with a wrong date is still a posting: its id, seat and clinic are known."""
    problems = refused(
        postings=[{"id": "P", "seat": "S", "clinics": ["C"], "start": "2026-02-30", "end": "2026-09-01"}],
        events=[{"kind": "present", "date": "2026-04-13", "clinic": "C"}],
        questions=[{"ask": "coverage", "seat": "S"}, {"ask": "deadlines", "rule": "ZZ-26", "posting": "P"}],
    )
    assert problems == [("postings[0].start", "date")]


def test_an_unknown_programme_does_not_hide_what_else_is_wrong():
    problems = refused(programme="atlantis", postings=[POSTING, {**POSTING, "clinics": ["C1", "C2"]}],
                       questions=[{"ask": "coverage", "seat": "S"}])  # fmt: skip
    assert problems == [
        ("programme", "programme_unknown"), ("postings[1]", "posting_overlap"), ("questions[0].seat", "seat_unknown"),
    ]  # fmt: skip


def test_expectations_must_be_there_when_they_are_to_be_compared():
    def problems(**keys):
        with pytest.raises(CaseInvalid) as found:
            load(json.dumps(case(**keys)).encode(), Shipped(), Calendar.of({}, ()), lambda _: b"", expected=True)
        return [(one.path, one.code) for one in found.value.problems]

    assert problems() == [("expect", "key_missing")]
    assert problems(expect=[]) == [("expect", "type")]


def test_a_rule_file_beside_the_case_is_read_and_its_problems_are_told():
    bad = b'schema = "duikou-rules/1"\n'
    with pytest.raises(CaseInvalid) as found:
        load(json.dumps(case(programme={"file": "x.toml"})).encode(), Shipped(), Calendar.of({}, ()), lambda _: bad)
    problem = found.value.problems[0].to_dict()
    assert (problem["path"], problem["code"]) == ("programme", "programme_invalid")
    assert {"file", "rule", "key", "code", "message"} == set(problem["details"][0])
    assert "table_missing" in {detail["code"] for detail in problem["details"]}


def test_added_days_and_years_decide_what_is_a_workday_and_what_is_provisional():
    question = [{"ask": "continuity", "rule": "ZZ-37"}]
    posting = [{"start": "2026-11-23", "end": "2027-06-30"}]
    plain = explained(postings=posting, questions=question)
    loaded = explained(postings=posting, questions=question, calendar={"years": [2027]})
    assert (plain["answers"][0]["result"], loaded["answers"][0]["result"]) == ("provisional", "met")
    spring = {"2027-02-08": "rest", "2027-02-06": "workday"}
    days = explained(postings=posting, calendar={"days": spring},
                     questions=[{"ask": "day", "date": day} for day in spring])  # fmt: skip
    assert [day["workday"] for day in days["answers"]] == [False, True]


def test_what_is_only_for_people_is_ignored():
    plain = explained()
    assert plain == explained(case="G0", title="x", note={"any": [1.5]}, checked=True, checked_note=None, expect=None)
    assert plain["answers"] == [{**DUE, "due": "2026-06-30"}]
