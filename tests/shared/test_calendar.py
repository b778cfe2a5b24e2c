"""Workdays with 调休, periods, Shanghai midnights."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import calendar as cal
from shared.calendar import Calendar
from tests.shared.official import MONDAY_TO_FRIDAY, OFFICIAL

DATES = st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31))


@pytest.mark.parametrize(
    ("day", "workday"),
    [
        (dt.date(2026, 1, 4), True),  # Sunday worked for New Year
        (dt.date(2026, 2, 14), True),  # Saturday
        (dt.date(2026, 2, 16), False),  # Monday of the Spring Festival
        (dt.date(2026, 5, 9), True),
        (dt.date(2026, 9, 20), True),
        (dt.date(2026, 10, 7), False),
        (dt.date(2026, 11, 21), False),  # an ordinary Saturday
        (dt.date(2026, 11, 23), True),
    ],
)
def test_make_up_days_are_worked_and_holidays_are_not(day, workday):
    assert OFFICIAL.is_workday(day) is workday


def test_november_2026_has_21_workdays():
    assert len(OFFICIAL.workdays(dt.date(2026, 11, 1), dt.date(2026, 11, 30))) == 21


def test_a_year_without_published_calendar_is_provisional_and_taken_as_monday_to_friday():
    assert OFFICIAL.is_provisional(dt.date(2027, 1, 1))
    assert not OFFICIAL.is_provisional(dt.date(2026, 12, 31))
    spans = [(2025, 2026), (2026, 2027), (2024, 2025), (2024, 2027), (2027, 2027)]
    assert [OFFICIAL.is_provisional_between(dt.date(a, 12, 31), dt.date(b, 12, 31)) for a, b in spans] == [False, True, True, True, True]
    assert OFFICIAL.is_workday(dt.date(2027, 1, 1))


@pytest.mark.parametrize(
    ("start", "count", "reached"),
    [
        (dt.date(2026, 11, 20), 0, dt.date(2026, 11, 20)),
        (dt.date(2026, 11, 20), 3, dt.date(2026, 11, 25)),  # over a weekend
        (dt.date(2026, 9, 30), 1, dt.date(2026, 10, 8)),  # over the National Day holiday
        (dt.date(2026, 5, 8), 1, dt.date(2026, 5, 9)),  # a Saturday that is worked
        (dt.date(2026, 10, 8), -1, dt.date(2026, 9, 30)),
    ],
)
def test_workdays_are_added_without_counting_the_day_itself(start, count, reached):
    assert OFFICIAL.add_workdays(start, count) == reached


@pytest.mark.parametrize(
    ("nominal", "backward", "forward"),
    [
        (dt.date(2026, 6, 20), dt.date(2026, 6, 18), dt.date(2026, 6, 22)),  # a Saturday inside 端午
        (dt.date(2026, 12, 20), dt.date(2026, 12, 18), dt.date(2026, 12, 21)),  # a Sunday
        (dt.date(2026, 2, 14), dt.date(2026, 2, 14), dt.date(2026, 2, 14)),  # a worked Saturday stays
    ],
)
def test_deadlines_roll_to_workdays(nominal, backward, forward):
    assert OFFICIAL.last_workday_on_or_before(nominal) == backward
    assert OFFICIAL.first_workday_on_or_after(nominal) == forward


def test_the_version_names_days_and_years_and_nothing_else():
    same = Calendar.of(dict(reversed(OFFICIAL.days.items())), {2026, 2025})
    assert same.version == OFFICIAL.version
    assert Calendar.of(OFFICIAL.days, {2026}).version != OFFICIAL.version
    assert Calendar.of({}, {2025, 2026}).version != OFFICIAL.version


def test_a_day_is_a_workday_or_a_rest_day_and_nothing_else():
    with pytest.raises(ValueError, match="half"):
        Calendar.of({dt.date(2026, 1, 1): "half"}, {2026})


def test_the_shanghai_date_begins_at_16_00_utc():
    before = dt.datetime(2026, 11, 22, 15, 59, 59, 999000, tzinfo=dt.UTC)
    assert cal.local_date(before) == dt.date(2026, 11, 22)
    assert cal.local_date(before + dt.timedelta(milliseconds=1)) == dt.date(2026, 11, 23)
    assert cal.midnight_after(dt.date(2026, 11, 22)) == dt.datetime(2026, 11, 22, 16, tzinfo=dt.UTC)


@given(DATES)
def test_every_shanghai_day_has_24_hours(day):
    assert cal.midnight_after(day) - cal.at(day, dt.time()) == dt.timedelta(hours=24)


def test_an_instant_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        cal.local_date(dt.datetime(2026, 11, 22, 8))  # noqa: DTZ001 - the refused value


@pytest.mark.parametrize(
    ("day", "week", "month"),
    [
        (dt.date(2026, 11, 16), "2026-W47", "2026-11"),
        (dt.date(2026, 11, 30), "2026-W49", "2026-12"),  # its Thursday is 3 December
        (dt.date(2027, 1, 2), "2026-W53", "2026-12"),  # its Thursday is 31 December
        (dt.date(2025, 12, 29), "2026-W01", "2026-01"),
    ],
)
def test_a_week_belongs_to_the_month_of_its_thursday(day, week, month):
    assert cal.iso_week(day) == week
    assert cal.month_of_week(week) == month
    assert week in cal.weeks_of_month(month)


def test_the_weeks_of_november_2026_are_the_four_with_a_november_thursday():
    assert cal.weeks_of_month("2026-11") == ["2026-W45", "2026-W46", "2026-W47", "2026-W48"]


@given(DATES)
def test_every_date_lies_in_its_own_week_and_month(day):
    days = cal.week_days(cal.iso_week(day))
    assert day in days
    assert [d.weekday() for d in days] == list(range(7))
    assert day in cal.month_days(f"{day:%Y-%m}")


@given(DATES)
def test_every_week_belongs_to_exactly_one_month(day):
    week = cal.iso_week(day)
    touched = cal.months_between(*(cal.week_days(week)[n] for n in (0, -1)))
    assert [week in cal.weeks_of_month(month) for month in touched].count(True) == 1


def test_spans_name_the_months_and_weeks_they_touch():
    assert cal.months_between(dt.date(2026, 11, 30), dt.date(2027, 1, 1)) == ["2026-11", "2026-12", "2027-01"]
    assert cal.weeks_between(dt.date(2026, 11, 22), dt.date(2026, 11, 23)) == ["2026-W47", "2026-W48"]
    assert cal.days_between(dt.date(2026, 11, 2), dt.date(2026, 11, 1)) == []


@pytest.mark.parametrize("name", ["2026-47", "2026-W00", "2026-W54", "2026-W7", "", "week"])
def test_a_name_that_is_no_week_is_refused(name):
    with pytest.raises(ValueError, match=r".*"):
        cal.week_days(name)


@pytest.mark.parametrize("name", ["2026-13", "2026-1", "2026", "11-2026"])
def test_a_name_that_is_no_month_is_refused(name):
    with pytest.raises(ValueError, match=r".*"):
        cal.month_days(name)


def test_two_week_windows_count_from_the_monday_of_the_first_week():
    start = dt.date(2026, 11, 18)  # a Wednesday
    assert cal.two_weeks(start, start) == "2026-11-16/2w"
    assert cal.two_weeks(start, dt.date(2026, 11, 29)) == "2026-11-16/2w"
    assert cal.two_weeks(start, dt.date(2026, 11, 30)) == "2026-11-30/2w"
    assert cal.two_weeks_days("2026-11-16/2w")[-1] == dt.date(2026, 11, 29)


@given(DATES, st.integers(0, 400))
def test_every_later_date_lies_in_its_two_week_window(start, days):
    day = start + dt.timedelta(days=days)
    assert day in cal.two_weeks_days(cal.two_weeks(start, day))


@pytest.mark.parametrize("name", ["2026-11-17/2w", "2026-11-16", "2026-11-16/3w"])
def test_a_name_that_is_no_two_week_window_is_refused(name):
    with pytest.raises(ValueError, match=r".*"):
        cal.two_weeks_days(name)


def test_no_window_lies_before_the_team_began():
    with pytest.raises(ValueError, match="before"):
        cal.two_weeks(dt.date(2026, 11, 18), dt.date(2026, 11, 15))


@given(DATES, st.integers(1, 30))
def test_adding_workdays_lands_on_the_nth_workday(day, count):
    for calendar in (OFFICIAL, MONDAY_TO_FRIDAY):
        reached = calendar.add_workdays(day, count)
        assert calendar.is_workday(reached)
        assert len(calendar.workdays(day + dt.timedelta(days=1), reached)) == count
