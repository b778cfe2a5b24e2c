"""Events of the platforms, each once, and the deliveries they speak of."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from notifier.models.deliveries import Attempt, CallbackSeen, Delivery
from notifier.store.deliveries import INSERT
from shared.ids import new_id


def first_time(session: Session, platform: str, key: str, event: dict[str, str], now: dt.datetime) -> str | None:
    """Store it; gives its id, None when it was here before."""
    row = {"id": new_id(), "platform": platform, "event_key": key, "received_at": now, "event": event}
    statement = INSERT[session.get_bind().dialect.name](CallbackSeen).values(row)
    stored: str | None = session.scalar(statement.on_conflict_do_nothing().returning(CallbackSeen.id))
    return stored


def forget_nonces(session: Session, platform: str, before: dt.datetime) -> None:
    """A call older than the allowed skew is refused by its time: its nonce need not be known any more."""
    old = sa.and_(CallbackSeen.platform == platform, CallbackSeen.received_at < before)
    session.execute(sa.delete(CallbackSeen).where(old))


def event(session: Session, seen_id: str) -> CallbackSeen | None:
    """A stored event, locked."""
    return session.get(CallbackSeen, seen_id, with_for_update=True)


def delivery_of(session: Session, channel: str, msgid: str) -> Delivery | None:
    """The delivery whose call was answered with this message id, locked."""
    query = sa.select(Delivery).join(Attempt, Attempt.delivery_id == Delivery.id)
    return session.scalars(query.where(Attempt.channel == channel, Attempt.msgid == msgid).with_for_update(of=Delivery)).first()
