"""SQL over spot checks, their seeds and plans."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from checkin.models import SpotCheck, SpotPlan, SpotSeed
from shared.attendance import spot
from shared.calendar import month_days


def seed(session: Session, month: str, *, lock: bool = False) -> SpotSeed | None:
    """The seed of a month, its row locked when it is to be revealed."""
    return session.get(SpotSeed, month, with_for_update=lock or None)


def unrevealed(session: Session) -> list[str]:
    """Months whose seed is still closed, oldest first."""
    query = sa.select(SpotSeed.month).where(SpotSeed.revealed_at.is_(None)).order_by(SpotSeed.month)
    return list(session.scalars(query))


def plans(session: Session, month: str) -> dict[str, list[SpotPlan]]:
    """The plans of a month by posting, in the order in which they were made."""
    query = sa.select(SpotPlan).where(SpotPlan.month == month).order_by(SpotPlan.posting_id, SpotPlan.version)
    found: dict[str, list[SpotPlan]] = {}
    for row in session.scalars(query):
        found.setdefault(row.posting_id, []).append(row)
    return found


def drawn_of(session: Session, month: str) -> list[SpotCheck]:
    """The drawn checks of a month, issued and void, by posting and half-day."""
    days = month_days(month)
    query = sa.select(SpotCheck).where(SpotCheck.drawn, SpotCheck.service_date.between(days[0], days[-1]))
    return list(session.scalars(query.order_by(SpotCheck.posting_id, SpotCheck.service_date, SpotCheck.session)))


def taken(session: Session, first: dt.date, last: dt.date) -> set[tuple[str, dt.date, str]]:
    """(posting, date, session) of every drawn check of these dates that has been issued or voided."""
    query = sa.select(SpotCheck.posting_id, SpotCheck.service_date, SpotCheck.session).where(
        SpotCheck.drawn, SpotCheck.service_date.between(first, last)
    )
    return {(row.posting_id, row.service_date, row.session) for row in session.execute(query)}


def of_half_day(session: Session, posting_id: str, day: dt.date, half: str) -> list[SpotCheck]:
    """The checks of a half-day: the drawn one and a supervisor's own."""
    query = sa.select(SpotCheck).where(
        SpotCheck.posting_id == posting_id, SpotCheck.service_date == day, SpotCheck.session == half
    )
    return list(session.scalars(query))


def locked(session: Session, check_id: str) -> SpotCheck | None:
    """The check, its row locked until what is said about it is written."""
    return session.get(SpotCheck, check_id, with_for_update=True, populate_existing=True)


def overdue(session: Session, before: dt.datetime) -> list[str]:
    """Ids of the checks nobody has answered whose deadline lies before this instant."""
    query = sa.select(SpotCheck.id).where(SpotCheck.state == spot.ISSUED, SpotCheck.deadline <= before)
    return list(session.scalars(query.order_by(SpotCheck.id)))


def of_person_on(session: Session, person_id: str, day: dt.date) -> list[SpotCheck]:
    """A physician's own checks of a date that were issued."""
    query = sa.select(SpotCheck).where(
        SpotCheck.person_id == person_id, SpotCheck.service_date == day, SpotCheck.issued_at.is_not(None)
    )
    return list(session.scalars(query.order_by(SpotCheck.issued_at, SpotCheck.id)))


def page_of_person(session: Session, person_id: str, limit: int, before: str | None) -> list[SpotCheck]:
    """A physician's own checks that were issued, newest first; `before` = the id after which a page goes on."""
    return _page(session, sa.and_(SpotCheck.person_id == person_id, SpotCheck.issued_at.is_not(None)), limit, before)


def page_of_postings(session: Session, posting_ids: Iterable[str], limit: int, before: str | None) -> list[SpotCheck]:
    """Checks of these postings, voided ones too, newest first."""
    return _page(session, SpotCheck.posting_id.in_(list(posting_ids)), limit, before)


def _page(session: Session, where: sa.ColumnElement[bool], limit: int, before: str | None) -> list[SpotCheck]:
    query = sa.select(SpotCheck).where(where)
    if before is not None:
        query = query.where(SpotCheck.id < before)
    return list(session.scalars(query.order_by(SpotCheck.id.desc()).limit(limit)))


def of_day(session: Session, posting_id: str, day: dt.date) -> list[SpotCheck]:
    """The issued checks of a posting and date."""
    query = sa.select(SpotCheck).where(SpotCheck.posting_id == posting_id, SpotCheck.service_date == day, SpotCheck.issued_at.is_not(None))
    return list(session.scalars(query.order_by(SpotCheck.issued_at)))
