"""Tables of the notifier: reminders (what was owed, and what became of it), the in-app inbox, choices, switches.

What left the house stands in `notifier.models.deliveries`.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from notifier.models.deliveries import Address, Attempt, CallbackSeen, Credit, Delivery
from shared.db import Base, Id, Instant

__all__ = [
    "DIGESTED", "DONE", "DROPPED", "EXPIRED", "IN_APP", "PLANNED", "SENT", "STANDING", "Address", "Attempt", "CallbackSeen", "Credit",
    "Delivery", "InboxItem", "Preference", "Reminder", "ReminderRule",
]  # fmt: skip

PLANNED, SENT, DIGESTED, IN_APP, DROPPED, DONE, EXPIRED = (
    "planned", "sent", "digested", "in_app", "dropped", "done", "expired",
)  # fmt: skip
STANDING = (SENT, DIGESTED, IN_APP)
"""States in which a reminder stands in an inbox and waits for the fact to change."""


class Reminder(Base):
    """One owed reminder of one person. Key and person make a second planning a no-op; the words are rendered once and kept.

    No index holds what a decision changes, so that PostgreSQL need not touch any of them for it.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        sa.UniqueConstraint("key", "person_id"), sa.Index("ix_reminder_subject_period", "subject", "period"),
        sa.Index("ix_reminder_person_id_due_at", "person_id", "due_at"), sa.Index("ix_reminder_type_due_at", "type", "due_at"),
    )  # fmt: skip
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(200))
    type: Mapped[str] = mapped_column(sa.String(8))
    rule_id: Mapped[str | None] = mapped_column(sa.String(16))
    person_id: Mapped[str] = mapped_column(Id)
    subject: Mapped[str] = mapped_column(sa.String(80))
    period: Mapped[str] = mapped_column(sa.String(40))
    step: Mapped[int]
    most: Mapped[str] = mapped_column(sa.String(8))
    """The loudest level its step asks for."""
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
    pushed_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    """When it was decided as a push: what the caps count, whatever became of it later."""


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


class Preference(Base):
    """The level at which a person reads one row: his own choice, never overwritten by a default."""

    __tablename__ = "preference"
    person_id: Mapped[str] = mapped_column(Id, primary_key=True)
    type: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    level: Mapped[str] = mapped_column(sa.String(8))
    changed_at: Mapped[dt.datetime] = mapped_column(Instant)


class ReminderRule(Base):
    """What an administrator has said about one row; a row nobody spoke of is on."""

    __tablename__ = "reminder_rule"
    type: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    enabled: Mapped[bool]
    changed_at: Mapped[dt.datetime] = mapped_column(Instant)
    changed_by: Mapped[str | None] = mapped_column(Id)
