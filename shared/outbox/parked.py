"""Looking at the outbox and trying parked messages again: by hand, and once every morning for a week (O10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared import clock
from shared.outbox.lease import MAX_ATTEMPTS
from shared.outbox.models import OPEN, PARKED, OutboxMessage

REDRIVE_DAYS = 8


@dataclass(frozen=True)
class Stats:
    """How far behind the outbox is; `oldest_seconds` = age of the oldest open message."""

    open: int
    parked: int
    oldest_seconds: float


def listing(session: Session, state: str | None = None, limit: int = 200) -> list[OutboxMessage]:
    """Messages in one state, or all that are not done; oldest first. They name ids only."""
    query = sa.select(OutboxMessage).order_by(OutboxMessage.run_after, OutboxMessage.id).limit(limit)
    shown = OutboxMessage.state == state if state else OutboxMessage.state.in_((OPEN, PARKED))
    return list(session.scalars(query.where(shown)))


def retry(session: Session, ids: Iterable[str]) -> list[str]:
    """Open parked messages again with all their tries, and open ones at once; gives the ids that were found."""
    return _reopen(session, sa.and_(OutboxMessage.id.in_(list(ids)), OutboxMessage.state.in_((OPEN, PARKED))), 0)


def redrive(session: Session) -> list[str]:
    """Give every message that parked in the last week one more try; gives their ids."""
    young = OutboxMessage.created_at > clock.now() - dt.timedelta(days=REDRIVE_DAYS)
    return _reopen(session, sa.and_(OutboxMessage.state == PARKED, young), MAX_ATTEMPTS - 1)


def stats(session: Session) -> Stats:
    """Open and parked messages and the age of the oldest open one, for /metrics and `zhudian doctor`."""
    query = sa.select(OutboxMessage.state, sa.func.count()).where(OutboxMessage.state.in_((OPEN, PARKED)))
    counts = {row[0]: row[1] for row in session.execute(query.group_by(OutboxMessage.state))}
    oldest = session.scalar(sa.select(sa.func.min(OutboxMessage.created_at)).where(OutboxMessage.state == OPEN))
    return Stats(counts.get(OPEN, 0), counts.get(PARKED, 0), (clock.now() - oldest).total_seconds() if oldest else 0.0)


def _reopen(session: Session, which: sa.ColumnElement[bool], attempts: int) -> list[str]:
    change = sa.update(OutboxMessage).where(which).values(
        state=OPEN, attempts=attempts, run_after=clock.now(), leased_until=None
    )  # fmt: skip
    return list(session.scalars(change.returning(OutboxMessage.id).execution_options(synchronize_session=False)))
