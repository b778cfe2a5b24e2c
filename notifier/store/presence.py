"""What a check-in reminder is decided on: directory, ledger facts of the day, and the phone's last contact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from notifier.domain import check_in, check_out
from notifier.domain.check_in import Presence
from notifier.store.among import among
from shared import ledger
from shared.attendance.session import HALVES, SessionWindows
from shared.calendar import Calendar, local_date
from shared.directory import lookup as directory
from shared.directory.models import Posting, RosterHalfDay
from shared.progress.known import facts_of
from shared.progress.models import Contact
from shared.progress.reading import Decisions, orders_of, requests_of, slips_of, taps_of
from shared.rules.days import HalfDay, Pattern
from shared.rules.load import Programme


class DutySession(NamedTuple):
    """One session of a posting's date; half = "am" or "pm"."""

    posting_id: str
    day: dt.date
    half: str


class Seen(NamedTuple):
    """A session as it stands now: whose it is, and what decides about a reminder."""

    person_id: str
    presence: Presence


AT_ONCE = 2000
ROWS = {row.TYPE: row for row in (check_in, check_out)}
"""The rows that look at one session of today."""
Sessions = Callable[[SessionWindows, dt.datetime], list[str]]


def due(session: Session, now: dt.datetime, sessions: Sessions = check_in.due_sessions) -> Iterator[tuple[DutySession, Seen]]:
    """Every session of today's postings that is due (began 15 to 30 minutes ago, ended 5 ago ...), as it stands now."""
    day = local_date(now)
    begun: dict[str, list[str]] = {}
    for programme_id in directory.programme_ids(session):
        if halves := sessions(directory.programme(session, programme_id, day).session_windows, now):
            begun[programme_id] = halves
    within = sa.and_(Posting.start <= day, sa.or_(Posting.end.is_(None), Posting.end >= day), Posting.programme_id.in_(begun))
    rows = session.execute(sa.select(Posting.id, Posting.programme_id).where(within).order_by(Posting.id)).all() if begun else []
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        yield from of(session, [DutySession(row.id, day, half) for row in some for half in begun[row.programme_id]]).items()


def of(session: Session, wanted: Iterable[DutySession]) -> dict[DutySession, Seen]:
    """These sessions as they stand now; one of an unknown posting is absent."""
    asked = list(wanted)
    if not asked:
        return {}
    postings = _postings(session, {one.posting_id for one in asked})
    calendar, found = directory.calendar(session), dict[DutySession, Seen]()
    for day in {one.day for one in asked}:
        mine = [one for one in asked if one.day == day and one.posting_id in postings]
        ids = {one.posting_id for one in mine}
        facts = ledger.facts_by_subject(session, ids, day, day)
        rosters, programmes = _rosters(session, ids, day), {}
        for one in mine:
            row = postings[one.posting_id]
            if row.programme_id not in programmes:
                programmes[row.programme_id] = directory.programme(session, row.programme_id, day)
            duty = _duty(programmes[row.programme_id], calendar, row, rosters.get(one.posting_id, {}), day)
            found[one] = Seen(row.person_id, _presence(programmes[row.programme_id], duty, one, facts[one.posting_id]))
    return _with_contacts(session, found)


class _Duty(NamedTuple):
    """What a posting owes on a date: sessions, and where."""

    owed: Mapping[str, bool]
    places: Mapping[str, frozenset[str]]


def _postings(session: Session, ids: Iterable[str]) -> dict[str, Any]:
    columns = (Posting.id, Posting.person_id, Posting.programme_id, Posting.mode, Posting.start, Posting.end, Posting.clinics)
    return {row.id: row for row in session.execute(sa.select(*columns).where(among(session, Posting.id, ids)))}


def _rosters(session: Session, ids: Iterable[str], day: dt.date) -> dict[str, dict[HalfDay, str]]:
    found: dict[str, dict[HalfDay, str]] = {}
    query = sa.select(RosterHalfDay.posting_id, RosterHalfDay.session, RosterHalfDay.clinic_id)
    for row in session.execute(query.where(RosterHalfDay.date == day, among(session, RosterHalfDay.posting_id, ids))):
        found.setdefault(row.posting_id, {})[day, row.session] = row.clinic_id
    return found


def _duty(programme: Programme, calendar: Calendar, row: Any, roster: dict[HalfDay, str], day: dt.date) -> _Duty:
    owed = Pattern(programme.modes[row.mode], row.start, row.end, roster).owed(calendar, day)
    usual = frozenset(row.clinics)
    return _Duty(owed, {half: frozenset([roster[day, half]]) if (day, half) in roster else usual for half in HALVES})


def _presence(programme: Programme, duty: _Duty, one: DutySession, facts: list[ledger.Fact]) -> Presence:
    known = facts_of(facts)
    requests = [request for request in requests_of(known) if request.terms.decision != "rejected"]
    notes = [fact.payload for fact in known.current(("day.noted",), one.day)]
    return Presence(
        windows=programme.session_windows, day=one.day, half=one.half, duty=duty.owed[one.half], clinics=duty.places[one.half],
        taps=tuple(taps_of(known, one.day, Decisions.of(known))),
        slips=tuple(slips_of(known)), orders=tuple(orders_of(known)),
        asked=frozenset(half for request in requests if request.terms.date == one.day for half in request.sessions()),
        noted=frozenset(half for note in notes for half in note.get("sessions") or ("am", "pm")),
        next_clinics=duty.places["pm"] if duty.owed["pm"] else frozenset(),
    )  # fmt: skip


def _with_contacts(session: Session, found: dict[DutySession, Seen]) -> dict[DutySession, Seen]:
    """The phones are asked last: only where something would be owed can what they hold unsent make a difference."""
    people = {
        seen.person_id for seen in found.values()
        if any(row.silence(seen.presence) is None for row in (check_in, check_out))
    }  # fmt: skip
    query = sa.select(Contact.person_id, Contact.at, Contact.unsent, Contact.sessions).where(among(session, Contact.person_id, people))
    newest = {row.person_id: row for row in session.execute(query.order_by(Contact.at))} if people else {}
    for one, seen in found.items():
        contact = newest.get(seen.person_id)
        waiting = {text.replace(".", " ") for text in contact.sessions} if contact and contact.unsent else set()
        if f"{one.day} {one.half}" in waiting:
            found[one] = Seen(seen.person_id, replace(seen.presence, unsent=True))
    return found
