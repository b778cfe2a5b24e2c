"""Seats that have a duty session now, and whether somebody who may fill them is there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from notifier.domain import check_in, seats
from notifier.domain.seats import Seated
from notifier.store import presence
from shared import ledger
from shared.attendance.session import HALVES, SessionWindows
from shared.calendar import local_date
from shared.directory.models import Posting, Seat
from shared.progress import records
from shared.progress.known import record_of

PLANNED_UNTIL = dt.timedelta(minutes=60)


def begun(windows: SessionWindows, now: dt.datetime) -> list[str]:
    """The sessions of today that began 33 to 60 minutes ago."""
    today = local_date(now)
    return [half for half in HALVES if seats.AFTER_START <= now - windows.on(half, today)[0] <= PLANNED_UNTIL]


def seated(session: Session, now: dt.datetime, day: dt.date | None = None, only: Iterable[str] | None = None) -> list[Seated]:
    """The seats with a duty session now; with `day`, both sessions of that date as they stand, of `only` these recipients."""
    wanted = None if only is None else set(only)
    query = sa.select(Posting.id, Posting.seat_id, Posting.recipient_id, Posting.person_id).where(Posting.seat_id.is_not(None))
    rows = [row for row in session.execute(query) if wanted is None or row.recipient_id in wanted]
    ids = {row.id: row for row in rows}
    if day is None:
        seen = {one: each for one, each in presence.due(session, now, begun) if one.posting_id in ids}
    else:
        seen = presence.of(session, [presence.DutySession(key, day, half) for key in ids for half in HALVES])
    names = {row.id: row for row in session.execute(sa.select(Seat.id, Seat.specialty))}
    filled = _filled(session, seen, {row.recipient_id for row in rows})
    found: dict[tuple[str, dt.date, str], Seated] = {}
    for one, each in seen.items():
        if not each.presence.duty:
            continue
        row = ids[one.posting_id]
        key = (row.seat_id, one.day, one.half)
        there = check_in.silence(each.presence) in ("checked-in", "correction", "noted") or key in filled
        before = found.get(key)
        found[key] = Seated(row.seat_id, row.recipient_id, names[row.seat_id].specialty, each.presence.windows, one.day, one.half,
                            there or bool(before and before.present))  # fmt: skip
    return list(found.values())


def _filled(
    session: Session, seen: dict[presence.DutySession, presence.Seen], recipients: set[str]
) -> set[tuple[str, dt.date, str]]:
    """(seat, date, half) for which a registered substitute has checked in."""
    if not seen:
        return set()
    days = sorted({one.day for one in seen})
    facts = ledger.facts_by_subject(session, recipients | {one.posting_id for one in seen}, days[0], days[-1], kinds={"substitution.recorded"})
    known = records.facts_of(record_of(fact) for found in facts.values() for fact in found)
    people = {one.person_id for one in known.substitutions}
    rows = session.execute(sa.select(Posting.id, Posting.person_id).where(Posting.person_id.in_(people))).all()
    halves = {(one.day, one.half) for one in seen}
    there = presence.of(session, [presence.DutySession(row.id, day, half) for row in rows for day, half in halves])
    present = {
        (each.person_id, one.day, one.half) for one, each in there.items()
        if check_in.attended(each.presence)
    }  # fmt: skip
    return {
        (one.seat_id, day, half) for one in known.substitutions for day, half in halves
        if one.covers((day, half)) and (one.person_id, day, half) in present
    }  # fmt: skip
