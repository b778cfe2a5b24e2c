"""Put a message into the outbox, inside the transaction of the fact it follows from (reliability.md O1-O3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from shared import clock
from shared.events import Event
from shared.ids import new_id
from shared.outbox.models import OPEN, OutboxMessage

INSERT: dict[str, Callable[[Any], Any]] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
_MESSAGES = cast(sa.Table, OutboxMessage.__table__)
_NEW = {
    name: insert(_MESSAGES).on_conflict_do_nothing().returning(_MESSAGES.c.id) for name, insert in INSERT.items()
}  # fmt: skip


def put(
    session: Session, event: Event, *, run_after: dt.datetime | None = None, expires_at: dt.datetime | None = None
) -> list[str]:
    """Write one row per consumer of the event and give the ids of the new ones; a known (key, consumer) is a no-op.

    The message is not worked before `run_after` (default: now) and not after `expires_at` (default: never). Raises
    RuntimeError outside a transaction: a message that does not commit with its fact is lost or a ghost.
    """
    if not session.in_transaction():
        raise RuntimeError("outbox.put needs the caller's transaction")
    rows = messages(event, run_after=run_after, expires_at=expires_at)
    return insert(session, rows) if rows else []


def messages(
    event: Event, *, run_after: dt.datetime | None = None, expires_at: dt.datetime | None = None
) -> list[dict[str, Any]]:
    """The values of one `outbox_message` row per consumer, for a writer that stores them with its fact in one go."""
    text = event.to_json()
    return [message(consumer, event.key, text, run_after, expires_at) for consumer in event.CONSUMERS]


def message(
    consumer: str, dedupe_key: str, payload: str, run_after: dt.datetime | None, expires_at: dt.datetime | None
) -> dict[str, Any]:
    """The values of one open `outbox_message` row."""
    now = clock.now()
    return {
        "id": new_id(), "dedupe_key": dedupe_key, "consumer": consumer, "payload": payload,
        "run_after": run_after or now, "expires_at": expires_at, "attempts": 0, "state": OPEN, "created_at": now,
    }  # fmt: skip


def insert(session: Session, rows: list[dict[str, Any]]) -> list[str]:
    """Insert rows made by `message`; gives the ids of those whose (dedupe_key, consumer) was new."""
    statement = _NEW[session.get_bind().dialect.name]
    return [found for row in rows if (found := session.scalar(statement, row)) is not None]
