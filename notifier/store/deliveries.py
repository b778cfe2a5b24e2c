"""Deliveries, their attempts and the addresses they go to."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from notifier.domain import delivery as life
from notifier.models import Reminder
from notifier.models.deliveries import Address, Attempt, Delivery
from shared.ids import new_id

INSERT: dict[str, Callable[[Any], Any]] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
ROWS_AT_ONCE = 500


def usable(session: Session, people: Iterable[str], now: dt.datetime) -> dict[str, dict[str, str]]:
    """{person: {kind of address: where}} of addresses in use; one blocked thirty days ago is tried again."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    wanted = list(people)
    good = sa.or_(Address.state == "ok", sa.and_(Address.state == "blocked", Address.since < now - life.BLOCKED_FOR))
    for start in range(0, len(wanted), ROWS_AT_ONCE):
        query = sa.select(Address).where(Address.person_id.in_(wanted[start : start + ROWS_AT_ONCE]), good)
        for row in session.scalars(query):
            found[row.person_id][row.channel] = row.external_id
    return found


def row(reminder: Reminder, channel: str, external_id: str, now: dt.datetime) -> dict[str, Any]:
    """The values of a planned delivery."""
    return {
        "id": new_id(), "reminder_id": reminder.id, "key": reminder.key, "recipient": reminder.person_id, "channel": channel,
        "external_id": external_id, "state": life.PLANNED, "calls": 0, "planned_at": now, "expires_at": reminder.expires_at,
        "next_at": now, "changed_at": now,
    }  # fmt: skip


def insert(session: Session, rows: Sequence[dict[str, Any]]) -> list[str]:
    """Store planned deliveries; gives the ids of those whose (key, recipient, channel) was new, in the order given."""
    new: set[str] = set()
    for start in range(0, len(rows), ROWS_AT_ONCE):
        statement = INSERT[session.get_bind().dialect.name](Delivery).values(rows[start : start + ROWS_AT_ONCE])
        new.update(session.scalars(statement.on_conflict_do_nothing().returning(Delivery.id)))
    return [each["id"] for each in rows if each["id"] in new]


def _waiting() -> sa.ColumnElement[bool]:
    ended = sa.and_(Delivery.state == life.UNKNOWN, Delivery.reason == life.GIVEN_UP)
    return sa.and_(Delivery.state.in_(life.WAITING), sa.not_(sa.func.coalesce(ended, sa.false())))


def waiting(session: Session, ids: Iterable[str]) -> list[Delivery]:
    """What may still be done for the reminders of these deliveries, on whatever channel they are now; oldest first."""
    mine = sa.select(Delivery.reminder_id).where(Delivery.id.in_(list(ids)))
    query = sa.select(Delivery).where(Delivery.reminder_id.in_(mine), _waiting())
    return list(session.scalars(query.order_by(Delivery.next_at, Delivery.id)))


def locked(session: Session, ids: Iterable[str], now: dt.datetime) -> list[tuple[Delivery, Reminder]]:
    """Those of these that wait and whose time has come, locked, each with its reminder."""
    query = (
        sa.select(Delivery, Reminder)
        .join(Reminder, Reminder.id == Delivery.reminder_id)
        .where(Delivery.id.in_(list(ids)), _waiting(), Delivery.next_at <= now)
        .order_by(Delivery.id)
        .with_for_update(of=Delivery)
    )
    return [(one, reminder) for one, reminder in session.execute(query)]


def of_call(session: Session, call_id: str, *, lock: bool = False) -> list[Delivery]:
    """The deliveries that went out in one request, in the order of its recipients."""
    query = sa.select(Delivery).where(Delivery.call_id == call_id).order_by(Delivery.id)
    return list(session.scalars(query.with_for_update() if lock else query))


def tried(session: Session, key: str) -> list[str]:
    """The channels a reminder has a delivery on."""
    return list(session.scalars(sa.select(Delivery.channel).where(Delivery.key == key)))


def last_attempt(session: Session, delivery_id: str) -> Attempt | None:
    """The newest call of a delivery."""
    query = sa.select(Attempt).where(Attempt.delivery_id == delivery_id).order_by(Attempt.n.desc()).limit(1)
    return session.scalars(query).first()


def first_call(session: Session, delivery_id: str) -> dt.datetime | None:
    """When the first call of a delivery began."""
    return session.scalar(sa.select(sa.func.min(Attempt.started_at)).where(Attempt.delivery_id == delivery_id))


def closed_until(session: Session, channels: Iterable[str], now: dt.datetime) -> dict[str, dt.datetime]:
    """Those of these channels whose newest answer asks for an operator (config, bug), and until when they stay closed."""
    found = {}
    for channel in channels:
        query = sa.select(Attempt.ended_at, Attempt.action).where(Attempt.channel == channel, Attempt.ended_at > now - life.HOLD)
        newest = session.execute(query.order_by(Attempt.ended_at.desc()).limit(1)).first()
        if newest and newest.action in ("config", "bug"):
            found[channel] = newest.ended_at + life.HOLD
    return found


def mark_address(session: Session, person_id: str, kind: str, state: str, reason: str | None, now: dt.datetime) -> None:
    """An answer or event says that an address is (not) good."""
    session.execute(
        sa.update(Address)
        .where(Address.person_id == person_id, Address.channel == kind)
        .values(state=state, reason=reason, since=now)
    )
