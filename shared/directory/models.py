"""Who, where and when: organisations, clinics, people, pairs, seats, agreements, postings, rosters, programmes, calendar.

Written by services/roster only; everybody reads (lookup.py). `code` is the key of the roster workbook. Dates are
programme dates (Asia/Shanghai); every id is UUIDv7 text.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from shared.db import Base, Id, Instant, Json


class Organisation(Base):
    """A hospital, clinic operator or authority. kind: supporter, recipient, county, city, province, area.

    county_id, city_id, province_id name the authorities above it; an area, county or city has members that way.
    """

    __tablename__ = "organisation"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[str] = mapped_column(sa.String(16))
    county_id: Mapped[str | None] = mapped_column(Id, index=True)
    city_id: Mapped[str | None] = mapped_column(Id, index=True)
    province_id: Mapped[str | None] = mapped_column(Id, index=True)
    recipient_level: Mapped[str | None] = mapped_column(sa.String(16))
    office_phone: Mapped[str | None] = mapped_column(sa.String(32))
    complaint_phone: Mapped[str | None] = mapped_column(sa.String(32))


class Clinic(Base):
    """A physical site with its own codes. Coordinates in 1e-6 degree as entered, with their system (wgs84, gcj02)."""

    __tablename__ = "clinic"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    organisation_id: Mapped[str] = mapped_column(Id, index=True)
    address: Mapped[str | None] = mapped_column(sa.String(300))
    lat_e6: Mapped[int | None]
    lon_e6: Mapped[int | None]
    crs: Mapped[str | None] = mapped_column(sa.String(8))
    radius_m: Mapped[int] = mapped_column(default=300)
    site_token: Mapped[str] = mapped_column(sa.String(64), unique=True)
    screen_token: Mapped[str] = mapped_column(sa.String(64), unique=True)
    master_wrapped: Mapped[bytes]
    """clinic_master (32 bytes) under the wrapping key; every code of the clinic derives from it."""


class Person(Base):
    """A person on the roster. `roles` with `scope_organisation_id` become an account's grants."""

    __tablename__ = "person"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    phone: Mapped[str] = mapped_column(sa.String(32), unique=True)
    organisation_id: Mapped[str] = mapped_column(Id, index=True)
    roles: Mapped[list[str]] = mapped_column(Json)
    scope_organisation_id: Mapped[str | None] = mapped_column(Id)
    sex: Mapped[str | None] = mapped_column(sa.String(8))
    birth_month: Mapped[str | None] = mapped_column(sa.String(7))
    id_last4: Mapped[str | None] = mapped_column(sa.String(4))
    title_rank: Mapped[str | None] = mapped_column(sa.String(20))
    title_since: Mapped[dt.date | None]
    licence_no: Mapped[str | None] = mapped_column(sa.String(32))
    licence_since: Mapped[dt.date | None]
    category: Mapped[str | None] = mapped_column(sa.String(20))
    specialty: Mapped[str | None] = mapped_column(sa.String(50))


class Pair(Base):
    """Supporter and recipient within one programme."""

    __tablename__ = "pair"
    __table_args__ = (sa.UniqueConstraint("programme_id", "supporter_id", "recipient_id"),)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    programme_id: Mapped[str] = mapped_column(sa.String(64))
    supporter_id: Mapped[str] = mapped_column(Id, index=True)
    recipient_id: Mapped[str] = mapped_column(Id, index=True)


class Seat(Base):
    """A position that must stay filled: supporter x recipient x specialty, with the duty pattern of its mode."""

    __tablename__ = "seat"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(64), unique=True)
    supporter_id: Mapped[str] = mapped_column(Id, index=True)
    recipient_id: Mapped[str] = mapped_column(Id, index=True)
    specialty: Mapped[str] = mapped_column(sa.String(50))
    mode: Mapped[str] = mapped_column(sa.String(32))
    start: Mapped[dt.date]
    end: Mapped[dt.date | None]


class Agreement(Base):
    """An agreement of a pair; targets = {metric: number}."""

    __tablename__ = "agreement"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(64), unique=True)
    pair_id: Mapped[str] = mapped_column(Id, index=True)
    signed: Mapped[dt.date]
    start: Mapped[dt.date]
    end: Mapped[dt.date | None]
    targets: Mapped[dict[str, Any]] = mapped_column(Json)


class Posting(Base):
    """One physician at one recipient from start to end (both inclusive), in one mode of one programme."""

    __tablename__ = "posting"
    __table_args__ = (sa.Index("ix_posting_recipient_id_start", "recipient_id", "start"),)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(64), unique=True)
    person_id: Mapped[str] = mapped_column(Id, index=True)
    programme_id: Mapped[str] = mapped_column(sa.String(64))
    pair_id: Mapped[str] = mapped_column(Id, index=True)
    supporter_id: Mapped[str] = mapped_column(Id)
    recipient_id: Mapped[str] = mapped_column(Id)
    agreement_id: Mapped[str | None] = mapped_column(Id)
    clinics: Mapped[list[str]] = mapped_column(Json)
    """Clinic ids; the first is the usual one."""
    mode: Mapped[str] = mapped_column(sa.String(32))
    seat_id: Mapped[str | None] = mapped_column(Id)
    team_leader: Mapped[bool] = mapped_column(default=False)
    start: Mapped[dt.date]
    end: Mapped[dt.date | None]
    end_reason: Mapped[str | None] = mapped_column(sa.String(16))
    """Why it was closed (completed, rotation, illness, ordered, other); None while it was not."""
    end_approved: Mapped[bool] = mapped_column(default=False)
    """Whether the illness or order that ended it was approved: then it is no early rotation."""
    registration_no: Mapped[str | None] = mapped_column(sa.String(64))
    doc_no: Mapped[str | None] = mapped_column(sa.String(64))


class RosterHalfDay(Base):
    """One rostered duty half-day; session = "am" or "pm"."""

    __tablename__ = "roster_half_day"
    posting_id: Mapped[str] = mapped_column(Id, primary_key=True)
    date: Mapped[dt.date] = mapped_column(primary_key=True)
    session: Mapped[str] = mapped_column(sa.String(2), primary_key=True)
    clinic_id: Mapped[str] = mapped_column(Id)


class ProgrammeVersion(Base):
    """A programme file as stored. A month is judged by the activated version with the latest first_month not after it.

    first_month None = from the programme's beginning; activated_at None = stored, does not count yet.
    """

    __tablename__ = "programme_version"
    __table_args__ = (sa.UniqueConstraint("programme_id", "sha256"),)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    programme_id: Mapped[str] = mapped_column(sa.String(64), index=True)
    sha256: Mapped[str] = mapped_column(sa.String(71))
    text: Mapped[str] = mapped_column(sa.Text)
    first_month: Mapped[str | None] = mapped_column(sa.String(7))
    uploaded_by: Mapped[str | None] = mapped_column(Id)
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    activated_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class CalendarDay(Base):
    """An override of the published calendar; kind = "workday" or "rest"."""

    __tablename__ = "calendar_day"
    date: Mapped[dt.date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(8))


class CalendarYear(Base):
    """A year declared complete by override; figures over other unpublished years stay provisional."""

    __tablename__ = "calendar_year"
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
