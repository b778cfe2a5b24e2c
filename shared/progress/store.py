"""The only writer of the progress tables. Every function works inside the caller's transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared import clock
from shared.progress.fold import DayFact
from shared.progress.judge import State
from shared.progress.models import Contact, DayFactRow, MonthState, ObligationState


def put_day(session: Session, fact: DayFact, *, rules_version: str, calendar_version: str) -> bool:
    """Store the fold of one posting and date; False when exactly this was stored already."""
    row = session.get(DayFactRow, (fact.posting_id, fact.date), with_for_update=True)
    data = fact.to_dict()
    if row and (row.fact, row.rules_version, row.calendar_version) == (data, rules_version, calendar_version):
        row.folded_at = clock.now()
        return False
    session.merge(DayFactRow(posting_id=fact.posting_id, date=fact.date, fact=data, rules_version=rules_version,
                             calendar_version=calendar_version, folded_at=clock.now()))  # fmt: skip
    session.flush()
    return True


def put_states(session: Session, recipient_id: str, states: Iterable[State]) -> list[State]:
    """Store judgements of one recipient; gives those that differ from what was stored."""
    changed = []
    for state in states:
        key = (state.programme_id, state.rule_id, state.subject, state.period)
        row = session.get(ObligationState, key, with_for_update=True)
        data = state.to_dict()
        if row and row.state == data:
            row.judged_at = clock.now()
            continue
        session.merge(ObligationState(programme_id=key[0], rule_id=key[1], subject=key[2], period=key[3],
                                      recipient_id=recipient_id, value=state.value, state=data,
                                      judged_at=clock.now()))  # fmt: skip
        changed.append(state)
    session.flush()
    return changed


def drop_states(session: Session, subject: str, periods: Sequence[str], keep: set[tuple[str, str]]) -> int:
    """Remove states of a subject in these periods whose (rule_id, period) is no longer judged; gives their number."""
    rows = session.scalars(
        sa.select(ObligationState).where(ObligationState.subject == subject, ObligationState.period.in_(periods))
    )
    stale = [row for row in rows if (row.rule_id, row.period) not in keep]
    for row in stale:
        session.delete(row)
    return len(stale)


def touch_contact(
    session: Session, person_id: str, device: str, *, unsent: int, oldest_at: dt.datetime | None, sessions: list[str]
) -> None:
    """Remember the newest contact of a phone and how much it still holds unsent."""
    session.merge(Contact(person_id=person_id, device=device, at=clock.now(), unsent=unsent, oldest_at=oldest_at,
                          sessions=sessions))  # fmt: skip


def lock_month(session: Session, programme_id: str, recipient_id: str, month: str) -> None:
    """Close a month: from now on its work log and diaries change only by amendment."""
    session.merge(MonthState(programme_id=programme_id, recipient_id=recipient_id, month=month,
                             locked_at=clock.now(), version=1))  # fmt: skip
