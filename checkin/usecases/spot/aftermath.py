"""What time does to checks: notices accepted or not, answers that never came, months that close (evidence.md §10)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from checkin.domain import spot
from checkin.store import spots
from checkin.usecases.spot import issue, seeds, telling
from shared import clock, ledger
from shared.attendance.spot import GRACE, ISSUED
from shared.calendar import local_date, month_days
from shared.directory import lookup
from shared.progress import lookup as progress
from shared.service import Runtime


def noticed(session: Session, rt: Runtime, check_id: str, accepted: bool) -> None:
    """A channel accepted the notice in time, or none did: then a check that nobody has answered is void.

    Whatever accepts it later than five minutes after the issue has taken the physician's time away and counts as none.
    """
    row = spots.locked(session, check_id)
    if row is None or row.issued_at is None or row.noticed_at is not None:
        return
    if accepted:
        row.noticed_at = clock.now()
    elif row.state == ISSUED:
        telling.void(session, rt, row, "no_notice")


def lapse(session: Session, rt: Runtime, now: dt.datetime) -> int:
    """Checks with neither answer nor busy two hours after their deadline; gives their number.

    One whose notice nobody ever confirmed is void: that its physician was told cannot be shown.
    """
    ids = spots.overdue(session, now - GRACE)
    rows = [row for check_id in ids if (row := spots.locked(session, check_id)) and row.state == ISSUED]
    ledger.lock(session, rt.keys, {ledger.Stream.posting(row.posting_id) for row in rows})
    for row in rows:
        if row.noticed_at is None:
            telling.void(session, rt, row, "no_notice")
            continue
        contact = progress.contact(session, row.person_id)
        said = {"at": clock.iso(now), "last_contact": clock.iso(contact.at) if contact else None}
        telling.append(session, rt, "spotcheck.lapsed", row, said)
    return len(rows)


@dataclass(frozen=True)
class Swept:
    """Drawn checks of dates gone by that nobody issued, and the months that may be revealed after them."""

    missed: tuple[issue.Due, ...]
    revealed: tuple[str, ...]


def to_sweep(session: Session, rt: Runtime, now: dt.datetime) -> Swept:
    """What downtime left over in every month that is not revealed yet; reads only."""
    calendar, missed, revealed = lookup.calendar(session), [], []
    for month in spots.unrevealed(session):
        days = month_days(month)
        if days[0] > local_date(now):
            continue
        gone = [one for one in issue.due(session, rt, month, days[0], now) if now - one.drawn.at > spot.TOLERANCE]
        missed += [one for one in gone if one.drawn.day <= days[-1]]
        if seeds.closes_at(session, calendar, month) <= now:
            revealed.append(month)
    return Swept(tuple(missed), tuple(revealed))


def sweep(session: Session, rt: Runtime, swept: Swept, now: dt.datetime) -> None:
    """Void what was missed, then reveal the seeds of closed months."""
    ledger.lock(session, rt.keys, {ledger.Stream.posting(one.posting_id) for one in swept.missed} | {ledger.Stream.system()})
    issue.issue(session, rt, list(swept.missed), now)
    for month in swept.revealed:
        seeds.reveal(session, rt, month)
