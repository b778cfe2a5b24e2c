"""SQL over what was asked for: corrections, leave, ordered work, handovers. Locked rows are those of a decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from checkin.models import Correction, Handover, Leave, OrderedWork
from shared.calendar import month_days


def correction(session: Session, correction_id: str) -> Correction | None:
    """The correction request, or None."""
    return session.get(Correction, correction_id)


def correction_for_decision(session: Session, correction_id: str) -> Correction | None:
    """The correction request, its row locked until the decision is written."""
    return session.get(Correction, correction_id, with_for_update=True)


def correction_of_entry(session: Session, entry_id: str) -> Correction | None:
    """The correction that this ledger entry asked for."""
    return session.scalars(sa.select(Correction).where(Correction.entry_id == entry_id)).first()


def corrections_counted(session: Session, posting_id: str, day: dt.date, states: Collection[str]) -> int:
    """Requests in these states for dates of the day's month that use up its count; outages do not."""
    month = month_days(f"{day:%Y-%m}")
    query = sa.select(sa.func.count()).select_from(Correction).where(
        Correction.posting_id == posting_id, Correction.service_date.between(month[0], month[-1]),
        Correction.state.in_(list(states)), Correction.outage.is_(False),
    )  # fmt: skip
    return session.scalar(query) or 0


def corrections_of(session: Session, person_id: str, limit: int, before: str | None = None) -> list[Correction]:
    """Requests about a person or by it, newest first; `before` = the id after which a page goes on."""
    query = sa.select(Correction).where(sa.or_(Correction.person_id == person_id, Correction.asked_by == person_id))
    if before is not None:
        query = query.where(Correction.id < before)
    return list(session.scalars(query.order_by(Correction.id.desc()).limit(limit)))


def corrections_on(session: Session, posting_ids: Iterable[str], day: dt.date) -> list[Correction]:
    """Requests about a date of these postings, oldest first; those filed anew stand for the ones before."""
    query = sa.select(Correction).where(
        Correction.posting_id.in_(list(posting_ids)), Correction.service_date == day, Correction.state != "superseded"
    )
    return list(session.scalars(query.order_by(Correction.id)))


def leave_for_decision(session: Session, leave_id: str) -> Leave | None:
    """The leave request, its row locked until the decision is written."""
    return session.get(Leave, leave_id, with_for_update=True)


def leave_of_entry(session: Session, entry_id: str) -> Leave | None:
    """The leave request that this ledger entry asked for."""
    return session.scalars(sa.select(Leave).where(Leave.entry_id == entry_id)).first()


def leaves_of(session: Session, person_id: str, limit: int, before: str | None = None) -> list[Leave]:
    """A person's leave requests, newest first; `before` = the id after which a page goes on."""
    query = sa.select(Leave).where(Leave.person_id == person_id)
    if before is not None:
        query = query.where(Leave.id < before)
    return list(session.scalars(query.order_by(Leave.id.desc()).limit(limit)))


def leaves_over(session: Session, posting_ids: Iterable[str], day: dt.date) -> list[Leave]:
    """Leave requests of these postings that cover a date, oldest first."""
    query = sa.select(Leave).where(
        Leave.posting_id.in_(list(posting_ids)), Leave.first_day <= day, Leave.last_day >= day, Leave.state != "superseded"
    )
    return list(session.scalars(query.order_by(Leave.id)))


def order_for_decision(session: Session, ordered_id: str) -> OrderedWork | None:
    """The record of ordered work, its row locked until the decision is written."""
    return session.get(OrderedWork, ordered_id, with_for_update=True)


def order_of_entry(session: Session, entry_id: str) -> OrderedWork | None:
    """The ordered work that this ledger entry filed."""
    return session.scalars(sa.select(OrderedWork).where(OrderedWork.entry_id == entry_id)).first()


def orders_of(session: Session, posting_ids: Iterable[str]) -> list[OrderedWork]:
    """Ordered work of these postings, newest first."""
    query = sa.select(OrderedWork).where(OrderedWork.posting_id.in_(list(posting_ids)))
    return list(session.scalars(query.order_by(OrderedWork.id.desc())))


def handovers_of(session: Session, posting_ids: Collection[str]) -> list[Handover]:
    """Handovers of which one of these postings is a side, newest first."""
    sides = sa.or_(Handover.posting_id.in_(list(posting_ids)), Handover.in_posting_id.in_(list(posting_ids)))
    return list(session.scalars(sa.select(Handover).where(sides).order_by(Handover.id.desc())))


def handover_for_signature(session: Session, handover_id: str) -> Handover | None:
    """The handover, its row locked until the signature is written."""
    return session.get(Handover, handover_id, with_for_update=True)
