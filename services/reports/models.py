"""The reports that exist and their versions. Version 0 is the draft, replaced each night; 1 and later never change."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from shared.db import Base, Id, Instant, Json

DRAFT = 0


class Report(Base):
    """One report: form, programme, recipient and period; `form_no` is what is printed on it."""

    __tablename__ = "report"
    __table_args__ = (sa.UniqueConstraint("form", "programme_id", "recipient_id", "period"),)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    form: Mapped[str] = mapped_column(sa.String(32))
    programme_id: Mapped[str] = mapped_column(sa.String(64))
    recipient_id: Mapped[str] = mapped_column(Id, index=True)
    period: Mapped[str] = mapped_column(sa.String(20))
    form_no: Mapped[str] = mapped_column(sa.String(200), unique=True)


class ReportVersion(Base):
    """The data object of one version and everything it is a function of (reliability.md A7)."""

    __tablename__ = "report_version"
    report_id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    figures: Mapped[dict[str, Any]] = mapped_column(Json)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    generated_at: Mapped[dt.datetime] = mapped_column(Instant)
    data_cutoff: Mapped[dt.datetime] = mapped_column(Instant)
    rules_version: Mapped[str] = mapped_column(sa.String(71))
    calendar_version: Mapped[str] = mapped_column(sa.String(71))
    heads: Mapped[list[Any]] = mapped_column(Json)
    """[posting id, seq, entry hash] of every chain the figures stand on."""
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    """SHA-256 over what the figures were read from: a draft is current while the same fingerprint is read again."""
