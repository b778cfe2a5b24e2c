"""Tables of the ledger (evidence.md §1.5). Written only by log.append; `triggers` keeps them append-only."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from shared.db import Base, Id, Instant
from shared.ledger.triggers import create_triggers


class LedgerHead(Base):
    """The newest position of a stream; its row lock orders the appends of the stream."""

    __tablename__ = "ledger_head"
    stream: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    seq: Mapped[int] = mapped_column(sa.BigInteger)
    entry_hash: Mapped[bytes]


class LedgerEntry(Base):
    """One entry as appended; `entry` holds the hashed bytes. `leaf_index` stays NULL until the Merkle log runs."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        sa.UniqueConstraint("stream", "seq"),
        sa.Index(
            "ix_ledger_entry_unsequenced",
            "appended_at",
            postgresql_where=sa.text("leaf_index IS NULL"),
            sqlite_where=sa.text("leaf_index IS NULL"),
        ),
    )
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    stream: Mapped[str] = mapped_column(sa.String(40))
    seq: Mapped[int] = mapped_column(sa.BigInteger)
    kind: Mapped[str] = mapped_column(sa.String(48))
    entry: Mapped[bytes]
    entry_hash: Mapped[bytes] = mapped_column(unique=True)
    appended_at: Mapped[dt.datetime] = mapped_column(Instant)
    client_event_id: Mapped[bytes | None] = mapped_column(unique=True)
    body_hash: Mapped[bytes | None]
    receipt: Mapped[bytes | None]
    leaf_index: Mapped[int | None] = mapped_column(sa.BigInteger, unique=True)


class LedgerPayload(Base):
    """What an entry commits to; erasing it leaves the chain whole. `subject` and the days are the fold's way to it."""

    __tablename__ = "ledger_payload"
    __table_args__ = (
        sa.Index("ix_ledger_payload_subject_day_from", "subject", "day_from"),
        sa.Index(
            "ix_ledger_payload_located",
            "day_from",
            postgresql_where=sa.text("loc IS NOT NULL"),
            sqlite_where=sa.text("loc IS NOT NULL"),
        ),
    )
    entry_id: Mapped[str] = mapped_column(Id, primary_key=True)
    subject: Mapped[str | None] = mapped_column(sa.String(80))
    day_from: Mapped[dt.date | None]
    day_to: Mapped[dt.date | None]
    fact: Mapped[bytes | None]
    fact_salt: Mapped[bytes | None]
    loc: Mapped[bytes | None]
    loc_salt: Mapped[bytes | None]
    key_id: Mapped[str | None] = mapped_column(sa.String(64))
    erased_at: Mapped[dt.datetime | None] = mapped_column(Instant)


sa.event.listen(Base.metadata, "after_create", create_triggers)
