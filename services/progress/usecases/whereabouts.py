"""SV-03: who is where now, of everybody a duty half-day is owed today in the reader's scope. Reads only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from services.progress.usecases.days_shown import STATES
from shared import clock, ledger
from shared.attendance.session import HALVES, SessionWindows
from shared.directory import lookup as directory
from shared.directory.models import Organisation, Person, Posting
from shared.directory.scope import supervised
from shared.progress import lookup as progress
from shared.progress.facts import DayFact, HalfFact
from shared.progress.fold import fold_day
from shared.progress.known import facts_of
from shared.progress.models import Contact
from shared.progress.wording import HALVES as HALF_WORDS
from shared.roles import Principal
from shared.rules import words
from shared.rules.load import Programme
from shared.service import Runtime

HERE, MISSING, LEAVE, ORDERED = (STATES[status] for status in "AXLO")
UNSYNCED, LATER = "未同步", "未到时间"
COUNTED = (HERE, MISSING, LEAVE, UNSYNCED)
ALSO = (ORDERED, LATER)
"""Counted only where there is anybody."""
ORDER = {state: number for number, state in enumerate((MISSING, UNSYNCED, HERE, LEAVE, ORDERED, LATER))}


@dataclass(frozen=True)
class Place:
    """Where somebody is: one of the states, and the words behind it."""

    state: str
    why: str


def here(rt: Runtime, who: Principal) -> dict[str, Any]:
    """{counts: [(state, number)], rows}: unrecorded ones first, then by hospital and name."""
    today, now = clock.today(), clock.now()
    with rt.db.read() as session:
        mine = set(supervised(session, who))
        postings = [row for row in directory.postings_between(session, today, today) if row.id in mine]
        programmes = {key: directory.programme(session, key, today) for key in {row.programme_id for row in postings}}
        facts = _facts(session, postings, programmes, today, now)
        people = directory.names(session, Person, {row.person_id for row in postings})
        where = directory.names(session, Organisation, {row.recipient_id for row in postings})
        phones = progress.contacts(session, {row.person_id for row in postings})
    found = [
        {"posting_id": row.id, "name": people.get(row.person_id, ""), "recipient": where.get(row.recipient_id, ""),
         "state": one.state, "why": one.why}
        for row in postings
        if (one := place(facts[row.id], programmes[row.programme_id].session_windows, phones.get(row.person_id, ()), now))
    ]  # fmt: skip
    numbers = [(state, sum(row["state"] == state for row in found)) for state in (*COUNTED, *ALSO)]
    return {
        "counts": [(state, number) for state, number in numbers if number or state in COUNTED],
        "rows": sorted(found, key=lambda row: (ORDER[row["state"]], row["recipient"], row["name"])),
    }


def _facts(
    session: Session, postings: Sequence[Posting], programmes: Mapping[str, Programme], today: dt.date, now: dt.datetime
) -> dict[str, DayFact]:  # fmt: skip
    """Today's fold of every posting; made here where none is stored yet."""
    stored = progress.days(session, [row.id for row in postings], today, today)
    left = [row for row in postings if (row.id, today) not in stored]
    known, terms = ledger.facts_by_subject(session, {row.id for row in left}, today, today), directory.terms_of(session, left)
    calendar = directory.calendar(session)
    found = {posting_id: fact for (posting_id, _), fact in stored.items()}
    for row in left:
        found[row.id] = fold_day(programmes[row.programme_id], calendar, terms[row.id], facts_of(known.get(row.id, ())), today, now)
    return found


def place(fact: DayFact, windows: SessionWindows, phones: Sequence[Contact], now: dt.datetime) -> Place | None:
    """Where the physician of a day fact is at an instant; None where nothing is owed and nobody came."""
    owed = [half for half in HALVES if fact.duty[half] or fact.halves[half].in_at]
    if not owed:
        return None
    begun = [half for half in owed if windows.on(half, fact.date)[0] <= now or fact.halves[half].in_at]
    half = begun[-1] if begun else owed[0]
    return _of_half(half, fact.halves[half], phones, f"{fact.date} {half}", begun=bool(begun))


def _of_half(half: str, seen: HalfFact, phones: Sequence[Contact], name: str, *, begun: bool) -> Place:
    label = HALF_WORDS[half]
    if seen.in_at:
        left = f",{clock.local(seen.out_at):%H:%M} 签退" if seen.out_at else ""
        return Place(HERE, f"{label} {clock.local(seen.in_at):%H:%M} 签到{left}")
    if seen.cover or seen.cover_pending:
        state = ORDERED if seen.cover == "O" else LEAVE
        return Place(state, f"{label} {'待批' if not seen.cover else words.REASONS.get(seen.cover_kind, '')}".strip())
    if seen.status == "A":
        return Place(HERE, f"{label} 按补签计")
    if any(phone.unsent and name in {text.replace(".", " ") for text in phone.sessions} for phone in phones):
        return Place(UNSYNCED, f"{label} 的记录在手机里,还没有传上来")
    return Place(MISSING, f"{label} 还没有记录") if begun else Place(LATER, f"{label} 还没有开始")


def posted(rt: Runtime, who: Principal) -> list[tuple[str, str, str]]:
    """(posting id, name, hospital) of every posting that is open or still to begin, by hospital and name."""
    today = clock.today()
    with rt.db.read() as session:
        mine = set(supervised(session, who))
        rows = [row for row in directory.postings_from(session, directory.recipients_visible(session, who), today) if row.id in mine]
        people = directory.names(session, Person, {row.person_id for row in rows})
        where = directory.names(session, Organisation, {row.recipient_id for row in rows})
    found = [(row.id, people.get(row.person_id, ""), where.get(row.recipient_id, "")) for row in rows]
    return sorted(found, key=lambda one: (one[2], one[1]))
