"""What the folds keep: day facts, obligation states, month states, raised flags, phone contacts. All but the last two can be rebuilt."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from shared.db import Base, Id, Instant, Json


class DayFactRow(Base):
    """The fold of everything recorded for one posting and date; `fact` is DayFact.to_dict()."""

    __tablename__ = "day_fact"
    posting_id: Mapped[str] = mapped_column(Id, primary_key=True)
    date: Mapped[dt.date] = mapped_column(primary_key=True)
    fact: Mapped[dict[str, Any]] = mapped_column(Json)
    rules_version: Mapped[str] = mapped_column(sa.String(71))
    calendar_version: Mapped[str] = mapped_column(sa.String(71))
    folded_at: Mapped[dt.datetime] = mapped_column(Instant)
    head_seq: Mapped[int] = mapped_column(sa.BigInteger)
    """Sequence number of the posting's chain that this fold saw."""


class ObligationState(Base):
    """The judgement of one rule over one subject and period; `state` is State.to_dict()."""

    __tablename__ = "obligation_state"
    __table_args__ = (sa.Index("ix_obligation_state_subject_period", "subject", "period"),)
    programme_id: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    rule_id: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    subject: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    """`<kind>:<id>`: posting, doctor, team (`team:<pair>/<mode>`), pair, recipient, supporter, county, city, province."""
    period: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    """A name of rules.md §5, a posting id where the period is a posting, or `programme`."""
    recipient_id: Mapped[str] = mapped_column(Id, index=True)
    """The recipient it belongs to; of a supporter or authority its own id."""
    value: Mapped[str] = mapped_column(sa.String(16))
    state: Mapped[dict[str, Any]] = mapped_column(Json)
    judged_at: Mapped[dt.datetime] = mapped_column(Instant)


class OpenRequest(Base):
    """A fact asked for and not yet decided, with the role and scope that may decide it now.

    `scope_id`: an organisation; of role doctor the person. `entry_id`: the fact that asked, by `asked_by`.
    """

    __tablename__ = "open_request"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(32))
    posting_id: Mapped[str] = mapped_column(Id, index=True)
    role: Mapped[str] = mapped_column(sa.String(32))
    scope_id: Mapped[str | None] = mapped_column(Id, index=True)
    asked_at: Mapped[dt.datetime] = mapped_column(Instant)
    asked_by: Mapped[str | None] = mapped_column(Id)
    entry_id: Mapped[str] = mapped_column(Id)
    day_from: Mapped[dt.date]
    day_to: Mapped[dt.date]


class MonthState(Base):
    """The state of one recipient's month in a programme: open until closed, then locked."""

    __tablename__ = "month_state"
    programme_id: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    recipient_id: Mapped[str] = mapped_column(Id, primary_key=True)
    month: Mapped[str] = mapped_column(sa.String(7), primary_key=True)
    locked_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=0)


class RaisedFlag(Base):
    """A flag on a fact of a posting that something outside the posting's chain raised, or that coordinates showed before
    they were erased. An input of the fold, never rebuilt: `cause` = the entry that raised it, `at` = since when it stands.
    """

    __tablename__ = "raised_flag"
    __table_args__ = (sa.Index("ix_raised_flag_posting_id_service_date", "posting_id", "service_date"), {"info": {"latest": True}})
    target: Mapped[str] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(24), primary_key=True)
    posting_id: Mapped[str] = mapped_column(Id)
    service_date: Mapped[dt.date]
    cause: Mapped[str] = mapped_column(Id)
    at: Mapped[dt.datetime] = mapped_column(Instant)


class Contact(Base):
    """The newest contact of a phone and what it still holds unsent; not a fact, so not in the ledger."""

    __tablename__ = "contact"
    __table_args__ = {"info": {"latest": True}}  # noqa: RUF012
    person_id: Mapped[str] = mapped_column(Id, primary_key=True)
    device: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(Instant)
    unsent: Mapped[int]
    oldest_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    sessions: Mapped[list[str]] = mapped_column(Json)
