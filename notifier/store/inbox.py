"""The messages of a person's inbox."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from notifier.models import InboxItem, Reminder
from shared.ids import new_id


def deliver(session: Session, found: Sequence[Reminder], now: dt.datetime) -> None:
    """Put the stored words of these reminders into the inboxes of their persons; the unique reminder id keeps each to one."""
    rows = [
        {"id": new_id(), "person_id": one.person_id, "reminder_id": one.id, "title": one.title, "text": one.text, "why": one.why,
         "url": one.url, "created_at": now}
        for one in found
    ]  # fmt: skip
    session.execute(sa.insert(InboxItem), rows)


def done(session: Session, reminder_id: str, now: dt.datetime) -> None:
    """Mark the message of a reminder as answered."""
    unanswered = sa.and_(InboxItem.reminder_id == reminder_id, InboxItem.done_at.is_(None))
    session.execute(sa.update(InboxItem).where(unanswered).values(done_at=now))


def page(session: Session, person_id: str, after: tuple[dt.datetime, str] | None, limit: int) -> list[InboxItem]:
    """The newest messages of a person, at most limit + 1, after the one that `after` (time, id) names."""
    query = sa.select(InboxItem).where(InboxItem.person_id == person_id)
    if after is not None:
        at, item_id = after
        older = sa.and_(InboxItem.created_at == at, InboxItem.id < item_id)
        query = query.where(sa.or_(InboxItem.created_at < at, older))
    return list(session.scalars(query.order_by(InboxItem.created_at.desc(), InboxItem.id.desc()).limit(limit + 1)))


def item(session: Session, person_id: str, item_id: str) -> InboxItem | None:
    """The person's message of this id; None when there is none or it is somebody else's."""
    return session.scalars(
        sa.select(InboxItem).where(InboxItem.id == item_id, InboxItem.person_id == person_id)
    ).first()
