"""The calendar's override table: load a file into it all at once or not at all, and show what is in use.

Every result carries the calendar's version. A load changes no stored figure by itself: the next fold of a day (a new
fact, or `zhudian rebuild MONTH`) judges by the new version.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.roster.domain.overrides import LineMistake, Overrides, read
from services.roster.store.load import lock
from services.roster.usecases.programmes import database_made
from shared.calendar import Calendar, year_days
from shared.directory import lookup, published
from shared.directory.models import CalendarDay, CalendarYear
from shared.problems import Problem
from shared.service import Runtime


class CalendarInvalid(Problem):
    """The calendar file has mistakes, all of them in `errors` as {line, value, reason}; nothing was stored."""

    status, slug, title = 422, "calendar-invalid", "日历文件有 {n} 处需要修改,没有保存"

    def __init__(self, mistakes: Sequence[LineMistake]) -> None:
        self.mistakes = tuple(mistakes)
        errors = [mistake.to_dict() for mistake in mistakes]
        super().__init__(f"{len(errors)} mistakes in the calendar file", n=len(errors), errors=errors)


@dataclass(frozen=True)
class Loaded:
    """What a load did: days and years that are new, days whose kind changed, and the calendar's version from now on."""

    added: int
    changed: int
    unchanged: int
    years: list[int]
    calendar_version: str

    def to_dict(self) -> dict[str, object]:
        """As the answer of the API and of `--json`."""
        return asdict(self)


def load_overrides(rt: Runtime, data: bytes) -> Loaded:
    """Add the days and complete years of a file to the override table. Raises CalendarInvalid, then nothing is stored."""
    with rt.db.transaction() as session:
        lock(session)
        known = {day.year for day in lookup.calendar(session).days}
        found = read(data, known)
        if found.mistakes:
            raise CalendarInvalid(found.mistakes)
        return _store(session, found)


def _store(session: Session, found: Overrides) -> Loaded:
    stored = {row.date: row for row in session.scalars(sa.select(CalendarDay).where(CalendarDay.date.in_(found.days)))}
    complete = set(session.scalars(sa.select(CalendarYear.year)))
    changed = {day for day, row in stored.items() if row.kind != found.days[day]}
    for day, kind in found.days.items():
        if day not in stored:
            session.add(CalendarDay(date=day, kind=kind))
        elif day in changed:
            stored[day].kind = kind
    session.add_all(CalendarYear(year=year) for year in found.years - complete)
    session.flush()
    return Loaded(
        added=len(found.days) - len(stored), changed=len(changed), unchanged=len(stored) - len(changed),
        years=sorted(found.years - complete), calendar_version=lookup.calendar(session).version,
    )  # fmt: skip


@dataclass(frozen=True)
class Year:
    """A year of the calendar in use: whether it is complete, workdays by month, the days that differ from Mon-Fri.

    `overrides` are the days of the override table among them and besides them.
    """

    year: int
    complete: bool
    workdays: list[int]
    days: list[dict[str, str]]
    overrides: list[dict[str, str]]
    calendar_version: str

    def to_dict(self) -> dict[str, object]:
        """As the answer of the API and of `--json`."""
        return asdict(self)


def show(rt: Runtime, year: int) -> Year:
    """The calendar of a year as everything is counted by it; without a database the published one."""
    calendar, own = published.calendar(), []
    if database_made(rt):
        with rt.db.read() as session:
            calendar = lookup.calendar(session)
            query = sa.select(CalendarDay).order_by(CalendarDay.date)
            own = [_named(row.date, row.kind) for row in session.scalars(query) if row.date.year == year]
    days = year_days(f"{year:04d}")
    return Year(
        year=year, complete=not calendar.is_provisional(days[0]), workdays=_by_month(calendar, days),
        days=[_named(day, calendar.days[day]) for day in days if day in calendar.days], overrides=own,
        calendar_version=calendar.version,
    )  # fmt: skip


def years(rt: Runtime) -> list[int]:
    """The years the override table says something about, rising."""
    with rt.db.read() as session:
        own = {day.year for day in session.scalars(sa.select(CalendarDay.date))}
        return sorted(own | set(session.scalars(sa.select(CalendarYear.year))))


def _named(day: dt.date, kind: str) -> dict[str, str]:
    return {"date": day.isoformat(), "kind": kind}


def _by_month(calendar: Calendar, days: Sequence[dt.date]) -> list[int]:
    return [sum(day.month == month and calendar.is_workday(day) for day in days) for month in range(1, 13)]
