"""Refold a month and compare: what is stored must be what the ledger's facts give, as of the instant it was stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.progress.usecases.fold import Ground, days_of, fold_and_judge, fold_days, ground, judged
from shared import calendar as periods
from shared.directory import lookup as directory
from shared.directory.models import Posting
from shared.progress.models import DayFactRow, ObligationState
from shared.service import Runtime


@dataclass(frozen=True)
class Difference:
    """A stored row that the facts do not give: where, and the members that differ."""

    posting: str
    where: str
    members: tuple[str, ...]


def rebuild(rt: Runtime, month: str, report: Callable[[int, int], None] = lambda done, total: None) -> list[Difference]:
    """Fold and judge the month of every posting again; gives the differences found and stores the right rows.

    Each row is first recomputed as of the instant it was made, so that time passing is no difference; after that the
    posting is folded up to the present. `report(done, total)` counts postings.
    """
    held = periods.month_days(month)
    with rt.db.read() as session:
        ids = [row.id for row in directory.postings_between(session, held[0], held[-1])]
    found: list[Difference] = []
    for done, posting_id in enumerate(ids, 1):
        with rt.db.transaction() as session:
            posting = directory.posting(session, posting_id)
            found += _days(session, posting, month) + _states(session, posting, month)
            fold_and_judge(session, posting_id, held[0], held[-1])
        report(done, len(ids))
    return found


def _days(session: Session, posting: Posting, month: str) -> list[Difference]:
    """Differences between stored day facts and those the ledger gives."""
    held = periods.month_days(month)
    terms = directory.posting_terms(session, posting.id)
    rows = session.scalars(
        sa.select(DayFactRow).where(DayFactRow.posting_id == posting.id, DayFactRow.date.between(held[0], held[-1]))
    )
    found = []
    for row in rows:
        on = Ground(session, directory.calendar(session), row.folded_at)
        (fact,) = fold_days(on, terms, [row.date])
        found += _compare(posting, f"{row.date}", row.fact, fact.to_dict())
    return found


def _states(session: Session, posting: Posting, month: str) -> list[Difference]:
    """Differences between stored states of the posting and those its day facts give."""
    held = days_of(posting, *(periods.month_days(month)[n] for n in (0, -1)))
    now = ground(session)
    wanted = {(state.rule_id, state.subject, state.period) for state in judged(now, posting, held)}
    found = []
    for rule_id, subject, period in sorted(wanted):
        row = session.get(ObligationState, (posting.programme_id, rule_id, subject, period))
        if row is None:
            continue
        again = judged(Ground(session, now.calendar, row.judged_at), posting, held)
        match = [s for s in again if (s.rule_id, s.subject, s.period) == (rule_id, subject, period)]
        found += _compare(posting, f"{rule_id} {period}", row.state, match[0].to_dict() if match else {})
    return found


def _compare(posting: Posting, where: str, stored: dict[str, object], again: dict[str, object]) -> list[Difference]:
    members = tuple(sorted(name for name in stored.keys() | again.keys() if stored.get(name) != again.get(name)))
    return [Difference(posting.code, where, members)] if members else []
