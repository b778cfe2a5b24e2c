"""Single values of a case file: what each reader takes, and what it says of everything else."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from shared.calendar import SHANGHAI
from shared.rules.case import fields as f
from shared.rules.case.problem import Problems

COUNT, CHOICE, NAMES = f.integer(2, 5), f.one_of(("am", "pm")), f.list_of(f.text, empty=False)
CITY = {"name": f.required(f.text), "beds": f.optional(COUNT), "kind": f.given(CHOICE)}


def at(*when: int) -> dt.datetime:
    return dt.datetime(*when, tzinfo=SHANGHAI)


@pytest.mark.parametrize(("read", "written", "value"), [
    (f.text, "柳岸", "柳岸"), (f.text, "x" * 2000, "x" * 2000), (f.anything, None, None), (f.anything, [1.5], [1.5]),
    (f.boolean, True, True), (f.boolean, False, False), (COUNT, 2, 2), (COUNT, 5, 5), (f.year, 2000, 2000), (f.year, 2099, 2099),
    (CHOICE, "pm", "pm"), (f.date, "2000-01-01", dt.date(2000, 1, 1)), (f.date, "2099-12-31", dt.date(2099, 12, 31)),
    (f.clock, "08:05", dt.time(8, 5)), (f.instant, "2026-04-13", at(2026, 4, 13)),
    (f.instant, "2026-04-13T08:05", at(2026, 4, 13, 8, 5)), (f.ratio, 1, Fraction(1)), (f.ratio, 0, Fraction(0)), (f.ratio, 100, Fraction(100)),
    (f.ratio, Decimal("0.1"), Fraction(1, 10)), (f.ratio, Decimal("0.123456789012"), Fraction("0.123456789012")),
    (f.ratio, "1/3", Fraction(1, 3)), (f.ratio, "0.25", Fraction(1, 4)), (NAMES, ["甲", "乙"], ("甲", "乙")), (f.list_of(f.text), [], ()),
])  # fmt: skip
def test_a_good_value_is_read_as_its_type_and_nothing_is_said(read: f.Reader, written: Any, value: Any) -> None:
    problems = Problems()
    assert read(written, "here", problems) == value
    assert problems.found == []


@pytest.mark.parametrize(("read", "written", "code"), [
    (f.text, 1, "type"), (f.text, " ", "value"), (f.text, "x" * 2001, "value"), (f.boolean, 1, "type"), (f.boolean, None, "type"),
    (COUNT, True, "type"), (COUNT, 2.0, "type"), (COUNT, 1, "value"), (COUNT, 6, "value"), (f.year, True, "type"), (f.year, "2026", "type"),
    (f.year, 1999, "year_range"), (f.year, 2100, "year_range"), (CHOICE, 1, "type"), (CHOICE, "noon", "value"),
    (f.date, 20260413, "type"), (f.date, "2026-02-30", "date"), (f.date, "20260413", "date"), (f.date, "1999-12-31", "year_range"),
    (f.date, "2026-04-13 ", "date"), (f.clock, 8, "type"), (f.clock, "8:05", "value"), (f.clock, "24:00", "value"), (f.instant, 8, "type"),
    (f.instant, "2026-02-30T08:00", "date"), (f.instant, "2100-01-01T08:00", "year_range"), (f.instant, "2026-04-13T25:00", "date"),
    (f.instant, "2026-04-13T", "date"), (f.ratio, True, "type"), (f.ratio, None, "type"), (f.ratio, "1/0", "value"), (f.ratio, "half", "value"),
    (f.ratio, Decimal("0.1234567890123"), "value"), (f.ratio, Decimal("1E+13"), "value"), (f.ratio, -1, "value"), (f.ratio, 101, "value"),
    (NAMES, "甲", "type"), (NAMES, [], "value"),
])  # fmt: skip
def test_a_bad_value_is_named_once_where_it_stands_and_is_not_used(read: f.Reader, written: Any, code: str) -> None:
    problems = Problems()
    assert read(written, "here", problems) is f.BAD
    assert [(one.path, one.code) for one in problems.found] == [("here", code)]


def test_a_bad_entry_is_left_out_of_its_list() -> None:
    problems = Problems()
    assert f.list_of(COUNT)([3, 9, 4], "here", problems) == (3, 4)
    assert [(one.path, one.code) for one in problems.found] == [("here[1]", "value")]


@pytest.mark.parametrize(("written", "value", "problems"), [
    ({"name": "甲", "beds": 3, "kind": "am"}, {"name": "甲", "beds": 3, "kind": "am"}, []),
    ({"name": "甲", "beds": None}, {"name": "甲", "beds": None}, []),
    ({}, {}, [("here.name", "key_missing")]),
    ({"name": None}, {}, [("here.name", "type")]),
    ({"name": "甲", "kind": None}, {"name": "甲"}, [("here.kind", "type")]),
    ({"name": "甲", "beds": 9, "colour": 1}, {"name": "甲"}, [("here.beds", "value"), ("here.colour", "key_unknown")]),
    ([], {}, [("here", "type")]),
])  # fmt: skip
def test_an_object_gives_its_good_keys_and_names_the_others(written: Any, value: Any, problems: list[tuple[str, str]]) -> None:
    noted = Problems()
    assert f.read_object(written, "here", noted, CITY) == value
    assert [(one.path, one.code) for one in noted.found] == problems
