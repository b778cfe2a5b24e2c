"""Tables of the notifier: reminders (what was owed, and what became of it) and the messages of the in-app inbox.

What left the house stands in `notifier.models.deliveries`.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from notifier.models.deliveries import Address, Attempt, CallbackSeen, Credit, Delivery
from shared.db import Base, Id, Instant

__all__ = ["DONE", "DROPPED", "EXPIRED", "IN_APP", "PLANNED", "Address", "Attempt", "CallbackSeen", "Credit", "Delivery", "InboxItem", "Reminder"]

PLANNED, IN_APP, DROPPED, DONE, EXPIRED = "planned", "in_app", "dropped", "done", "expired"


class Reminder(Base):
    """One owed reminder. `key` makes a second planning a no-op; the words are rendered once and kept."""

    __tablename__ = "reminder"
    __table_args__ = (sa.Index("ix_reminder_subject_period", "subject", "period"),)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(200), unique=True)
    type: Mapped[str] = mapped_column(sa.String(8))
    person_id: Mapped[str] = mapped_column(Id)
    subject: Mapped[str] = mapped_column(sa.String(80))
    period: Mapped[str] = mapped_column(sa.String(20))
    step: Mapped[int]
    due_at: Mapped[dt.datetime] = mapped_column(Instant)
    expires_at: Mapped[dt.datetime] = mapped_column(Instant)
    title: Mapped[str] = mapped_column(sa.String(40))
    text: Mapped[str] = mapped_column(sa.String(400))
    why: Mapped[str] = mapped_column(sa.String(200))
    url: Mapped[str | None] = mapped_column(sa.String(200))
    state: Mapped[str] = mapped_column(sa.String(10))
    reason: Mapped[str | None] = mapped_column(sa.String(40))
    planned_at: Mapped[dt.datetime] = mapped_column(Instant)
    decided_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class InboxItem(Base):
    """One message in a person's inbox: the record of "was told"."""

    __tablename__ = "inbox_item"
    __table_args__ = (sa.Index("ix_inbox_item_person_id_created_at", "person_id", "created_at"),)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(Id)
    reminder_id: Mapped[str | None] = mapped_column(Id, unique=True)
    title: Mapped[str] = mapped_column(sa.String(40))
    text: Mapped[str] = mapped_column(sa.String(400))
    why: Mapped[str] = mapped_column(sa.String(200))
    url: Mapped[str | None] = mapped_column(sa.String(200))
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    read_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    done_at: Mapped[dt.datetime | None] = mapped_column(Instant)
