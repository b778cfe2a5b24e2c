"""What a check-in reminder is decided on: directory, ledger facts of the day, and the phone's last contact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from notifier.domain import check_in, check_out
from notifier.domain.check_in import Presence
from shared import ledger
from shared.attendance.session import SessionWindows
from shared.calendar import Calendar, local_date
from shared.directory import lookup as directory
from shared.directory.models import Posting
from shared.progress import lookup as progress
from shared.progress.facts import PostingTerms
from shared.progress.known import facts_of
from shared.progress.reading import Decisions, orders_of, requests_of, slips_of, taps_of
from shared.rules.days import Pattern
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


ROWS = {row.TYPE: row for row in (check_in, check_out)}
"""The rows that look at one session of today."""
Sessions = Callable[[SessionWindows, dt.datetime], list[str]]


def due(session: Session, now: dt.datetime, sessions: Sessions = check_in.due_sessions) -> dict[DutySession, Seen]:
    """Every session of today's postings that is due (began 15 to 30 minutes ago, ended 5 ago ...), as it stands now."""
    day = local_date(now)
    postings = directory.postings_between(session, day, day)
    begun: dict[str, list[str]] = {}
    for programme_id in {posting.programme_id for posting in postings}:
        begun[programme_id] = sessions(directory.programme(session, programme_id, day).session_windows, now)
    chosen = [posting for posting in postings if begun[posting.programme_id]]
    wanted = [DutySession(posting.id, day, half) for posting in chosen for half in begun[posting.programme_id]]
    return _read(session, chosen, wanted)


def of(session: Session, wanted: Iterable[DutySession]) -> dict[DutySession, Seen]:
    """These sessions as they stand now; one of an unknown posting is absent."""
    asked = list(wanted)
    query = sa.select(Posting).where(Posting.id.in_({one.posting_id for one in asked}))
    return _read(session, list(session.scalars(query)), asked)


def _read(session: Session, postings: Sequence[Posting], wanted: list[DutySession]) -> dict[DutySession, Seen]:
    if not wanted:
        return {}
    calendar, terms = directory.calendar(session), directory.terms_of(session, postings)
    found: dict[DutySession, Seen] = {}
    for day in {one.day for one in wanted}:
        facts = ledger.facts_by_subject(session, {one.posting_id for one in wanted if one.day == day}, day, day)
        for one in wanted:
            if one.day == day and one.posting_id in terms:
                posting = terms[one.posting_id]
                programme = directory.programme(session, posting.programme_id, day)
                presence = _presence(programme, calendar, posting, one, facts[one.posting_id])
                found[one] = Seen(posting.person_id, _with_contact(session, posting.person_id, presence))
    return found


def _presence(
    programme: Programme, calendar: Calendar, posting: PostingTerms, one: DutySession, facts: list[ledger.Fact]
) -> Presence:
    known = facts_of(facts)
    pattern = Pattern.of(programme, posting)
    owed, rostered = pattern.owed(calendar, one.day), posting.roster.get((one.day, one.half))
    follows = posting.roster.get((one.day, "pm"))
    requests = [request for request in requests_of(known) if request.terms.decision != "rejected"]
    notes = [fact.payload for fact in known.current(("day.noted",), one.day)]
    return Presence(
        windows=programme.session_windows, day=one.day, half=one.half, duty=owed[one.half],
        clinics=frozenset([rostered] if rostered else posting.clinics),
        taps=tuple(taps_of(known, one.day, Decisions.of(known))),
        slips=tuple(slips_of(known)), orders=tuple(orders_of(known)),
        asked=frozenset(half for request in requests if request.terms.date == one.day for half in request.sessions()),
        noted=frozenset(half for note in notes for half in note.get("sessions") or ("am", "pm")),
        next_clinics=frozenset(([follows] if follows else posting.clinics) if owed["pm"] else ()),
    )  # fmt: skip


def _with_contact(session: Session, person_id: str, presence: Presence) -> Presence:
    """The phone is asked last: only where a reminder would be owed can what it holds unsent make a difference."""
    if all(row.silence(presence) is not None for row in (check_in, check_out)):
        return presence
    contact = progress.contact(session, person_id)
    waiting = {text.replace(".", " ") for text in contact.sessions} if contact and contact.unsent else set()
    return replace(presence, unsent=f"{presence.day} {presence.half}" in waiting)
