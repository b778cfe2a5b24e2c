"""worklog's own tables, for its own lists; everybody else reads the ledger's facts. id = the ledger entry."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from shared.db import Base, Id, Instant, Json


class HalfDay(Base):
    """A logged half-day. count: visits of an outpatient half-day, times of another type; None = 未报, never 0."""

    __tablename__ = "half_day"
    __table_args__ = (sa.Index("ix_half_day_posting_id_service_date", "posting_id", "service_date"),)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    posting_id: Mapped[str] = mapped_column(Id)
    person_id: Mapped[str] = mapped_column(Id, index=True)
    clinic_id: Mapped[str] = mapped_column(Id)
    service_date: Mapped[dt.date]
    session: Mapped[str] = mapped_column(sa.String(2))
    type: Mapped[str] = mapped_column(sa.String(32))
    department: Mapped[str | None] = mapped_column(sa.String(50))
    count: Mapped[int | None]
    record_ref: Mapped[list[str]] = mapped_column(Json)
    notes: Mapped[str] = mapped_column(sa.Text)
    unattended: Mapped[bool]
    filed_at: Mapped[dt.datetime] = mapped_column(Instant)


class Diary(Base):
    """A day's diary. photo_sha256: of the uploaded bytes; a photo may arrive after the text that names it."""

    __tablename__ = "diary"
    __table_args__ = (sa.Index("ix_diary_posting_id_service_date", "posting_id", "service_date"),)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    posting_id: Mapped[str] = mapped_column(Id)
    person_id: Mapped[str] = mapped_column(Id, index=True)
    service_date: Mapped[dt.date]
    text: Mapped[str] = mapped_column(sa.Text)
    photo_sha256: Mapped[list[str]] = mapped_column(Json)
    filed_at: Mapped[dt.datetime] = mapped_column(Instant)


class Activity(Base):
    """One activity of a diary, in the order in which it was written."""

    __tablename__ = "activity"
    diary_id: Mapped[str] = mapped_column(Id, primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(32))
    count: Mapped[int | None]
    people: Mapped[int | None]
    record_ref: Mapped[list[str]] = mapped_column(Json)


class DiaryShape(Base):
    """What a diary is found by when another is compared with it: its recipient, when it was filed, its number of 5-grams."""

    __tablename__ = "diary_shape"
    __table_args__ = (sa.Index("ix_diary_shape_recipient_id_grams", "recipient_id", "grams"),)
    diary_id: Mapped[str] = mapped_column(Id, primary_key=True)
    recipient_id: Mapped[str] = mapped_column(Id)
    grams: Mapped[int]
    filed_at: Mapped[dt.datetime] = mapped_column(Instant)


class DiaryPhoto(Base):
    """A photo that a diary names, by the hash of the uploaded bytes."""

    __tablename__ = "diary_photo"
    diary_id: Mapped[str] = mapped_column(Id, primary_key=True)
    sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True, index=True)
    programme_id: Mapped[str] = mapped_column(sa.String(64))


class PhotoLook(Base):
    """The 64-bit difference hash of uploaded bytes; of two within 2 bits at least one of three parts is the same."""

    __tablename__ = "photo_look"
    sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    look: Mapped[str] = mapped_column(sa.String(16))
    low: Mapped[int] = mapped_column(index=True)
    middle: Mapped[int] = mapped_column(index=True)
    high: Mapped[int] = mapped_column(index=True)
