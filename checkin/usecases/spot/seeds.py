"""Seeds of spot checks: committed before their month begins, revealed when it is closed (evidence.md §10.1).

The one place that opens a seed; only scheduled work (checkin.actors) comes here.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from typing import Any

from sqlalchemy.orm import Session

from checkin.domain import spot
from checkin.models import SpotSeed
from checkin.store import spots
from shared import clock, ledger, outbox
from shared.attendance.spot import ANSWER
from shared.calendar import Calendar, at, month_days
from shared.directory import lookup
from shared.service import Runtime

CLOSES = dt.time(18)
MONTH_CLOSE_WORKDAY = 3


def commit(session: Session, rt: Runtime, month: str) -> bool:
    """Make the seed of a month and publish its commitment; False when there is one already."""
    outbox.alone(session, [f"spot-seed:{month}"])
    if spots.seed(session, month) is not None:
        return False
    seed = os.urandom(spot.SEED_BYTES)
    commitment = spot.commitment(seed)
    ledger.append(
        session, rt.keys, kind="spotcheck.committed", stream=ledger.Stream.system(), actor=ledger.Actor.system(),
        payload={
            "month": month, "seed_commitment": commitment, "algorithm": spot.ALGORITHM, "n": spot.PER_MONTH,
            "answer_minutes": ANSWER // dt.timedelta(minutes=1), "outside_one_in": spot.OUTSIDE_ONE_IN,
        },
    )  # fmt: skip
    session.add(SpotSeed(month=month, closed=rt.keys.close_seed(seed, month), commitment=commitment,
                         committed_at=clock.now(), revealed_at=None))  # fmt: skip
    session.flush()
    return True


def opened(session: Session, rt: Runtime, month: str) -> bytes | None:
    """The seed of a month that is not revealed yet; None without one."""
    row = spots.seed(session, month)
    return rt.keys.open_seed(row.closed, month) if row is not None and row.closed is not None else None


def closes_at(session: Session, calendar: Calendar, month: str) -> dt.datetime:
    """When a month closes: 18:00 of the `lock.month_close_workday`-th workday after it, by the latest of the programmes."""
    days = [lookup.programme(session, name, month).setting("lock.month_close_workday")
            for name in sorted(lookup.programme_ids(session))]  # fmt: skip
    return at(calendar.add_workdays(month_days(month)[-1], max(days, default=MONTH_CLOSE_WORKDAY)), CLOSES)


def reveal(session: Session, rt: Runtime, month: str) -> bool:
    """Publish the seed with the hash of the list of drawn checks, and keep it here no longer; False when it is known."""
    row = spots.seed(session, month, lock=True)
    if row is None or row.closed is None:
        return False
    listed = drawn_list(session, rt, month)
    ledger.append(
        session, rt.keys, kind="spotcheck.revealed", stream=ledger.Stream.system(), actor=ledger.Actor.system(),
        payload={
            "month": month, "seed": rt.keys.open_seed(row.closed, month).hex(), "count": len(listed),
            "issued_sha256": hashlib.sha256(ledger.jcs(listed)).hexdigest(),
        },
    )  # fmt: skip
    row.closed, row.revealed_at = None, clock.now()
    session.flush()
    return True


def drawn_list(session: Session, rt: Runtime, month: str) -> list[list[Any]]:
    """[stream, date, session, "issued" | "void"] of every drawn check of the month, in order."""
    return sorted(
        [ledger.Stream.posting(row.posting_id).pseudonym(rt.keys.pepper), row.service_date.isoformat(), row.session,
         "void" if row.state == "void" else "issued"]
        for row in spots.drawn_of(session, month)
    )  # fmt: skip
