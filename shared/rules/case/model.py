"""A case file as values: what `zhudian explain` calculates from (continuity.md §6.1-6.5). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.attendance.session import HALVES
from shared.calendar import Calendar, days_between
from shared.rules.accumulate import Credit
from shared.rules.days import HalfDay
from shared.rules.load import Programme
from shared.rules.terms import PostingTerms

NOWHERE: HalfDay = (dt.date.min, "am")
"""Where an event lies that has no date of its own: a figure, a finding."""


@dataclass(frozen=True)
class Event:
    """One event over the half-days first..last, of these only `only` where it is am or pm; `keys` = what its kind adds,
    typed, defaults filled in; `path` = where it stands in the file."""

    kind: str
    id: str
    doctor: str
    path: str
    first: HalfDay = NOWHERE
    last: HalfDay = NOWHERE
    only: str | None = None
    keys: Mapping[str, Any] = field(default_factory=dict)

    def get(self, key: str, default: Any = None) -> Any:
        """What the kind adds under this key."""
        return self.keys.get(key, default)

    def days(self) -> list[dt.date]:
        """Every date the event is about; none for one that has no date."""
        return [] if self.first == NOWHERE else days_between(self.first[0], self.last[0])

    def covers(self, at: HalfDay) -> bool:
        """Whether the event lies over this half-day."""
        return self.first <= at <= self.last and self.only in (None, at[1])

    def halves(self) -> Iterator[HalfDay]:
        """The half-days the event is about, in time order."""
        yield from ((day, half) for day in self.days() for half in HALVES if self.covers((day, half)))


@dataclass(frozen=True)
class Question:
    """One question: what is asked, its parameters as given, and where it stands in the file."""

    ask: str
    path: str
    keys: Mapping[str, Any]

    def get(self, key: str, default: Any = None) -> Any:
        """A parameter."""
        return self.keys.get(key, default)

    @property
    def doctor(self) -> str:
        """The physician asked about; "D1" where none is named."""
        return str(self.keys.get("doctor", "D1"))


@dataclass(frozen=True)
class Doctor:
    """What is known of a physician beside postings."""

    licence_since: dt.date | None = None
    title_since: dt.date | None = None
    title_rank: str | None = None


@dataclass(frozen=True)
class Case:
    """A valid case. `as_of` None = everything is known and all windows are closed; `present`: a duty half-day without
    any record counts as attended; `credits` by physician; `places` maps a posting to where it stands in the file."""

    programme: Programme
    calendar: Calendar
    as_of: dt.datetime | None
    present: bool
    postings: tuple[PostingTerms, ...]
    events: tuple[Event, ...]
    credits: Mapping[str, tuple[Credit, ...]]
    questions: tuple[Question, ...]
    places: Mapping[str, str]
    doctors: Mapping[str, Doctor] = field(default_factory=dict)
    expect: Mapping[str, Any] | None = None

    def postings_of(self, doctor: str) -> tuple[PostingTerms, ...]:
        """The postings of a physician in order of start."""
        return tuple(sorted((p for p in self.postings if p.person_id == doctor), key=lambda p: (p.start, p.id)))

    def posting(self, posting_id: str) -> PostingTerms:
        """The posting of this id. KeyError when there is none."""
        for posting in self.postings:
            if posting.id == posting_id:
                return posting
        raise KeyError(posting_id)

    def events_of(self, doctor: str | None, *kinds: str) -> Iterator[Event]:
        """The events of a physician (None: of all) of these kinds, in the order of the file."""
        return (e for e in self.events if e.kind in kinds and doctor in (None, e.doctor))
