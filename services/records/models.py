"""records' own table, for its own lists and unique keys; everybody else reads the ledger's facts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from shared.db import Base, Id, Instant, Json


class Record(Base):
    """One record of any kind. id = its first ledger entry's record id; `values` are the fields as filed.

    The subject's ids say who may see it. `slot`: hash of what a later record replaces it by; a superseded record has none.
    `decisions`: {path, decision, role, by, at, entry_id, values} in order.
    """

    __tablename__ = "record"
    __table_args__ = (
        sa.Index("ix_record_kind_filed_at", "kind", "filed_at"),
        sa.UniqueConstraint("kind", "slot"),
    )
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(16))
    entry_id: Mapped[str] = mapped_column(Id, unique=True)
    state: Mapped[str] = mapped_column(sa.String(16))
    slot: Mapped[str | None] = mapped_column(sa.String(64))
    programme_id: Mapped[str | None] = mapped_column(sa.String(64))
    rule_id: Mapped[str | None] = mapped_column(sa.String(8))
    subject_kind: Mapped[str] = mapped_column(sa.String(16))
    subject_id: Mapped[str] = mapped_column(sa.String(80), index=True)
    posting_id: Mapped[str | None] = mapped_column(Id)
    person_id: Mapped[str | None] = mapped_column(Id, index=True)
    pair_id: Mapped[str | None] = mapped_column(Id)
    supporter_id: Mapped[str | None] = mapped_column(Id, index=True)
    recipient_id: Mapped[str | None] = mapped_column(Id, index=True)
    organisation_id: Mapped[str | None] = mapped_column(Id, index=True)
    """The authority a record is about (county, city, province)."""
    day_from: Mapped[dt.date | None]
    day_to: Mapped[dt.date | None]
    values: Mapped[dict[str, Any]] = mapped_column(Json)
    drawn: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """Of an inspection: seed, hash of the population, the sample and which of it were visited."""
    decisions: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    filed_by: Mapped[str | None] = mapped_column(Id, index=True)
    filed_role: Mapped[str] = mapped_column(sa.String(32))
    filed_at: Mapped[dt.datetime] = mapped_column(Instant)
