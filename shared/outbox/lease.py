"""Which messages are due, and whose turn it is to hand them out (reliability.md O5-O11). Times in seconds."""

from __future__ import annotations

import datetime as dt
import logging
import random
from collections import Counter
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared import logs
from shared.outbox.models import EXPIRED, OPEN, PARKED, OutboxMessage, OutboxReceipt

BATCH = 100
MAX_ATTEMPTS = 12
FIRST_DELAY, LONGEST_DELAY, SPREAD = 10, 4 * 3600, 0.2


log = logs.get("outbox")
LEVELS = {EXPIRED: logging.INFO, PARKED: logging.ERROR}
"""That a reminder is too late to be of use is an outcome; that a job fails twelve times wants a person."""


@dataclass(frozen=True)
class Leased:
    """A message this process may hand out until `until`."""

    id: str
    consumer: str
    attempts: int
    until: dt.datetime


def due(now: dt.datetime) -> sa.Select[str]:
    """Ids of messages that wait to be handed out, oldest first: selected by what is not done, never by an id seen."""
    return (
        sa.select(OutboxMessage.id)
        .where(OutboxMessage.state == OPEN, OutboxMessage.run_after <= now)
        .where(sa.or_(OutboxMessage.leased_until.is_(None), OutboxMessage.leased_until < now))
        .where(~sa.exists().where(OutboxReceipt.message_id == OutboxMessage.id))
        .order_by(OutboxMessage.run_after, OutboxMessage.id)
    )


def lease(session: Session, now: dt.datetime, seconds: float, limit: int = BATCH) -> list[Leased]:
    """Take the oldest due messages for `seconds`, counting an attempt each.

    Messages past their use are marked expired first, and those whose twelfth try never came back are parked: a job that
    kills its process writes no failure down.
    """
    idle = sa.or_(OutboxMessage.leased_until.is_(None), OutboxMessage.leased_until < now)
    for when, state in ((OutboxMessage.expires_at < now, EXPIRED), (OutboxMessage.attempts >= MAX_ATTEMPTS, PARKED)):
        change = sa.update(OutboxMessage).where(OutboxMessage.state == OPEN, idle, when)
        change = change.values(state=state, leased_until=None).execution_options(synchronize_session=False)
        over = Counter(session.scalars(change.returning(OutboxMessage.consumer)))
        for job, messages in over.items():
            log.log(LEVELS[state], f"outbox.{state}", job=job, messages=messages)
    ids = session.scalars(due(now).limit(limit).with_for_update(skip_locked=True)).all()
    if not ids:
        return []
    until = now + dt.timedelta(seconds=seconds)
    rows = session.execute(
        sa.update(OutboxMessage)
        .where(OutboxMessage.id.in_(ids))
        .values(leased_until=until, attempts=OutboxMessage.attempts + 1)
        .returning(OutboxMessage.id, OutboxMessage.consumer, OutboxMessage.attempts)
        .execution_options(synchronize_session=False)
    )
    found = {row.id: Leased(row.id, row.consumer, row.attempts, until) for row in rows}
    return [found[message_id] for message_id in ids]


def undo(session: Session, leased: list[Leased]) -> None:
    """Give back messages that could not be published: no lease, and the attempt does not count."""
    for message in leased:
        session.execute(
            sa.update(OutboxMessage)
            .where(OutboxMessage.id == message.id, OutboxMessage.state == OPEN)
            .where(OutboxMessage.leased_until == message.until, OutboxMessage.attempts == message.attempts)
            .values(leased_until=None, attempts=message.attempts - 1)
        )


def fail(session: Session, message_id: str, error: str, now: dt.datetime) -> OutboxMessage | None:
    """Write down a failure: a later try, or parked after the twelfth. None when the message was worked meanwhile."""
    row = session.get(OutboxMessage, message_id, with_for_update=True, populate_existing=True)
    if row is None or row.state != OPEN:
        return None
    row.leased_until, row.last_error = None, error[:500]
    if row.attempts >= MAX_ATTEMPTS:
        row.state, row.run_after = PARKED, now
    else:
        row.run_after = now + dt.timedelta(seconds=delay(row.attempts))
    return row


def delay(attempts: int) -> float:
    """Seconds until the next try after `attempts` failed ones: 10 s doubled each time, at most 4 h, ± 20 %."""
    seconds: float = min(FIRST_DELAY * 2 ** max(attempts - 1, 0), LONGEST_DELAY)
    return seconds * random.uniform(1 - SPREAD, 1 + SPREAD)
