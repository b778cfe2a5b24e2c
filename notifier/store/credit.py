"""One-time subscription credits: our own count, corrected by the platform (reminders.md §4)."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from notifier.models.deliveries import Credit, Delivery
from shared import outbox
from shared.ids import new_id

ANY = "*"
"""Templates are counted together: one tap pays one message, whichever reminder it becomes."""


def balance(session: Session, person_id: str) -> int:
    """Credits a person has left."""
    return session.scalar(sa.select(sa.func.sum(Credit.change)).where(Credit.person_id == person_id)) or 0


def spend(session: Session, row: Delivery, now: dt.datetime) -> bool:
    """Spend one credit on a delivery that has not paid yet; False when none is left. Two workers spend one credit once."""
    outbox.alone(session, [f"credit:{row.recipient}"])
    if session.scalars(sa.select(Credit.id).where(Credit.delivery_id == row.id)).first():
        return True
    if balance(session, row.recipient) < 1:
        return False
    change(session, row.recipient, -1, "spent", now, row.id)
    return True


def empty(session: Session, person_id: str, source: str, now: dt.datetime) -> None:
    """The platform says there is none left."""
    if left := balance(session, person_id):
        change(session, person_id, -left, source, now)


def change(session: Session, person_id: str, by: int, source: str, now: dt.datetime, delivery_id: str | None = None) -> None:
    """One row of the count."""
    session.add(Credit(id=new_id(), person_id=person_id, template=ANY, change=by, at=now, delivery_id=delivery_id, source=source))
    session.flush()
