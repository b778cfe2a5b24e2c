"""Dates and periods as a sentence names them."""

from __future__ import annotations

import datetime as dt

import pytest

from shared.rules.words.times import near, period_title, span

FIRST, LAST = dt.date(2026, 11, 9), dt.date(2026, 11, 15)


@pytest.mark.parametrize(("today", "title"), [
    (dt.date(2026, 11, 8), "11月9日至15日"), (FIRST, "本周"), (LAST, "本周"), (dt.date(2026, 11, 16), "11月9日至15日"),
])  # fmt: skip
def test_a_week_is_this_week_from_its_first_to_its_last_day(today, title):
    assert period_title("week", FIRST, LAST, today) == title


def test_a_span_over_two_months_or_years_names_both():
    assert span(dt.date(2026, 11, 30), dt.date(2026, 12, 6)) == "11月30日至12月6日"
    assert span(dt.date(2025, 12, 29), dt.date(2026, 12, 6)) == "12月29日至12月6日"


def test_a_date_of_the_running_week_is_its_weekday_and_a_later_one_its_date():
    assert (near(LAST, FIRST), near(dt.date(2026, 11, 16), FIRST)) == ("周日", "11月16日(周一)")


@pytest.mark.parametrize(("kind", "title"), [("week", "本周"), ("two_weeks", "本两周"), ("month", "本月")])
def test_each_running_period_has_its_word(kind, title):
    assert period_title(kind, FIRST, LAST, FIRST) == title
