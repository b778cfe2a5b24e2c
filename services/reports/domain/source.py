"""What the monthly report is made from: plain values, read once by store.py. Nothing here touches a database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.calendar import Calendar, at, days_between, local_date, month_days, two_weeks_days, weeks_of_month
from shared.progress.fold import DayFact, HalfFact
from shared.progress.judge import State

HALVES = ("am", "pm")
HALF_WORDS = {"am": "上午", "pm": "下午"}


@dataclass(frozen=True)
class ModeLine:
    """One [[mode]] of the programme: duty = workdays, roster or none; the sessions it knows."""

    id: str
    label: str
    duty: str
    sessions: tuple[str, ...] = HALVES


@dataclass(frozen=True)
class RuleLine:
    """A rule of the programme that the weekly block shows: threshold `value` in `unit` for each week or two weeks."""

    id: str
    metric: str
    value: int
    unit: str
    period: str
    per_clinic: bool
    modes: tuple[str, ...]
    basis: str = "text"


@dataclass(frozen=True)
class Setting:
    """A local setting as the annex prints it (本地设置)."""

    label: str
    value: str


@dataclass(frozen=True)
class ProgrammeLine:
    """The programme in force in the month. Days are workdays; `sign_workdays` follows the sign-off chain."""

    id: str
    title: str
    rules_version: str
    modes: Mapping[str, ModeLine]
    rules: tuple[RuleLine, ...]
    settings: tuple[Setting, ...]
    session_ends: Mapping[str, dt.time]
    leave_cap_workdays: int
    sign_workdays: tuple[int, ...]
    diary_hours: int | None = None


@dataclass(frozen=True)
class PostingLine:
    """A posting with the words a report prints; a source lists them by supporter, then in roster order."""

    id: str
    code: str
    person_id: str
    name: str
    supporter_id: str
    supporter: str
    department: str
    mode: str
    start: dt.date
    end: dt.date | None
    team: str = ""
    """`<pair>/<mode>`."""
    seat_id: str | None = None
    clinics: tuple[str, ...] = ()
    head: tuple[int, str] | None = None
    leave_before: int = 0
    """Leave half-days of the posting before the month, for the leave cap."""


@dataclass(frozen=True)
class SeatLine:
    """A seat of the recipient with the duty pattern of its mode."""

    id: str
    code: str
    supporter: str
    specialty: str
    mode: str
    start: dt.date
    end: dt.date | None


@dataclass(frozen=True)
class MonthSource:
    """Everything one report is a pure function of (reliability.md A7), with the words to print."""

    programme: ProgrammeLine
    calendar: Calendar
    recipient_id: str
    recipient_code: str
    recipient: str
    month: str
    cutoff: dt.datetime
    postings: tuple[PostingLine, ...] = ()
    days: Mapping[tuple[str, dt.date], DayFact] = field(default_factory=dict)
    states: tuple[State, ...] = ()
    seats: tuple[SeatLine, ...] = ()
    agreements: tuple[str, ...] = ()
    clinic_names: Mapping[str, str] = field(default_factory=dict)
    version: int = 0
    county: str = ""
    part_of: str | None = None
    """Whose part this is, in words (本人:王伟); None for the whole report."""

    @property
    def first(self) -> dt.date:
        """The first date of the month."""
        return month_days(self.month)[0]

    @property
    def last(self) -> dt.date:
        """The last date that is counted: the end of the month or the date of the data cut-off."""
        return min(month_days(self.month)[-1], local_date(self.cutoff))

    def weeks(self) -> list[str]:
        """The ISO weeks of the month (Thursday rule, rules.md §5)."""
        return weeks_of_month(self.month)

    def windows(self) -> list[str]:
        """Names of the two-week windows whose last day lies in the month; every Monday may be a team's anchor."""
        ends = [day for day in month_days(self.month) if day.weekday() == 6]
        return [f"{end - dt.timedelta(days=13)}/2w" for end in ends]

    def duty(self, posting: PostingLine) -> str:
        """The duty pattern of the posting's mode: workdays, roster or none."""
        return self.programme.modes[posting.mode].duty

    def dates(self, posting: PostingLine) -> list[dt.date]:
        """The counted dates of a posting within the month."""
        return days_between(max(posting.start, self.first), min(posting.end or self.last, self.last))

    def facts(self, posting: PostingLine) -> list[DayFact]:
        """The day facts of the posting's counted dates, in order; a date nobody has folded is absent."""
        found = (self.days.get((posting.id, day)) for day in self.dates(posting))
        return [fact for fact in found if fact is not None]

    def over(self, day: dt.date, half: str) -> bool:
        """Whether the session had ended at the data cut-off: before that nothing is due (U34)."""
        return at(day, self.programme.session_ends[half]) <= self.cutoff

    def on_duty(self, fact: DayFact, half: str) -> bool:
        """Whether a half-day counts as duty: it is one, and it is over or already decided."""
        return bool(fact.duty[half]) and (self.over(fact.date, half) or fact.halves[half].status in ("A", "O", "L"))


def attended(fact: DayFact) -> list[tuple[str, HalfFact]]:
    """The attended half-days of a date, on duty or not."""
    return [(half, fact.halves[half]) for half in HALVES if fact.halves[half].status == "A"]


def window_title(name: str) -> str:
    """`2026-11-16/2w` as people read it: 11-16至11-29."""
    days = two_weeks_days(name)
    return f"{days[0]:%m-%d}至{days[-1]:%m-%d}"


def week_title(name: str) -> str:
    """`2026-W47` as people read it: 第47周."""
    return f"第{int(name.partition('-W')[2])}周"
