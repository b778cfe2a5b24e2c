"""Fold days, judge the periods they lie in, and refold a month. Everything is recomputed from the ledger's facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from shared import calendar as periods
from shared import clock, ledger
from shared.calendar import Calendar
from shared.directory import lookup as directory
from shared.directory.models import Posting
from shared.progress import judge, store
from shared.progress import lookup as progress
from shared.progress.fold import DayFact, FactRecord, PostingTerms, fold_day
from shared.progress.judge import State
from shared.rules.load import Programme

FOLLOW_UP_DAYS = 14
"""How far back the night folds again: the correction window (3 workdays) ends within it, long holidays included."""


Judging = Callable[[Programme, Calendar, Sequence[PostingTerms], Sequence[DayFact], str, dt.datetime], list[State]]


@dataclass(frozen=True)
class Ground:
    """What one folding stands on: the calendar in use and the instant it is made for."""

    session: Session
    calendar: Calendar
    as_of: dt.datetime


def ground(session: Session, as_of: dt.datetime | None = None) -> Ground:
    """The ground for folding now, or as of another instant."""
    return Ground(session, directory.calendar(session), as_of or clock.now())


def days_of(posting: Posting, first: dt.date, last: dt.date) -> list[dt.date]:
    """The dates of first..last that lie in the posting."""
    first, last = max(first, posting.start), min(last, posting.end or last)
    return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]


def fold_days(on: Ground, terms: PostingTerms, days: Sequence[dt.date]) -> list[DayFact]:
    """The day facts of these dates, from every fact of their calendar months (corrections have a monthly limit)."""
    if not days:
        return []
    months = {f"{day:%Y-%m}" for day in days}
    first, last = periods.month_days(min(months))[0], periods.month_days(max(months))[-1]
    facts = [
        FactRecord(fact.entry_id, fact.kind, fact.seq, fact.at, fact.payload)
        for fact in ledger.facts(on.session, terms.id, first, last)
        if fact.at <= on.as_of
    ]
    programmes = {month: directory.programme(on.session, terms.programme_id, month) for month in months}
    return [fold_day(programmes[f"{day:%Y-%m}"], on.calendar, terms, facts, day, on.as_of) for day in days]


def fold_and_judge(session: Session, posting_id: str, first: dt.date, last: dt.date) -> list[DayFact]:
    """Fold the posting's dates first..last, store what changed, and judge the periods touched. Gives the changed days."""
    on = ground(session)
    posting = directory.posting(session, posting_id)
    terms = directory.posting_terms(session, posting_id)
    days = [day for day in days_of(posting, first, last) if day <= clock.local_date(on.as_of)]
    changed = []
    for fact in fold_days(on, terms, days):
        version = directory.programme(session, terms.programme_id, fact.date).sha256
        if store.put_day(session, fact, rules_version=version, calendar_version=on.calendar.version):
            changed.append(fact)
    judge_touched(on, posting, days)
    return changed


def judge_touched(on: Ground, posting: Posting, days: Iterable[dt.date]) -> list[State]:
    """Judge and store the weeks, two-week windows and months these dates of a posting lie in. Gives what changed."""
    states = judged(on, posting, days)
    subjects = {state.subject for state in states} | {f"posting:{posting.id}"}
    keep = {(state.rule_id, state.period) for state in states}
    touched = sorted({state.period for state in states} | {periods.iso_week(day) for day in days})
    for subject in subjects:
        store.drop_states(on.session, subject, touched, keep)
    return store.put_states(on.session, posting.recipient_id, states)


def judged(on: Ground, posting: Posting, days: Iterable[dt.date]) -> list[State]:
    """The states of every period these dates of a posting lie in; the person's postings of the programme together."""
    own = [row for row in directory.postings_of_person(on.session, posting.person_id)
           if row.programme_id == posting.programme_id]  # fmt: skip
    team = directory.team(on.session, posting.pair_id, posting.mode)
    terms = directory.terms_of(on.session, {row.id: row for row in [*own, *team]}.values())
    mine, ours = [terms[row.id] for row in own], [terms[row.id] for row in team]
    days = list(days)
    states: list[State] = []
    for week in sorted({periods.iso_week(day) for day in days}):
        states += _judge(on, posting, mine, week, periods.week_days(week), judge.judge_week, periods.month_of_week(week))
    for window in sorted({periods.two_weeks(ours[0].start, day) for day in days}):
        held = periods.two_weeks_days(window)
        states += _judge(on, posting, ours, window, held, judge.judge_two_weeks, f"{held[-1]:%Y-%m}")
    for month in sorted({f"{day:%Y-%m}" for day in days} | {periods.month_of_week(periods.iso_week(day)) for day in days}):
        held = sorted({*periods.month_days(month), *(d for w in periods.weeks_of_month(month) for d in periods.week_days(w))})
        states += _judge(on, posting, mine, month, held, judge.judge_month, month)
    return [state for state in states if posting.id in state.judged_with or state.subject_kind == "team"]


def _judge(
    on: Ground, posting: Posting, terms: list[PostingTerms], period: str, held: list[dt.date], how: Judging, month: str
) -> list[State]:
    """One period by one judging function, with the day facts stored for it."""
    programme = directory.programme(on.session, posting.programme_id, month)
    facts = progress.days(on.session, [term.id for term in terms], held[0], held[-1])
    return how(programme, on.calendar, terms, list(facts.values()), period, on.as_of)
