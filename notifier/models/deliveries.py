"""What leaves the house: one row per recipient and channel, its calls, addresses, credits, and callbacks received.

The states and what follows each are channels.md §8; who moves them is notifier/domain/delivery.py.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from shared.db import Base, Id, Instant, Json


class Delivery(Base):
    """A reminder on its way to one person through one channel.

    `recipient` is the person, `external_id` where it goes, frozen when it was planned. `call_id` names the request the row
    went out in and `body` is that request's text: a repeat sends the same bytes to the same recipients. `calls` counts the
    calls made. `next_at`: not before; while `sending`, until when nobody else may take the row.
    """

    __tablename__ = "delivery"
    __table_args__ = (sa.UniqueConstraint("key", "recipient", "channel"),)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    reminder_id: Mapped[str] = mapped_column(Id, index=True)
    key: Mapped[str] = mapped_column(sa.String(200))
    recipient: Mapped[str] = mapped_column(Id)
    channel: Mapped[str] = mapped_column(sa.String(16))
    external_id: Mapped[str] = mapped_column(sa.String(128))
    state: Mapped[str] = mapped_column(sa.String(12))
    reason: Mapped[str | None] = mapped_column(sa.String(40))
    call_id: Mapped[str | None] = mapped_column(Id, index=True)
    body: Mapped[str | None] = mapped_column(sa.Text)
    body_hash: Mapped[str | None] = mapped_column(sa.String(64))
    calls: Mapped[int] = mapped_column(default=0)
    planned_at: Mapped[dt.datetime] = mapped_column(Instant)
    expires_at: Mapped[dt.datetime] = mapped_column(Instant)
    next_at: Mapped[dt.datetime] = mapped_column(Instant)
    changed_at: Mapped[dt.datetime] = mapped_column(Instant)


class Attempt(Base):
    """One call for one delivery, written before it is made. Without `ended_at` the outcome is not known."""

    __tablename__ = "attempt"
    __table_args__ = (sa.Index("ix_attempt_channel_ended_at", "channel", "ended_at"),)
    delivery_id: Mapped[str] = mapped_column(Id, primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    channel: Mapped[str] = mapped_column(sa.String(16))
    started_at: Mapped[dt.datetime] = mapped_column(Instant)
    ended_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    http_status: Mapped[int | None]
    errcode: Mapped[int | None]
    msgid: Mapped[str | None] = mapped_column(sa.String(128), index=True)
    action: Mapped[str | None] = mapped_column(sa.String(12))
    request_hash: Mapped[str] = mapped_column(sa.String(64))


class Address(Base):
    """Where a person can be reached. channel: wecom, oa, mail, sms, console; state: ok, blocked, unfollowed, unlicensed."""

    __tablename__ = "address"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "channel"), sa.Index("ix_address_channel_external_id", "channel", "external_id"),
    )  # fmt: skip
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(Id)
    channel: Mapped[str] = mapped_column(sa.String(16))
    external_id: Mapped[str] = mapped_column(sa.String(128))
    state: Mapped[str] = mapped_column(sa.String(12))
    reason: Mapped[str | None] = mapped_column(sa.String(40))
    since: Mapped[dt.datetime] = mapped_column(Instant)


class Credit(Base):
    """One-time subscription credits, one row per change: +1 granted by a tap, -1 spent on a delivery."""

    __tablename__ = "credit"
    __table_args__ = (sa.Index("ix_credit_person_id_template", "person_id", "template"),)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(Id)
    template: Mapped[str] = mapped_column(sa.String(64))
    change: Mapped[int]
    at: Mapped[dt.datetime] = mapped_column(Instant)
    delivery_id: Mapped[str | None] = mapped_column(Id)
    source: Mapped[str] = mapped_column(sa.String(16))


class CallbackSeen(Base):
    """An event a platform sent, once per key; `event` holds its plain fields until it was worked."""

    __tablename__ = "callback_seen"
    __table_args__ = (sa.UniqueConstraint("platform", "event_key"),)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    platform: Mapped[str] = mapped_column(sa.String(32))
    event_key: Mapped[str] = mapped_column(sa.String(200))
    received_at: Mapped[dt.datetime] = mapped_column(Instant)
    event: Mapped[dict[str, Any]] = mapped_column(Json)
