"""How everybody reads the folds: day facts, obligation states, the week line of the scan page, month locks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared import calendar
from shared.directory.models import Posting
from shared.progress.fold import DayFact
from shared.progress.judge import State
from shared.progress.models import Contact, DayFactRow, MonthState, ObligationState
from shared.rules import words


@dataclass(frozen=True)
class Week:
    """A posting's week as the scan page and the phone show it; `line` is empty before the first fold."""

    period: str
    line: str
    states: tuple[State, ...]


def day(session: Session, posting_id: str, date: dt.date) -> DayFact | None:
    """The day fact of a posting and date, or None when nothing was folded."""
    row = session.get(DayFactRow, (posting_id, date))
    return DayFact.from_dict(row.fact) if row else None


def days(session: Session, posting_ids: Iterable[str], first: dt.date, last: dt.date) -> dict[tuple[str, dt.date], DayFact]:
    """Day facts of these postings from first to last (inclusive), keyed by (posting id, date)."""
    query = sa.select(DayFactRow).where(
        DayFactRow.posting_id.in_(list(posting_ids)), DayFactRow.date >= first, DayFactRow.date <= last
    )
    return {(row.posting_id, row.date): DayFact.from_dict(row.fact) for row in session.scalars(query)}


def folded(
    session: Session, posting_id: str, first: dt.date, last: dt.date, head_seq: int, since: dt.datetime
) -> frozenset[dt.date]:
    """The dates whose fold was made since then from the posting's chain as it still stands."""
    query = sa.select(DayFactRow.date).where(
        DayFactRow.posting_id == posting_id, DayFactRow.date.between(first, last), DayFactRow.head_seq == head_seq,
        DayFactRow.folded_at >= since,
    )  # fmt: skip
    return frozenset(session.scalars(query))


def states(
    session: Session, *, subjects: Iterable[str] | None = None, recipient_id: str | None = None,
    periods: Iterable[str] | None = None, programme_id: str | None = None,
) -> list[State]:  # fmt: skip
    """Obligation states that match every given filter, by rule, subject and period."""
    query = sa.select(ObligationState).order_by(
        ObligationState.rule_id, ObligationState.subject, ObligationState.period
    )
    if subjects is not None:
        query = query.where(ObligationState.subject.in_(list(subjects)))
    if recipient_id is not None:
        query = query.where(ObligationState.recipient_id == recipient_id)
    if periods is not None:
        query = query.where(ObligationState.period.in_(list(periods)))
    if programme_id is not None:
        query = query.where(ObligationState.programme_id == programme_id)
    return [State.from_dict(row.state) for row in session.scalars(query)]


def week(session: Session, posting_id: str, date: dt.date) -> Week:
    """The posting's week around a date: its states and the line 「本周门诊 1/3 · 查房 0/2」."""
    period = calendar.iso_week(date)
    found = tuple(states(session, subjects=[f"posting:{posting_id}"], periods=[period]))
    parts = [part for state in found if (part := state.short())]
    return Week(period, words.week_line(parts), found)


def month_locked(session: Session, posting_id: str, date: dt.date) -> bool:
    """Whether the month of the date is closed for this posting; asked inside the writer's own transaction."""
    posting = session.get(Posting, posting_id)
    if posting is None:
        return False
    row = session.get(MonthState, (posting.programme_id, posting.recipient_id, date.strftime("%Y-%m")))
    return row is not None and row.locked_at is not None


def contact(session: Session, person_id: str) -> Contact | None:
    """The newest contact of any phone of the person."""
    return session.scalars(
        sa.select(Contact).where(Contact.person_id == person_id).order_by(Contact.at.desc()).limit(1)
    ).first()


def contacts(session: Session, person_ids: Iterable[str]) -> dict[str, list[Contact]]:
    """The newest contact of every phone of these persons."""
    found: dict[str, list[Contact]] = {}
    for row in session.scalars(sa.select(Contact).where(Contact.person_id.in_(list(person_ids)))):
        found.setdefault(row.person_id, []).append(row)
    return found
