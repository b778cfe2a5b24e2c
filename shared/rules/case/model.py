"""A case as values. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.calendar import Calendar
from shared.rules.accumulate import Credit
from shared.rules.days import HalfDay
from shared.rules.load import Programme
from shared.rules.terms import PostingTerms

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Mistake:
    """One problem of a case file: where (`events[2].from`), a code of continuity.md §6.7, and a Chinese sentence."""

    path: Path
    code: str
    message: str
    details: tuple[dict[str, str], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        found: dict[str, Any] = {"path": text_of(self.path), "code": self.code, "message": self.message}
        return {**found, "details": list(self.details)} if self.details else found


class CaseInvalid(ValueError):
    """A case file with mistakes: all of them, in the order of the file."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("; ".join(f"{text_of(one.path)}: {one.code}" for one in mistakes))
        self.mistakes = mistakes


def text_of(path: Path) -> str:
    """`("events", 2, "from")` as `events[2].from`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


@dataclass(frozen=True)
class Posting:
    """A posting of a case; `terms` is what the rules see of it."""

    terms: PostingTerms
    place: int


@dataclass(frozen=True)
class Event:
    """One event over the half-days first..last, of these only `half` where it is am or pm; `keys` = what its kind adds."""

    kind: str
    id: str
    doctor: str
    first: HalfDay
    last: HalfDay
    half: str
    keys: Mapping[str, Any]

    def covers(self, at: HalfDay) -> bool:
        """Whether the event lies over this half-day."""
        return self.first <= at <= self.last and self.half in ("both", at[1])

    def get(self, key: str, default: Any = None) -> Any:
        """A key of its kind."""
        return self.keys.get(key, default)


@dataclass(frozen=True)
class Question:
    """One question: its kind, and its parameters as given."""

    ask: str
    keys: Mapping[str, Any]
    place: int


@dataclass(frozen=True)
class Doctor:
    """What is known of a physician beside postings."""

    licence_since: dt.date | None = None
    title_since: dt.date | None = None
    title_rank: str | None = None


@dataclass(frozen=True)
class Case:
    """A whole case. `as_of` None = everything is known and all windows are closed."""

    programme: Programme
    calendar: Calendar
    as_of: dt.datetime | None
    present: bool
    """Whether a duty half-day without any record counts as attended."""
    postings: tuple[Posting, ...]
    events: tuple[Event, ...]
    credits: Mapping[str, tuple[Credit, ...]]
    questions: tuple[Question, ...]
    doctors: Mapping[str, Doctor] = field(default_factory=dict)
    expect: Mapping[str, Any] | None = None

    def of(self, kind: str, doctor: str | None = None) -> list[Event]:
        """The events of a kind (of one physician), in the order of the file."""
        return [event for event in self.events if event.kind == kind and doctor in (None, event.doctor)]

    def postings_of(self, doctor: str) -> list[PostingTerms]:
        """The physician's postings in order of start."""
        mine = [one.terms for one in self.postings if one.terms.person_id == doctor]
        return sorted(mine, key=lambda terms: (terms.start, terms.id))
