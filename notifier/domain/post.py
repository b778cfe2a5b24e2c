"""One posting as its reminders see it: what it owes by the calendar, what the folds say of its days. Pure."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.attendance.session import HALVES
from shared.calendar import Calendar, days_between, monday_of
from shared.progress.facts import DayFact, HalfFact, PostingTerms
from shared.progress.fold import Facts, fold_day
from shared.progress.state import State
from shared.rules.days import Pattern, Slip
from shared.rules.durations import DAY
from shared.rules.load import Programme, Rule

LOOK_BACK = 16
"""Days a duty day may lie back and still be the last one: the longest holiday is shorter."""


@dataclass(frozen=True)
class Post:
    """A posting, its folded days, the states of this week, its leave, half-days a supervisor has noted."""

    terms: PostingTerms
    programme: Programme
    calendar: Calendar
    now: dt.datetime
    leader: bool = False
    name: str = ""
    days: Mapping[dt.date, DayFact] = field(default_factory=dict)
    states: tuple[State, ...] = ()
    slips: tuple[Slip, ...] = ()
    noted: frozenset[tuple[dt.date, str]] = frozenset()
    corrections_left: int | None = None

    @functools.cached_property
    def _pattern(self) -> Pattern:
        return Pattern.of(self.programme, self.terms)

    @property
    def subject(self) -> str:
        """`posting:<id>`."""
        return f"posting:{self.terms.id}"

    def owed(self, day: dt.date) -> dict[str, bool]:
        """Which sessions of a date are duty half-days."""
        return self._pattern.owed(self.calendar, day)

    def on_duty(self, day: dt.date) -> bool:
        """Whether a date has a duty half-day."""
        return any(self.owed(day).values())

    def duty_days(self, first: dt.date, last: dt.date) -> list[dt.date]:
        """The duty days from first to last, both included."""
        return [day for day in days_between(first, last) if self.on_duty(day)]

    def duty_days_of_week(self, day: dt.date) -> list[dt.date]:
        """The duty days of the ISO week of a date."""
        monday = monday_of(day)
        return self.duty_days(monday, monday + 6 * DAY)

    def duty_day_before(self, day: dt.date) -> dt.date | None:
        """The last duty day before a date."""
        return next(iter(reversed(self.duty_days(day - LOOK_BACK * DAY, day - DAY))), None)

    def fact(self, day: dt.date) -> DayFact:
        """What the folds say of a date; one nobody folded yet stands without a record."""
        return self.days.get(day) or fold_day(self.programme, self.calendar, self.terms, Facts.of(()), day, self.now)

    def missing(self, day: dt.date) -> list[str]:
        """The half-days of a date without a record, or left open, that a correction may still supply and nobody explained."""
        halves = self.fact(day).halves
        return [half for half in HALVES if _missing(halves[half]) and (day, half) not in self.noted]

    def unexplained(self, day: dt.date) -> list[str]:
        """The half-days of a date that are missing, or stand as absent without a note."""
        halves = self.fact(day).halves
        return [half for half in HALVES if (halves[half].status == "X" and (day, half) not in self.noted) or half in self.missing(day)]

    @property
    def diary_rule(self) -> Rule | None:
        """The rule that asks for a diary of each attended day."""
        asked = (rule for rule in self.programme.rules if (rule.get("due") or {}).get("every") == "attended_day")
        return next(asked, None)


def _missing(half: HalfFact) -> bool:
    return (half.status == "P" and half.reason == "window_open") or (half.open and half.status != "A")


def date_words(day: dt.date) -> str:
    """「11月4日」."""
    return f"{day.month}月{day.day}日"
