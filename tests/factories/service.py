"""Postings and the half-days of a physician as the rules see them, made from a few words: attended unless said otherwise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from shared.attendance.session import HALVES
from shared.calendar import SHANGHAI, Calendar, days_between
from shared.rules.days import HalfDay, Pattern, session_over
from shared.rules.history import Half, History
from shared.rules.load import Programme, shipped
from shared.rules.terms import PostingTerms

ZHONGZHAN = shipped()["zhongzhan-2021"]


@dataclass(frozen=True)
class Spell:
    """What the half-days first..last were instead of attended; on rest days only `worked` is there at all."""

    status: str
    reason: str | None
    first: HalfDay
    last: HalfDay
    corrected: bool = False
    record_ref: bool | None = None


def day(text: str | dt.date) -> dt.date:
    """`2026-03-02` as a date."""
    return text if isinstance(text, dt.date) else dt.date.fromisoformat(text)


def instant(text: str) -> dt.datetime:
    """`2026-03-02T18:00` in Asia/Shanghai."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def spell(status: str, reason: str | None, first: str | dt.date, last: str | dt.date | None = None, **keys: Any) -> Spell:
    """A spell over whole dates, both included; `half` = am or pm narrows a single date."""
    begin, end = day(first), day(last or first)
    half = keys.pop("half", None)
    return Spell(status, reason, (begin, half or "am"), (end, half or "pm"), **keys)


def absent(first: str | dt.date, last: str | dt.date | None = None, **keys: Any) -> Spell:
    """Away without cover."""
    return spell("X", "absent", first, last, **keys)


def leave(first: str | dt.date, last: str | dt.date | None = None, **keys: Any) -> Spell:
    """Valid leave; `reason` its type."""
    return spell("L", keys.pop("reason", "personal"), first, last, **keys)


def ordered(first: str | dt.date, last: str | dt.date | None = None, **keys: Any) -> Spell:
    """Valid ordered work; `reason` its kind."""
    return spell("O", keys.pop("reason", "government"), first, last, **keys)


def pending(first: str | dt.date, last: str | dt.date | None = None, **keys: Any) -> Spell:
    """Half-days that still await a decision."""
    return spell("P", "decision_pending", first, last, **keys)


def worked(first: str | dt.date, last: str | dt.date | None = None, **keys: Any) -> Spell:
    """Attended, on rest days too."""
    return spell("A", None, first, last, **keys)


def posting(start: str | dt.date, end: str | dt.date | None, **keys: Any) -> PostingTerms:
    """A resident's posting at recipient R1; every attribute may be said otherwise."""
    usual: dict[str, Any] = {
        "id": "P1", "person_id": "D1", "programme_id": ZHONGZHAN.id, "supporter_id": "S1", "recipient_id": "R1",
        "clinics": ("C1",), "mode": "resident", "seat_id": None, "specialty": None, "title_rank": None,
        "recipient_level": None, "team_id": "S1-R1/resident",
    }  # fmt: skip
    return PostingTerms(**{**usual, **keys}, start=day(start), end=day(end) if end else None)


def settings(changes: Mapping[str, Any], programme: Programme = ZHONGZHAN) -> Programme:
    """The programme with these dotted settings said otherwise."""
    tables = {name: dict(table) for name, table in programme.settings.items()}
    for dotted, value in changes.items():
        table, _, key = dotted.partition(".")
        tables[table][key] = value
    return replace(programme, settings=tables)


def history(
    calendar: Calendar, *postings: PostingTerms, spells: Iterable[Spell] = (), as_of: str | None = None,
    programme: Programme = ZHONGZHAN, **keys: Any,
) -> History:  # fmt: skip
    """The physician's half-days; the last spell over a half-day says what it was. An open posting is listed to `as_of`."""
    told, now = list(spells), instant(as_of) if as_of else None
    halves = [half for one in postings for half in _halves(one, told, calendar, programme, now)]
    halves.sort(key=lambda half: (half.at, half.posting_id))
    person = postings[0].person_id if postings else "D1"
    return History(person, tuple(sorted(postings, key=lambda p: p.start)), tuple(halves), now, **keys)


def _halves(
    one: PostingTerms, told: list[Spell], calendar: Calendar, programme: Programme, now: dt.datetime | None
) -> Iterable[Half]:
    pattern = Pattern.of(programme, one)
    said = {(date, half): item for item in told for date in days_between(item.first[0], item.last[0]) for half in HALVES
            if item.first <= (date, half) <= item.last}  # fmt: skip
    for date in days_between(one.start, one.end or (now.date() if now else one.start)):
        for half, duty in pattern.owed(calendar, date).items():
            item = said.get((date, half))
            clinic = one.roster.get((date, half), one.clinics[0])
            if duty and item is None:
                over = session_over(programme, (date, half), now)
                yield Half(date, half, one.id, True, "A" if over else "", clinic=clinic)
            elif item is not None and (duty or item.status == "A"):
                yield Half(date, half, one.id, duty, item.status, item.reason, clinic, item.record_ref, item.corrected)
