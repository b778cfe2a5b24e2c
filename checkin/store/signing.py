"""SQL over countersigns and objections."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from checkin.models import Attendance, Countersign, Objection


def signatures(session: Session, person_id: str, targets: Iterable[str]) -> dict[str, Countersign]:
    """What this person said of these records before, by record; rows locked until something else is said."""
    query = sa.select(Countersign).where(Countersign.person_id == person_id, Countersign.target.in_(list(targets)))
    return {row.target: row for row in session.scalars(query.with_for_update())}


def said(session: Session, person_id: str, targets: Iterable[str]) -> dict[str, str]:
    """What this person said of these records before, by record: confirmed, declined, withdrawn."""
    query = sa.select(Countersign.target, Countersign.state).where(Countersign.person_id == person_id, Countersign.target.in_(list(targets)))
    return {row.target: row.state for row in session.execute(query)}


def taps(session: Session, ids: Iterable[str]) -> dict[str, Attendance]:
    """Recorded taps by id; unknown ids are absent."""
    return {row.id: row for row in session.scalars(sa.select(Attendance).where(Attendance.id.in_(list(ids))))}


def signers(session: Session, target: str) -> frozenset[str]:
    """Persons who said anything about a record."""
    return frozenset(session.scalars(sa.select(Countersign.person_id).where(Countersign.target == target)))


def waiting(session: Session, posting_ids: Sequence[str], person_id: str, recent: dt.datetime, first: dt.date) -> list[Attendance]:
    """Taps nobody confirmed and this person said nothing about: those since `recent`, weak ones since `first`."""
    mine = sa.select(Countersign.target).where(Countersign.person_id == person_id)
    confirmed = sa.select(Countersign.target).where(Countersign.state == "confirmed")
    query = sa.select(Attendance).where(
        Attendance.posting_id.in_(list(posting_ids)), Attendance.person_id != person_id,
        Attendance.id.not_in(mine), Attendance.id.not_in(confirmed),
        sa.or_(Attendance.effective_at >= recent,
               sa.and_(Attendance.service_date >= first, Attendance.strength.in_(("poster", "none")))),
    )  # fmt: skip
    return list(session.scalars(query.order_by(Attendance.effective_at, Attendance.id)))


def signed_by(session: Session, person_id: str, since: dt.datetime) -> list[tuple[Countersign, Attendance]]:
    """What this person confirmed since then, newest first: what may still be withdrawn."""
    query = (
        sa.select(Countersign, Attendance)
        .join(Attendance, Attendance.id == Countersign.target)
        .where(Countersign.person_id == person_id, Countersign.state == "confirmed", Countersign.at >= since)
        .order_by(Countersign.at.desc(), Countersign.id)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def objection(session: Session, objection_id: str) -> Objection | None:
    """The objection, its row locked until it is decided."""
    return session.get(Objection, objection_id, with_for_update=True, populate_existing=True)


def objection_of_entry(session: Session, entry_id: str) -> Objection | None:
    """The objection that this ledger entry filed."""
    return session.scalars(sa.select(Objection).where(Objection.entry_id == entry_id)).first()


def objections_of_entries(session: Session, entry_ids: Iterable[str]) -> list[Objection]:
    """The objections that these ledger entries filed, oldest first."""
    query = sa.select(Objection).where(Objection.entry_id.in_(list(entry_ids)))
    return list(session.scalars(query.order_by(Objection.id)))


def objections(session: Session, posting_ids: Iterable[str], limit: int, before: str | None) -> list[Objection]:
    """Objections about these postings, newest first; `before` = the id after which a page goes on."""
    query = sa.select(Objection).where(Objection.posting_id.in_(list(posting_ids)))
    if before is not None:
        query = query.where(Objection.id < before)
    return list(session.scalars(query.order_by(Objection.id.desc()).limit(limit)))
