"""Refold a month and compare: what is stored must be what the ledger's facts give, as of the instant it was stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.progress.usecases import duties
from services.progress.usecases.fold import (
    Ground,
    Subjects,
    days_of,
    fold_and_judge,
    fold_days,
    ground,
    judged,
    standings,
    subjects_of,
)
from shared import calendar as periods
from shared import clock
from shared.directory import lookup as directory
from shared.directory.models import Posting
from shared.directory.subjects import around
from shared.progress import requests
from shared.progress.duties import rules_of
from shared.progress.judge import State
from shared.progress.models import DayFactRow, ObligationState
from shared.service import Runtime


@dataclass(frozen=True)
class Difference:
    """A stored row that the facts do not give: the posting's code or the subject, where, and the members that differ."""

    posting: str
    where: str
    members: tuple[str, ...]


def rebuild(rt: Runtime, month: str, report: Callable[[int, int], None] = lambda done, total: None) -> list[Difference]:
    """Fold and judge the month of every posting again; gives the differences found and stores the right rows.

    Each row is first recomputed from the facts and as of the instant it was made of, so that time passing is no
    difference; after that the posting is folded up to the present. `report(done, total)` counts postings.
    """
    held = periods.month_days(month)
    with rt.db.read() as session:
        ids = [row.id for row in directory.postings_between(session, held[0], held[-1])]
    found: list[Difference] = []
    touched: set[tuple[str, str]] = set()
    for done, posting_id in enumerate(ids, 1):
        with rt.db.transaction() as session:
            on, posting = ground(session), directory.posting(session, posting_id)
            subjects = subjects_of(on, posting)
            touched |= {(posting.programme_id, name) for name in around(session, posting)}
            found += _days(on, subjects, month) + _states(on, subjects, month)
            fold_and_judge(session, rt.keys, posting_id, held[0], held[-1], always=True)
            requests.refresh(session, posting_id)
        report(done, len(ids))
    for programme_id, name in sorted(touched):
        with rt.db.transaction() as session:
            found += _duties(ground(session), programme_id, name, held)
            duties.judge(session, ground(session), programme_id, [name], held[0], held[-1])
    return found


def _duties(on: Ground, programme_id: str, name: str, held: list[dt.date]) -> list[Difference]:
    """Differences between stored states of a subject and those that records and day facts give."""
    query = sa.select(ObligationState).where(
        ObligationState.programme_id == programme_id, ObligationState.subject == name
    )
    rules = {
        rule.id for rule in rules_of(on.programme(programme_id, f"{held[-1]:%Y-%m}"), name.partition(":")[0])
    }
    rows = [
        row
        for row in on.session.scalars(query.order_by(ObligationState.rule_id, ObligationState.period))
        if row.rule_id in rules
    ]
    then: dict[dt.datetime, dict[tuple[str, str], State]] = {}
    found: list[Difference] = []
    for row in rows:
        if row.judged_at not in then:
            day = clock.local_date(row.judged_at)
            first, last = min(held[0], day), min(max(held[-1], held[0]), day)
            again = duties.states_of(
                on.session, Ground(on.session, on.calendar, row.judged_at), programme_id, name, first, max(first, last)
            )
            then[row.judged_at] = {(state.rule_id, state.period): state for state in again}
        match = then[row.judged_at].get((row.rule_id, row.period))
        if match is not None:
            found += _compare(name, f"{row.rule_id} {row.period}", row.state, match.to_dict())
    return found


def _days(on: Ground, subjects: Subjects, month: str) -> list[Difference]:
    """Differences between stored day facts and those the ledger gives."""
    held, found = periods.month_days(month), []
    for row in _rows(on.session, subjects.posting, held[0], held[-1]):
        then = Ground(on.session, on.calendar, row.folded_at)
        (fact,) = fold_days(then, subjects.terms, [row.date], up_to=row.head_seq)
        found += _compare(subjects.posting.code, f"{row.date}", row.fact, fact.to_dict())
    return found


def _rows(session: Session, posting: Posting, first: dt.date, last: dt.date) -> list[DayFactRow]:
    query = sa.select(DayFactRow).where(DayFactRow.posting_id == posting.id, DayFactRow.date.between(first, last))
    return list(session.scalars(query.order_by(DayFactRow.date)))


def _states(on: Ground, subjects: Subjects, month: str) -> list[Difference]:
    """Differences between stored states of the posting and its team and those their day facts give."""
    held = periods.month_days(month)
    days, posting, found = days_of(subjects.posting, held[0], held[-1]), subjects.posting, []
    then: dict[dt.datetime, dict[tuple[str, str, str], State]] = {}
    for now in _every(on, subjects, days) if days else []:
        key = (now.rule_id, now.subject, now.period)
        row = on.session.get(ObligationState, (posting.programme_id, *key))
        if row is None:
            continue
        if row.judged_at not in then:
            again = _every(Ground(on.session, on.calendar, row.judged_at), subjects, days)
            then[row.judged_at] = {(state.rule_id, state.subject, state.period): state for state in again}
        match = then[row.judged_at].get(key)
        found += _compare(posting.code, f"{now.rule_id} {now.period}", row.state, match.to_dict() if match else {})
    return found


def _every(on: Ground, subjects: Subjects, days: list[dt.date]) -> list[State]:
    """The states of the periods these dates lie in, and the standing of the posting over the whole time."""
    mine = f"posting:{subjects.posting.id}"
    return [*judged(on, subjects, days), *(state for state in standings(on, subjects) if state.subject == mine)]


def _compare(name: str, where: str, stored: dict[str, object], again: dict[str, object]) -> list[Difference]:
    members = tuple(sorted(name for name in stored.keys() | again.keys() if stored.get(name) != again.get(name)))
    return [Difference(name, where, members)] if members else []
