"""The messages of a person's inbox."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from notifier.models import InboxItem, Reminder
from notifier.store.among import among
from shared.db import Instant


def deliver(session: Session, ids: Iterable[str], now: dt.datetime) -> None:
    """Put the stored words of these reminders into the inboxes of their persons, under the reminders' own ids."""
    words = (Reminder.id, Reminder.person_id, Reminder.id, Reminder.title, Reminder.text, Reminder.why, Reminder.url)
    chosen = sa.select(*words, sa.literal(now, Instant)).where(among(session, Reminder.id, ids))
    names = ["id", "person_id", "reminder_id", "title", "text", "why", "url", "created_at"]
    session.execute(sa.insert(InboxItem).from_select(names, chosen))


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
