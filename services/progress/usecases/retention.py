"""Coordinates whose time is over go (security.md §4): what they showed is written down first, so no figure changes."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from shared import clock, ledger, outbox
from shared.events import CONSENT_WITHDRAWN, PlacesDue
from shared.keys import Keys
from shared.ledger import erase
from shared.progress import lookup as progress
from shared.progress.chain import BY_PLACE, NEAR, TAP, marks_of
from shared.progress.known import placed_facts
from shared.progress.store import raise_flag

RETENTION = "retention"


def ask(session: Session, kept_days: int, asked: str) -> int:
    """Ask for each posting that holds coordinates older than `kept_days`; gives how many there are."""
    last = clock.today() - dt.timedelta(days=kept_days)
    due = erase.subjects_located(session, last)
    for posting_id in due:
        outbox.put(session, PlacesDue(posting_id, last.isoformat(), RETENTION, asked))
    return len(due)


def erase_places(session: Session, keys: Keys, posting_id: str, last: dt.date, basis: str) -> int:
    """Erase the posting's coordinates up to a date; after a withdrawn consent not those of a locked month.

    `travel` and `loc_constant` of these taps and of those near them are kept as raised flags: later they cannot be told.
    """
    due = erase.located(session, posting_id, last)
    if basis == CONSENT_WITHDRAWN:
        months = {f"{day:%Y-%m}": day for day in due.values()}
        locked = {month for month, day in months.items() if progress.month_locked(session, posting_id, day)}
        due = {entry: day for entry, day in due.items() if f"{day:%Y-%m}" not in locked}
    if not due:
        return 0
    ledger.lock(session, keys, [ledger.Stream.posting(posting_id)])
    _keep_marks(session, posting_id, min(due.values()) - NEAR, max(due.values()) + NEAR)
    return erase.erase_locations(session, keys, posting_id, due, basis)


def _keep_marks(session: Session, posting_id: str, first: dt.date, last: dt.date) -> None:
    """Write down what the coordinates of these dates show, of all postings of the person."""
    facts = placed_facts(session, posting_id, first, last)
    taps = {fact.entry_id: fact for fact in (*facts.of_kind(TAP), *facts.around) if fact.kind == TAP}
    tapped = {dt.date.fromisoformat(fact.payload["service_date"]) for fact in taps.values()}
    for day in sorted(day for day in tapped if first <= day <= last):
        for name, codes in marks_of(facts, day, clock.now()).items():
            tap = taps[name]
            for code in BY_PLACE & set(codes):
                raise_flag(session, name, code, posting_id=tap.payload["posting_id"], service_date=day, cause=name, at=tap.at)
