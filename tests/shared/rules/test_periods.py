"""Proration and windows that lie only partly inside (rules.md §5, golden case G20)."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.calendar import at, days_between
from shared.rules.periods import dates_that_count, inside, partial_window, period, prorated
from tests.shared.official import MONDAY_TO_FRIDAY, OFFICIAL


@pytest.mark.parametrize(("n", "three", "two"), [(0, 0, 0), (1, 1, 1), (2, 2, 1), (3, 2, 2), (4, 3, 2), (5, 3, 2),
                                                  (6, 3, 2), (7, 3, 2)])  # fmt: skip
def test_the_effective_threshold_follows_the_workdays(n, three, two):
    assert (prorated(3, n), prorated(2, n)) == (three, two)


@given(st.integers(1, 14), st.integers(0, 7))
def test_the_effective_threshold_never_exceeds_t_and_never_falls_with_more_workdays(threshold, n):
    assert 0 <= prorated(threshold, n) <= threshold
    assert prorated(threshold, n) <= prorated(threshold, n + 1)
    assert prorated(threshold, 5) == threshold


@pytest.mark.parametrize(
    ("monday", "n", "thresholds"),
    [
        (dt.date(2026, 2, 9), 6, (3, 2)),  # with the worked Saturday 14 February
        (dt.date(2026, 2, 16), 0, (0, 0)),
        (dt.date(2026, 2, 23), 5, (3, 2)),
        (dt.date(2026, 4, 6), 4, (3, 2)),
        (dt.date(2026, 9, 14), 6, (3, 2)),
        (dt.date(2026, 9, 21), 4, (3, 2)),
        (dt.date(2026, 9, 28), 3, (2, 2)),
        (dt.date(2026, 10, 5), 3, (2, 2)),
        (dt.date(2025, 12, 29), 4, (3, 2)),
    ],
)
def test_g20_workdays_and_thresholds_of_holiday_weeks(monday, n, thresholds):
    workdays = OFFICIAL.workdays(monday, monday + dt.timedelta(days=6))
    assert len(workdays) == n
    assert (prorated(3, n), prorated(2, n)) == thresholds


def test_a_monday_to_friday_calendar_would_invent_a_deficit_in_the_holiday_week():
    assert len(MONDAY_TO_FRIDAY.workdays(dt.date(2026, 2, 16), dt.date(2026, 2, 22))) == 5


def test_a_period_is_over_from_midnight_in_shanghai():
    week = period("week", "2026-W47")
    assert (week.first, week.last) == (dt.date(2026, 11, 16), dt.date(2026, 11, 22))
    assert not week.over(dt.datetime(2026, 11, 22, 15, 59, 59, tzinfo=dt.UTC))
    assert week.over(dt.datetime(2026, 11, 22, 16, tzinfo=dt.UTC))
    assert week.over(at(dt.date(2026, 11, 23), dt.time()))


def test_periods_of_other_kinds_are_not_laid_out_in_days():
    with pytest.raises(ValueError, match="programme"):
        period("programme", "x")


@pytest.mark.parametrize(("days", "waived"), [(0, True), (6, True), (7, False), (14, False)])
def test_a_two_week_window_is_required_from_seven_days_inside(days, waived):
    window = period("two_weeks", "2026-11-16/2w")
    assert partial_window(window, window.days[:days], OFFICIAL) is waived


@pytest.mark.parametrize(("last", "waived"), [(15, True), (16, False)])
def test_a_month_is_required_from_half_of_its_workdays_inside(last, waived):
    window = period("month", "2026-11")  # 21 workdays: 10 lie before the 14th, 11 up to the 16th
    inside_days = days_between(dt.date(2026, 11, 1), dt.date(2026, 11, last))
    assert partial_window(window, inside_days, OFFICIAL) is waived


def test_a_week_is_never_waived_for_being_partial():
    week = period("week", "2026-W47")
    assert partial_window(week, week.days[:1], OFFICIAL) is False


def test_only_dates_inside_postings_and_programme_count():
    week = period("week", "2026-W47").days
    posting = (dt.date(2026, 11, 18), None)
    assert inside(week, [posting]) == week[2:]
    assert dates_that_count(week, [posting], (dt.date(2021, 1, 1), dt.date(2026, 11, 20))) == week[2:5]


def test_two_postings_in_one_week_count_together():
    week = period("week", "2026-W47").days
    first, second = (dt.date(2026, 3, 2), dt.date(2026, 11, 17)), (dt.date(2026, 11, 20), None)
    assert inside(week, [first, second]) == (*week[:2], *week[4:])


def test_a_posting_wholly_outside_the_programme_is_judged_all_the_same():
    week = period("week", "2026-W47").days
    over = (dt.date(2021, 7, 2), dt.date(2025, 12, 31))
    assert dates_that_count(week, [(dt.date(2026, 3, 2), None)], over) == week
