"""Workdays with 调休 and the periods of rule files. Pure: the calendar comes in as a value.

Dates are those of Asia/Shanghai. Periods are named as in rules.md §5: week `2026-W47`, two weeks `2026-11-16/2w`,
month `2026-11`, quarter `2026-Q4`, half year `2026-H1`, year `2026`. A week belongs to the month of its Thursday.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SHANGHAI = dt.timezone(dt.timedelta(hours=8), "Asia/Shanghai")
"""Fixed +08:00: China has kept no daylight saving since 1991, so midnights are exact without a zone database."""

WORKDAY, REST = "workday", "rest"


@dataclass(frozen=True)
class Calendar:
    """Which dates are workdays: exceptions to Mon-Fri, and the years whose official calendar is loaded.

    `days` maps a date to "workday" (调休) or "rest" (holiday); any other date is a workday Monday to Friday. A year
    outside `complete_years` is computed on Mon-Fri and makes its results provisional (domain.md §1, point 6).
    """

    days: Mapping[dt.date, str]
    complete_years: frozenset[int]
    version: str

    @classmethod
    def of(cls, days: Mapping[dt.date, str], complete_years: Iterable[int]) -> Calendar:
        """A calendar with its own version (sha256 over sorted days and years). ValueError for an unknown kind of day."""
        if wrong := sorted(set(days.values()) - {WORKDAY, REST}):
            raise ValueError(f"a day is workday or rest, not {', '.join(wrong)}")
        years = frozenset(complete_years)
        return cls(dict(days), years, calendar_version(days, years))

    def is_workday(self, day: dt.date) -> bool:
        """Whether people work on this date (Mon-Fri without holidays, plus 调休 days)."""
        kind = self.days.get(day)
        return day.weekday() < 5 if kind is None else kind == WORKDAY

    def is_provisional(self, day: dt.date) -> bool:
        """Whether the official calendar of the date's year is not loaded."""
        return day.year not in self.complete_years

    def is_provisional_between(self, first: dt.date, last: dt.date) -> bool:
        """Whether that of any year from first to last is not loaded."""
        return any(year not in self.complete_years for year in range(first.year, last.year + 1))

    def workdays(self, first: dt.date, last: dt.date) -> list[dt.date]:
        """The workdays from first to last, both included."""
        return [day for day in days_between(first, last) if self.is_workday(day)]

    def add_workdays(self, day: dt.date, count: int) -> dt.date:
        """The count-th workday after the date, the date itself not counted; the date for 0, backwards below 0."""
        step = dt.timedelta(days=1 if count > 0 else -1)
        for _ in range(abs(count)):
            day += step
            while not self.is_workday(day):
                day += step
        return day

    def last_workday_on_or_before(self, day: dt.date) -> dt.date:
        """Roll backward to a workday."""
        return day if self.is_workday(day) else self.add_workdays(day, -1)

    def first_workday_on_or_after(self, day: dt.date) -> dt.date:
        """Roll forward to a workday."""
        return day if self.is_workday(day) else self.add_workdays(day, 1)


def calendar_version(days: Mapping[dt.date, str], years: Iterable[int]) -> str:
    """`sha256:` + hex over the sorted days and complete years in use (rules.md, head)."""
    body = {"days": {day.isoformat(): days[day] for day in sorted(days)}, "years": sorted(years)}
    return "sha256:" + hashlib.sha256(json.dumps(body, separators=(",", ":")).encode()).hexdigest()


def local(instant: dt.datetime) -> dt.datetime:
    """The instant on the wall clock of Asia/Shanghai. ValueError for an instant without a time zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(SHANGHAI)


def local_date(instant: dt.datetime) -> dt.date:
    """The Shanghai date of an instant."""
    return local(instant).date()


def at(day: dt.date, time: dt.time) -> dt.datetime:
    """The instant of a wall-clock time of a date in Asia/Shanghai."""
    return dt.datetime.combine(day, time, SHANGHAI)


def midnight_after(day: dt.date) -> dt.datetime:
    """24:00 of the date: the first instant that no longer belongs to it."""
    return at(day + dt.timedelta(days=1), dt.time())


def days_between(first: dt.date, last: dt.date) -> list[dt.date]:
    """Every date from first to last, both included; empty when last is before first."""
    return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]


def monday_of(day: dt.date) -> dt.date:
    """The Monday of the date's ISO week."""
    return day - dt.timedelta(days=day.weekday())


@functools.lru_cache(maxsize=1024)
def iso_week(day: dt.date) -> str:
    """The name of the ISO week of a date; 2027-01-02 lies in `2026-W53`."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def week_days(name: str) -> list[dt.date]:
    """The seven dates, Monday first, of `2026-W47`. ValueError for a week that does not exist."""
    year, sep, week = name.partition("-W")
    if not sep or len(week) != 2:
        raise ValueError(f"not an ISO week: {name!r}")
    monday = dt.date.fromisocalendar(int(year), int(week), 1)
    return days_between(monday, monday + dt.timedelta(days=6))


def month_of_week(name: str) -> str:
    """The month a week belongs to: that of its Thursday (rules.md §5)."""
    return f"{week_days(name)[3]:%Y-%m}"


def month_days(name: str) -> list[dt.date]:
    """Every date of `2026-11`. ValueError for a text that is no month."""
    first = dt.date.fromisoformat(f"{name}-01")
    return days_between(first, (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1))


def weeks_of_month(name: str) -> list[str]:
    """The ISO weeks whose Thursday lies in the month, in order."""
    return [iso_week(day) for day in month_days(name) if day.weekday() == 3]


def quarter_days(name: str) -> list[dt.date]:
    """Every date of `2026-Q4`. ValueError for a text that is no quarter."""
    return _months_of(name, "Q", 3)


def half_year_days(name: str) -> list[dt.date]:
    """Every date of `2026-H1`. ValueError for a text that is no half-year."""
    return _months_of(name, "H", 6)


def year_days(name: str) -> list[dt.date]:
    """Every date of `2026`. ValueError for a text that is no year."""
    if len(name) != 4 or not name.isdigit():
        raise ValueError(f"not a year: {name!r}")
    return days_between(dt.date(int(name), 1, 1), dt.date(int(name), 12, 31))


def _months_of(name: str, letter: str, months: int) -> list[dt.date]:
    year, sep, number = name.partition(f"-{letter}")
    if not sep or len(year) != 4 or number not in [str(n + 1) for n in range(12 // months)]:
        raise ValueError(f"not a period of {months} months: {name!r}")
    last = int(number) * months
    return days_between(dt.date(int(year), last - months + 1, 1), month_days(f"{year}-{last:02d}")[-1])


def quarter_of(day: dt.date) -> str:
    """The quarter of a date, `2026-Q4`."""
    return f"{day.year:04d}-Q{(day.month - 1) // 3 + 1}"


def half_year_of(day: dt.date) -> str:
    """The half-year of a date, `2026-H1`."""
    return f"{day.year:04d}-H{(day.month - 1) // 6 + 1}"


def months_between(first: dt.date, last: dt.date) -> list[str]:
    """The names of the months that the dates from first to last touch, in order."""
    return list(dict.fromkeys(f"{day:%Y-%m}" for day in days_between(first, last)))


def weeks_between(first: dt.date, last: dt.date) -> list[str]:
    """The names of the ISO weeks that the dates from first to last touch, in order."""
    return list(dict.fromkeys(iso_week(day) for day in days_between(first, last)))


def two_weeks(start: dt.date, day: dt.date) -> str:
    """The name of the 14-day window holding `day`, counted from the Monday of the week in which `start` lies.

    Source: rules.md §5 `two_weeks` (anchor team_start_monday). ValueError for a day before the first window.
    """
    anchor = monday_of(start)
    if day < anchor:
        raise ValueError(f"{day} lies before the first window of {anchor}")
    monday = anchor + dt.timedelta(days=(day - anchor).days // 14 * 14)
    return f"{monday.isoformat()}/2w"


def two_weeks_days(name: str) -> list[dt.date]:
    """The fourteen dates of `2026-11-16/2w`. ValueError unless it names a Monday."""
    first = dt.date.fromisoformat(name.removesuffix("/2w"))
    if not name.endswith("/2w") or first.weekday() != 0:
        raise ValueError(f"not a two-week window: {name!r}")
    return days_between(first, first + dt.timedelta(days=13))
