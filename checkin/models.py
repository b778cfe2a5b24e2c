"""checkin's own tables: for its screens and unique keys. What others need goes through the ledger."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from shared.db import Base, Id, Instant, Json


class Attendance(Base):
    """One recorded tap; id = its ledger entry. A slot is used once per physician and clinic, never once for all."""

    __tablename__ = "attendance"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "clinic_id", "slot"),
        sa.Index("ix_attendance_posting_id_service_date", "posting_id", "service_date"),
        sa.Index("ix_attendance_install_hash", "install_hash"),
    )
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    posting_id: Mapped[str] = mapped_column(Id)
    person_id: Mapped[str] = mapped_column(Id)
    clinic_id: Mapped[str] = mapped_column(Id)
    service_date: Mapped[dt.date]
    session: Mapped[str] = mapped_column(sa.String(2))
    direction: Mapped[str] = mapped_column(sa.String(3))
    direction_source: Mapped[str] = mapped_column(sa.String(8))
    effective_at: Mapped[dt.datetime] = mapped_column(Instant)
    received_at: Mapped[dt.datetime] = mapped_column(Instant)
    method: Mapped[str] = mapped_column(sa.String(16))
    strength: Mapped[str] = mapped_column(sa.String(8))
    slot: Mapped[int | None] = mapped_column(sa.BigInteger)
    flags: Mapped[list[str]] = mapped_column(Json)
    seq: Mapped[int] = mapped_column(sa.BigInteger)
    client_event_id: Mapped[bytes]
    loc_failure: Mapped[str | None] = mapped_column(sa.String(16))
    loc_verdict: Mapped[str | None] = mapped_column(sa.String(16))
    distance_band: Mapped[str | None] = mapped_column(sa.String(16))
    device: Mapped[str | None] = mapped_column(sa.String(43))
    install_hash: Mapped[str | None] = mapped_column(sa.String(32))
    judged: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """The grade at the tap and what it stood on: {version, device, window, location, accuracy_m}. None: before grades."""


class AttendanceRefused(Base):
    """A tap that was refused, kept with its reason; wrong typed codes are counted here. The same body counts once."""

    __tablename__ = "attendance_refused"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "client_event_id", "body_hash", "reason"),
        sa.Index("ix_attendance_refused_person_id_at", "person_id", "at"),
        sa.Index("ix_attendance_refused_clinic_id_at", "clinic_id", "at"),
    )
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(Id)
    posting_id: Mapped[str | None] = mapped_column(Id)
    clinic_id: Mapped[str | None] = mapped_column(Id)
    reason: Mapped[str] = mapped_column(sa.String(48))
    status: Mapped[int]
    at: Mapped[dt.datetime] = mapped_column(Instant)
    client_event_id: Mapped[bytes]
    body_hash: Mapped[bytes]


class Poster(Base):
    """One issue of a clinic's poster; a revoked token stays known, so that its scans are marked and not lost."""

    __tablename__ = "poster"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    clinic_id: Mapped[str] = mapped_column(Id, index=True)
    token_sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    issued_at: Mapped[dt.datetime] = mapped_column(Instant)
    issued_by: Mapped[str | None] = mapped_column(Id)
    pdf_sha256: Mapped[str] = mapped_column(sa.String(64))
    png_sha256: Mapped[str] = mapped_column(sa.String(64))
    revoked_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class Leave(Base):
    """One leave request and its state: requested, endorsed, approved, rejected, returned, cancelled, closed.

    `level`: the lowest approval level its length asks for; half_days: the duty half-days it covers.
    """

    __tablename__ = "leave"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[str] = mapped_column(Id, unique=True)
    posting_id: Mapped[str] = mapped_column(Id, index=True)
    person_id: Mapped[str] = mapped_column(Id)
    type: Mapped[str] = mapped_column(sa.String(16))
    first_day: Mapped[dt.date]
    first_session: Mapped[str] = mapped_column(sa.String(2))
    last_day: Mapped[dt.date]
    last_session: Mapped[str] = mapped_column(sa.String(2))
    half_days: Mapped[int]
    level: Mapped[int]
    filed_at: Mapped[dt.datetime] = mapped_column(Instant)
    filed_late: Mapped[bool]
    state: Mapped[str] = mapped_column(sa.String(12))
    decision: Mapped[dict[str, Any] | None] = mapped_column(Json)
    returned_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    """When the physician says to be back (销假); the first attendance since then confirms it."""


class Correction(Base):
    """One request to supply what a scan missed, on one date at one clinic, and its state: requested, approved, rejected,
    returned, withdrawn, superseded (filed again).

    `claimed`: instants by direction, {} = the half-days outright; `filed_at` of the first filing; `targets`: the taps a
    wrong time, clinic or direction is about; `outage`: a declared outage lay over it, it does not use up the month's count.
    """

    __tablename__ = "correction"
    __table_args__ = (sa.Index("ix_correction_posting_id_service_date", "posting_id", "service_date"),)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[str] = mapped_column(Id, unique=True)
    posting_id: Mapped[str] = mapped_column(Id)
    person_id: Mapped[str] = mapped_column(Id, index=True)
    asked_by: Mapped[str | None] = mapped_column(Id)
    service_date: Mapped[dt.date]
    sessions: Mapped[list[str]] = mapped_column(Json)
    clinic_id: Mapped[str] = mapped_column(Id)
    what: Mapped[str] = mapped_column(sa.String(16))
    claimed: Mapped[dict[str, Any]] = mapped_column(Json)
    targets: Mapped[list[str]] = mapped_column(Json)
    reason_code: Mapped[str] = mapped_column(sa.String(20))
    text: Mapped[str]
    attachments: Mapped[list[str]] = mapped_column(Json)
    outage: Mapped[bool]
    filed_at: Mapped[dt.datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(sa.String(12))
    decision: Mapped[dict[str, Any] | None] = mapped_column(Json)


class OrderedWork(Base):
    """One record of ordered work over a span of a posting, and its state: filed, accepted, rejected, revoked."""

    __tablename__ = "ordered_work"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[str] = mapped_column(Id, unique=True)
    posting_id: Mapped[str] = mapped_column(Id, index=True)
    filed_by: Mapped[str | None] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(sa.String(12))
    doc_no: Mapped[str]
    issuer: Mapped[str]
    issuer_level: Mapped[str] = mapped_column(sa.String(12))
    first_day: Mapped[dt.date]
    first_session: Mapped[str] = mapped_column(sa.String(2))
    last_day: Mapped[dt.date]
    last_session: Mapped[str] = mapped_column(sa.String(2))
    attachments: Mapped[list[str]] = mapped_column(Json)
    filed_at: Mapped[dt.datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(sa.String(12))
    decision: Mapped[dict[str, Any] | None] = mapped_column(Json)


class Handover(Base):
    """The handing over of a seat: signed by the outgoing physician, the incoming one, the recipient, in that order.

    `step` = the last signature: out, in, recipient. `items` are what is handed over, `items_sha256` their hash (JCS).
    """

    __tablename__ = "handover"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[str] = mapped_column(Id, unique=True)
    posting_id: Mapped[str] = mapped_column(Id, index=True)
    in_posting_id: Mapped[str] = mapped_column(Id, index=True)
    seat_id: Mapped[str | None] = mapped_column(Id)
    items: Mapped[list[str]] = mapped_column(Json)
    items_sha256: Mapped[str] = mapped_column(sa.String(64))
    step: Mapped[str] = mapped_column(sa.String(12))
    signatures: Mapped[list[dict[str, Any]]] = mapped_column(Json)


class SpotSeed(Base):
    """The seed of a month, encrypted until it is revealed; afterwards it stands in the ledger and here no more."""

    __tablename__ = "spot_seed"
    month: Mapped[str] = mapped_column(sa.String(7), primary_key=True)
    closed: Mapped[bytes | None]
    commitment: Mapped[str] = mapped_column(sa.String(64))
    committed_at: Mapped[dt.datetime] = mapped_column(Instant)
    revealed_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class SpotPlan(Base):
    """Duty half-days of a posting's month that are drawn from with one threshold; version 2 holds those rostered later.

    It does not say which of them are drawn: that follows from the seed alone.
    """

    __tablename__ = "spot_plan"
    posting_id: Mapped[str] = mapped_column(Id, primary_key=True)
    month: Mapped[str] = mapped_column(sa.String(7), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    half_days: Mapped[list[str]] = mapped_column(Json)
    threshold: Mapped[str] = mapped_column(sa.String(24))
    entry_id: Mapped[str] = mapped_column(Id)


class SpotCheck(Base):
    """One check: drawn (also when voided before its issue) or a supervisor's own; at most one of each a half-day.

    `state`: shared.attendance.spot, recomputed from the ledger's facts after each of them. `noticed_at`: the notice was
    accepted. `decision`: {by, role, at, entry_id, result} of the newest one by a person.
    """

    __tablename__ = "spot_check"
    __table_args__ = (
        sa.UniqueConstraint("posting_id", "service_date", "session", "drawn"),
        sa.Index("ix_spot_check_state", "state"),
        sa.Index("ix_spot_check_person_id_service_date", "person_id", "service_date"),
    )
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    posting_id: Mapped[str] = mapped_column(Id)
    person_id: Mapped[str] = mapped_column(Id)
    recipient_id: Mapped[str] = mapped_column(Id, index=True)
    clinic_id: Mapped[str | None] = mapped_column(Id)
    service_date: Mapped[dt.date]
    session: Mapped[str] = mapped_column(sa.String(2))
    drawn: Mapped[bool]
    origin: Mapped[str] = mapped_column(sa.String(8))
    outside: Mapped[bool]
    busy: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(sa.String(16))
    reason: Mapped[str | None] = mapped_column(sa.String(16))
    issued_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    deadline: Mapped[dt.datetime | None] = mapped_column(Instant)
    session_end: Mapped[dt.datetime | None] = mapped_column(Instant)
    noticed_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    decision: Mapped[dict[str, Any] | None] = mapped_column(Json)


class Countersign(Base):
    """What one person attested, declined or withdrew about one recorded tap."""

    __tablename__ = "countersign"
    __table_args__ = (sa.UniqueConstraint("target", "person_id"),)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    target: Mapped[str] = mapped_column(Id)
    posting_id: Mapped[str] = mapped_column(Id, index=True)
    person_id: Mapped[str] = mapped_column(Id)
    state: Mapped[str] = mapped_column(sa.String(12))
    off_rota: Mapped[bool]
    entry_id: Mapped[str] = mapped_column(Id)
    at: Mapped[dt.datetime] = mapped_column(Instant)


class Objection(Base):
    """An objection against an entry, grade, flag, check or month line; open until `decision` says upheld or rejected."""

    __tablename__ = "objection"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[str] = mapped_column(Id, unique=True)
    posting_id: Mapped[str] = mapped_column(Id, index=True)
    target_kind: Mapped[str] = mapped_column(sa.String(12))
    target: Mapped[str] = mapped_column(sa.String(80))
    reason_code: Mapped[str] = mapped_column(sa.String(24))
    text: Mapped[str] = mapped_column(sa.String(1000))
    filed_by: Mapped[str | None] = mapped_column(Id)
    filed_role: Mapped[str] = mapped_column(sa.String(32))
    filed_at: Mapped[dt.datetime] = mapped_column(Instant)
    due: Mapped[dt.date]
    state: Mapped[str] = mapped_column(sa.String(12))
    decision: Mapped[dict[str, Any] | None] = mapped_column(Json)
