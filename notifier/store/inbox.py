"""The messages of a person's inbox."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from notifier.models import InboxItem, Reminder
from shared.ids import new_id


def deliver(session: Session, reminder: Reminder, now: dt.datetime) -> InboxItem:
    """Put the reminder's stored words into its person's inbox; the unique reminder id keeps it to one."""
    item = InboxItem(
        id=new_id(), person_id=reminder.person_id, reminder_id=reminder.id, title=reminder.title, text=reminder.text,
        why=reminder.why, url=reminder.url, created_at=now, read_at=None, done_at=None,
    )  # fmt: skip
    session.add(item)
    session.flush()
    return item


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
