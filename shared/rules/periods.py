"""Periods, windows only partly inside a posting, and weekly proration (rules.md §5, §5.1). Pure."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from shared import calendar as cal
from shared.calendar import Calendar
from shared.rules.durations import due

Span = tuple[dt.date, dt.date | None]
"""First and last date, both included; None = open."""

_DAYS: Mapping[str, Callable[[str], list[dt.date]]] = {
    "week": cal.week_days,
    "two_weeks": cal.two_weeks_days,
    "month": cal.month_days,
    "day": lambda name: [dt.date.fromisoformat(name)],
    "quarter": cal.quarter_days,
    "half_year": cal.half_year_days,
    "year": cal.year_days,
}
UNDATED = frozenset({"posting", "posting_start", "programme", "once"})
"""Periods named by a posting or by nothing: their dates are those of what they name."""
ENOUGH_DAYS = 7
"""A two-week window is required when at least this many of its days lie inside."""
ENOUGH_MONTHS = 6
"""A year is required when at least so many months of it lie inside the programme."""


@dataclass(frozen=True)
class Period:
    """A named period and its dates."""

    kind: str
    name: str
    days: tuple[dt.date, ...]

    @property
    def first(self) -> dt.date:
        """First date."""
        return self.days[0]

    @property
    def last(self) -> dt.date:
        """Last date."""
        return self.days[-1]

    def over(self, as_of: dt.datetime) -> bool:
        """Whether the period has ended in Asia/Shanghai: from 24:00 of its last date."""
        return as_of >= cal.midnight_after(self.last)


@functools.lru_cache(maxsize=1024)
def period(kind: str, name: str) -> Period:
    """The period of a kind that is laid out in days, by its name; laid out once for everybody. ValueError for a name that does
    not fit the kind."""
    if kind not in _DAYS:
        raise ValueError(f"periods of kind {kind!r} are not laid out in days")
    return Period(kind, name, tuple(_DAYS[kind](name)))


def inside(days: Iterable[dt.date], spans: Iterable[Span]) -> tuple[dt.date, ...]:
    """The dates that lie in any of the spans."""
    listed = list(spans)
    return tuple(day for day in days if any(a <= day and (b is None or day <= b) for a, b in listed))


def dates_that_count(days: Sequence[dt.date], postings: Iterable[Span], programme: Span) -> tuple[dt.date, ...]:
    """The dates of a window inside the postings and the programme.

    Postings wholly outside the programme's effective dates are judged all the same (continuity.md §6.1), so the
    programme narrows a window only when it holds some of its dates.
    """
    posted = inside(days, postings)
    return inside(posted, [programme]) or posted


def partial_window(window: Period, counting: Sequence[dt.date], calendar: Calendar) -> bool:
    """Whether a window is waived because too little of it lies inside (week, day: never; a week is prorated).

    `counting` are its dates inside postings and programme, in order; of a year six months must lie inside.
    """
    if window.kind == "two_weeks":
        return len(counting) < ENOUGH_DAYS
    if window.kind == "year":
        return not counting or due(counting[0], ENOUGH_MONTHS) > counting[-1]
    if window.kind in ("month", "quarter", "half_year"):
        workdays = [day for day in window.days if calendar.is_workday(day)]
        return 2 * sum(day in set(counting) for day in workdays) < len(workdays)
    return False


def prorated(threshold: int, workdays: int) -> int:
    """The effective weekly threshold for n workdays: 0 for none, else min(T, ceil(T·n/5)), never above T."""
    return min(threshold, -(-threshold * workdays // 5))
