"""A posting as the rules see it: what a filter may ask of it, and which dates it holds."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.factories.service import posting

FIRST, LAST = dt.date(2026, 3, 2), dt.date(2026, 9, 1)
KNOWN = {"mode": "rounds", "specialty": "surgery", "title_rank": "chief", "recipient_level": "basic"}


@pytest.mark.parametrize(("name", "supporter"), [(None, "S1"), ("市人民医院", "市人民医院")])
def test_a_filter_may_ask_five_things_and_knows_the_supporter_by_name_where_there_is_one(name: str | None, supporter: str) -> None:
    one = posting(FIRST, LAST, **KNOWN, supporter_name=name)
    assert one.attributes() == {**KNOWN, "supporter": supporter}


@pytest.mark.parametrize(("end", "day", "held"), [
    (LAST, "2026-03-01", False), (LAST, "2026-03-02", True), (LAST, "2026-09-01", True), (LAST, "2026-09-02", False),
    (None, "2026-03-01", False), (None, "2099-12-31", True),
])  # fmt: skip
def test_both_ends_belong_to_a_posting_and_an_open_one_has_no_last_day(end: dt.date | None, day: str, held: bool) -> None:
    assert posting(FIRST, end).holds(dt.date.fromisoformat(day)) is held
