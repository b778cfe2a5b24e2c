"""Tables of the outbox: messages to be worked, delivery receipts (the truth about what was), firings of the scheduler."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from shared.db import Base, Id, Instant

OPEN, DONE, PARKED, EXPIRED = STATES = ("open", "done", "parked", "expired")


class OutboxMessage(Base):
    """One invitation to one consumer to look at something. `state` is an index aid; `outbox_receipt` is the truth."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        sa.UniqueConstraint("dedupe_key", "consumer"),
        sa.Index(
            "ix_outbox_message_open",
            "run_after",
            postgresql_where=sa.text("state = 'open'"),
            sqlite_where=sa.text("state = 'open'"),
        ),
    )
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(sa.String(200))
    consumer: Mapped[str] = mapped_column(sa.String(64))
    queue: Mapped[str | None] = mapped_column(sa.String(16))
    """Known from the first lease on: the relay knows every job, the writer of a message need not."""
    payload: Mapped[str] = mapped_column(sa.Text)
    """JSON, ids only, no personal data."""
    run_after: Mapped[dt.datetime] = mapped_column(Instant)
    expires_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[dt.datetime | None] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(sa.String(8), default=OPEN)
    last_error: Mapped[str | None] = mapped_column(sa.String(500))
    created_at: Mapped[dt.datetime] = mapped_column(Instant)


class OutboxReceipt(Base):
    """A message was worked: written in the transaction of its effect, so the effect happened exactly once."""

    __tablename__ = "outbox_receipt"
    message_id: Mapped[str] = mapped_column(Id, primary_key=True)
    consumer: Mapped[str] = mapped_column(sa.String(64))
    done_at: Mapped[dt.datetime] = mapped_column(Instant)
    result_sha256: Mapped[str | None] = mapped_column(sa.String(64))


class SchedFire(Base):
    """One firing of a scheduled job; whoever inserts the row writes its message in the same transaction."""

    __tablename__ = "sched_fire"
    job: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    fire_at: Mapped[dt.datetime] = mapped_column(Instant, primary_key=True)
