"""SQL over checkin's own tables. Reads give rows; writes happen in the caller's transaction."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from checkin.models import Attendance, AttendanceRefused, Poster, SpotCheck
from checkin.store.asked import (
    correction,
    correction_for_decision,
    correction_of_entry,
    corrections_counted,
    corrections_of,
    corrections_on,
    handover_for_signature,
    handovers_of,
    leave_for_decision,
    leave_of_entry,
    leaves_of,
    leaves_over,
    order_for_decision,
    order_of_entry,
    orders_of,
)
from shared.access.models import Consent, Device
from shared.attendance import geo
from shared.directory.models import Clinic
from shared.progress.models import RaisedFlag

__all__ = [
    "busy_shares", "by_slot", "consented", "correction", "correction_for_decision", "correction_of_entry", "corrections_counted", "corrections_of",
    "corrections_on", "day_rows", "handover_for_signature", "handovers_of", "leave_for_decision", "leave_of_entry", "leaves_of", "leaves_over",
    "newest_of", "nth_refusal", "order_for_decision", "order_of_entry", "orders_of", "others_taps", "refused_before", "site", "sites",
]  # fmt: skip


def day_rows(session: Session, posting_id: str, day: dt.date) -> list[Attendance]:
    """Every tap of a posting on a Shanghai date, earliest first."""
    query = sa.select(Attendance).where(Attendance.posting_id == posting_id, Attendance.service_date == day)
    return list(session.scalars(query.order_by(Attendance.effective_at, Attendance.seq)))


def by_slot(session: Session, person_id: str, clinic_id: str, slot: int | None) -> Attendance | None:
    """The tap by which a physician used a slot of a clinic."""
    if slot is None:
        return None
    return session.scalars(
        sa.select(Attendance).where(
            Attendance.person_id == person_id, Attendance.clinic_id == clinic_id, Attendance.slot == slot
        )
    ).first()


def newest_of(session: Session, person_id: str, limit: int, before: str | None = None) -> list[Attendance]:
    """A person's taps, newest entry first; `before` = the id after which a page goes on."""
    query = sa.select(Attendance).where(Attendance.person_id == person_id)
    if before is not None:
        query = query.where(Attendance.id < before)
    return list(session.scalars(query.order_by(Attendance.id.desc()).limit(limit)))


def others_taps(
    session: Session, person_id: str, thumbprint: str | None, install: str | None, since: dt.datetime
) -> list[Attendance]:  # fmt: skip
    """Taps of other people since then with this key of theirs or this browser, that nothing marks as shared yet."""
    owner = sa.select(Device.person_id).where(Device.thumbprint == thumbprint)
    same = [sa.and_(Attendance.person_id.in_(owner), Attendance.device == thumbprint)] if thumbprint else []
    same += [Attendance.install_hash == install] if install else []
    marked = sa.exists().where(RaisedFlag.target == Attendance.id, RaisedFlag.code == "device_shared")
    query = sa.select(Attendance).where(
        sa.or_(sa.false(), *same), Attendance.person_id != person_id, Attendance.received_at > since, ~marked
    )
    return [row for row in session.scalars(query.order_by(Attendance.id)) if "device_shared" not in row.flags]


def site(session: Session, token: str) -> tuple[Clinic, bool] | None:
    """The clinic of a site token and whether that poster was revoked; a replaced token still finds its clinic."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    revoked = sa.select(Poster.clinic_id).where(Poster.token_sha256 == digest, Poster.revoked_at.is_not(None))
    row = session.execute(sa.select(Clinic, revoked.exists()).where(Clinic.site_token == token)).first()
    if row is not None:
        return row[0], row[1]
    replaced = session.scalars(sa.select(Clinic).where(Clinic.id.in_(revoked))).first()
    return (replaced, True) if replaced else None


def refused_before(
    session: Session, person_id: str, client_event_id: bytes, body_hash: bytes, reason: str
) -> bool:  # fmt: skip
    """Whether exactly this request was refused for this reason already: a repeat is not counted again."""
    query = sa.select(AttendanceRefused.id).where(
        AttendanceRefused.person_id == person_id, AttendanceRefused.client_event_id == client_event_id,
        AttendanceRefused.body_hash == body_hash, AttendanceRefused.reason == reason,
    )  # fmt: skip
    return session.scalars(query).first() is not None


def nth_refusal(
    session: Session, reason: str, since: dt.datetime, n: int, *, person_id: str | None = None, clinic_id: str | None = None
) -> dt.datetime | None:  # fmt: skip
    """When the n-th newest refusal for this reason since `since` happened; None when there are fewer."""
    query = sa.select(AttendanceRefused.at).where(AttendanceRefused.reason == reason, AttendanceRefused.at > since)
    if person_id is not None:
        query = query.where(AttendanceRefused.person_id == person_id)
    if clinic_id is not None:
        query = query.where(AttendanceRefused.clinic_id == clinic_id)
    return session.scalars(query.order_by(AttendanceRefused.at.desc()).offset(n - 1).limit(1)).first()


def busy_shares(session: Session, posting_ids: Iterable[str]) -> dict[str, list[int]]:
    """[those with 「正在接诊」, issued] of each posting's checks."""
    query = (
        sa.select(SpotCheck.posting_id, sa.func.sum(sa.case((SpotCheck.busy, 1), else_=0)), sa.func.count())
        .where(SpotCheck.posting_id.in_(list(posting_ids)), SpotCheck.issued_at.is_not(None))
        .group_by(SpotCheck.posting_id)
    )
    return {posting_id: [int(busy), int(issued)] for posting_id, busy, issued in session.execute(query)}


def consented(session: Session, person_id: str) -> bool:
    """Whether the person's newest answer to the location screen (L) was yes."""
    query = sa.select(Consent.given).where(Consent.person_id == person_id, Consent.screen == "L")
    return bool(session.scalars(query.order_by(Consent.at.desc(), Consent.id.desc()).limit(1)).first())


def sites(session: Session, clinic_ids: Sequence[str]) -> list[geo.Site]:
    """The places of these clinics in WGS-84, those that have one."""
    rows = session.scalars(sa.select(Clinic).where(Clinic.id.in_(clinic_ids), Clinic.lat_e6.is_not(None)))
    return [
        geo.Site(geo.converted(geo.Point.of_e6(row.lat_e6, row.lon_e6), row.crs or "wgs84"), row.radius_m)
        for row in rows if row.lat_e6 is not None and row.lon_e6 is not None
    ]  # fmt: skip
