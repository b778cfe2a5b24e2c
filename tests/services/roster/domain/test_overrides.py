"""A file of calendar overrides is read completely, or every mistake is named with its line."""

from __future__ import annotations

import datetime as dt

import pytest

from services.roster.domain.overrides import MAX_BYTES, read

NEW_YEAR, SATURDAY = dt.date(2027, 1, 1), dt.date(2027, 1, 2)
CSV = "日期,类别\n# 国务院办公厅通知\n2027-01-01,休息\n2027-01-02,上班\n\n2027,完整\n"
JSON = '{"days": {"2027-01-01": "rest", "2027-01-02": "workday"}, "years": [2027]}'


@pytest.mark.parametrize("text", [CSV, JSON, "\ufeff" + CSV, CSV.replace("\n", "\r\n"),
                                  "date,kind\n2027-01-01,rest\n2027-01-02,workday\n2027,complete"])  # fmt: skip
def test_both_forms_say_the_same(text: str):
    found = read(text.encode(), ())
    assert (found.mistakes, found.days, found.years) == ([], {NEW_YEAR: "rest", SATURDAY: "workday"}, {2027})


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        ("2027-02-30,休息\n2027-1-1,休息\n2027-01-01,放假\n1999-01-01,休息\n2027-W01-1,休息",
         [(1, "2027-02-30"), (2, "2027-1-1"), (3, "放假"), (4, "1999-01-01"), (5, "2027-W01-1")]),
        ("2027-01-01,休息\n2027-01-01,上班", [(2, "2027-01-01")]),
        ("2027-01-01", [(1, "2027-01-01")]),
        ("2027-01-01,休息,元旦", [(1, "2027-01-01,休息,元旦")]),
        ("二〇二七,完整\n2027-01-01,休息", [(1, "二〇二七")]),
        ("2028,完整\n2027-01-01,休息", [(1, "2028")]),
        ("", [(1, "")]),
        ("\n\n日期,类别\n", [(1, "")]),
        ('{\n "days": {\n  "2027-02-30": "rest",\n  "2027-01-01": "work"\n },\n "years": ["2027", true],\n "x": 1\n}',
         [(3, "2027-02-30"), (4, "work"), (6, "2027"), (6, "True"), (7, "x")]),
        ('{"days": {"2027-01-01": "rest",\n"2027-01-01": "workday"}}', [(2, "2027-01-01")]),
        ('{"days": [],\n"years": {}}', [(1, "days"), (2, "years")]),
        ('{"days": {"2027-01-01": null}}', [(1, "None")]),
        ('{\n"days": ,}', [(2, "")]),
        ("[1]", [(1, "")]),
        ("[" * 100_000, [(1, "")]),
        ('{"years": [2028]}', [(1, "2028")]),
    ],
)  # fmt: skip
def test_every_mistake_is_named_with_its_line(text: str, mistakes: list[tuple[int, str]]):
    found = read(text.encode(), ())
    assert [(one.line, one.value) for one in found.mistakes] == mistakes
    assert all(one.reason for one in found.mistakes)


def test_bytes_that_are_no_utf8_and_files_too_large_are_refused():
    assert [one.line for one in read("日期,类别\n".encode() + b"\xd0\xdd,x", ()).mistakes] == [2]
    assert len(read(b"x" * (MAX_BYTES + 1), ()).mistakes) == 1


def test_a_year_may_be_declared_complete_when_its_days_are_there_already():
    assert read(b'{"years": [2027]}', {2027}).mistakes == []
