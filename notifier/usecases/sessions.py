"""D01, D02 and R01: what one session of today leaves to tell, as cases. Reads only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from sqlalchemy.orm import Session

from notifier.domain import seats, wording
from notifier.domain.case import Case
from notifier.models import Reminder
from notifier.store import presence
from notifier.store import seats as seat_store
from notifier.store.offices import Holders
from notifier.store.presence import DutySession, Seen
from shared.attendance.session import HALVES
from shared.calendar import local_date

TYPES = frozenset({*presence.ROWS, "R01"})


def due(session: Session, now: dt.datetime) -> Iterator[Case]:
    """The sessions that are due at this minute."""
    for kind, row in presence.ROWS.items():
        for one, seen in presence.due(session, now, row.due_sessions):
            yield _case(kind, one, seen)
    yield from _empty(session, seat_store.seated(session, now))


def again(session: Session, found: Iterable[Reminder], now: dt.datetime) -> Iterator[Case]:
    """The sessions these reminders are about, as they stand now."""
    listed = list(found)
    for kind in presence.ROWS:
        mine = [_session(reminder) for reminder in listed if reminder.type == kind]
        for one, seen in presence.of(session, mine).items() if mine else ():
            yield _case(kind, one, seen)
    places: dict[dt.date, set[str]] = {}
    for reminder in listed:
        if reminder.type == "R01":
            day = dt.date.fromisoformat(reminder.period[:10])
            places.setdefault(day, set()).add(reminder.subject.partition(":")[2])
    for day, recipients in places.items():
        yield from _empty(session, seat_store.seated(session, now, day, recipients))


def _case(kind: str, one: DutySession, seen: Seen) -> Case:
    row, windows = presence.ROWS[kind], seen.presence.windows
    return Case(
        kind, seen.person_id, wording.subject(one.posting_id), wording.period(one.day, one.half), 1,
        row.due_at(windows, one.day, one.half), row.words(windows, one.day, one.half), row.silence(seen.presence),
        useful_for=row.USEFUL_FOR,
    )  # fmt: skip


def _empty(session: Session, found: list[seats.Seated]) -> Iterator[Case]:
    if not found:
        return
    holders = Holders(session)
    office = {one.recipient_id: holders("recipient_admin", one.recipient_id) for one in found}
    yield from seats.empty(found, office)


def _session(reminder: Reminder) -> DutySession:
    """The session a row is about, read back from its subject and period."""
    day, _, half = reminder.period.partition(".")
    return DutySession(reminder.subject.removeprefix("posting:"), dt.date.fromisoformat(day), half)


def running(session: Session, posting_id: str, now: dt.datetime) -> Iterator[Case]:
    """D01 of the sessions of today that have begun, for one posting."""
    wanted = [DutySession(posting_id, local_date(now), half) for half in HALVES]
    for one, seen in presence.of(session, wanted).items():
        first, last = seen.presence.windows.on(one.half, one.day)
        if first <= now <= last:
            yield _case("D01", one, seen)


def on_day(session: Session, ids: Iterable[str], day: dt.date) -> Iterator[Case]:
    """D01 and D02 of every session of a date as it stands, for a dry run."""
    wanted = [DutySession(posting_id, day, half) for posting_id in ids for half in HALVES]
    for one, seen in presence.of(session, wanted).items():
        for kind in presence.ROWS:
            yield _case(kind, one, seen)
