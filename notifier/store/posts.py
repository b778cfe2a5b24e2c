"""Postings with what their reminders are decided on, read for many at once: day facts, week states, leave, notes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from notifier.domain.post import Post
from shared import ledger
from shared.calendar import iso_week, monday_of
from shared.directory import lookup as directory
from shared.directory.models import Person, Posting
from shared.progress.asked import corrections_used
from shared.progress.facts import DayFact
from shared.progress.known import facts_of
from shared.progress.models import DayFactRow, ObligationState
from shared.progress.reading import slips_of
from shared.progress.state import State
from shared.rules.durations import DAY
from shared.rules.load import Programme

AT_ONCE = 2000
LEAVE = frozenset({"leave.requested", "leave.decided", "leave.cancelled", "leave.returned", "attendance.recorded"})
CORRECTIONS = frozenset({"correction.requested", "correction.decided", "correction.withdrawn"})

Dates = Callable[[Post], Iterable[dt.date]]


def in_force(session: Session, first: dt.date, last: dt.date) -> list[str]:
    """Ids of the postings that touch these dates, ordered."""
    within = sa.and_(Posting.start <= last, sa.or_(Posting.end.is_(None), Posting.end >= first))
    return list(session.scalars(sa.select(Posting.id).where(within).order_by(Posting.id)))


def posts(session: Session, ids: Sequence[str], today: dt.date, now: dt.datetime) -> list[Post]:
    """These postings with their terms and the programme of the date; at most AT_ONCE of them."""
    rows = list(session.scalars(sa.select(Posting).where(Posting.id.in_(ids)).order_by(Posting.id)))
    terms, calendar = directory.terms_of(session, rows), directory.calendar(session)
    names = directory.names(session, Person, {row.person_id for row in rows})
    found: dict[str, Programme] = {}
    for row in rows:
        if row.programme_id not in found:
            found[row.programme_id] = directory.programme(session, row.programme_id, today)
    return [
        Post(terms[row.id], found[row.programme_id], calendar, now, row.team_leader, names.get(row.person_id, ""))
        for row in rows
    ]  # fmt: skip


def with_days(session: Session, found: Sequence[Post], dates: Dates) -> list[Post]:
    """The folds of the dates each posting asks for."""
    wanted = {post.terms.id: set(dates(post)) for post in found}
    days = set().union(*wanted.values())
    by_posting: dict[str, dict[dt.date, DayFact]] = {}
    if days:
        query = sa.select(DayFactRow.posting_id, DayFactRow.date, DayFactRow.fact).where(
            DayFactRow.posting_id.in_(list(wanted)), DayFactRow.date.in_(days)
        )
        for posting_id, day, fact in session.execute(query):
            if day in wanted[posting_id]:
                by_posting.setdefault(posting_id, {})[day] = DayFact.from_dict(fact)
    return [replace(post, days=by_posting.get(post.terms.id, {})) for post in found]


def with_notes(session: Session, found: Sequence[Post], first: dt.date, last: dt.date) -> list[Post]:
    """The half-days a supervisor has noted a reason for."""
    notes = ledger.facts_by_subject(session, [post.terms.id for post in found], first, last, kinds={"day.noted"})
    return [
        replace(post, noted=frozenset(
            (day, half) for day in {dt.date.fromisoformat(fact.payload["service_date"]) for fact in notes[post.terms.id]}
            for fact in facts_of(notes[post.terms.id]).current(("day.noted",), day)
            for half in fact.payload.get("sessions") or ("am", "pm")
        ))
        for post in found
    ]  # fmt: skip


def with_states(session: Session, found: Sequence[Post], period: str) -> list[Post]:
    """The states of a period (a week, or `programme`) of each posting."""
    subjects = {post.subject: post for post in found}
    query = sa.select(ObligationState.subject, ObligationState.state).where(
        ObligationState.subject.in_(list(subjects)), ObligationState.period == period
    )
    states: dict[str, list[State]] = {}
    for subject, state in session.execute(query.order_by(ObligationState.rule_id)):
        states.setdefault(subject, []).append(State.from_dict(state))
    return [replace(post, states=tuple(states.get(post.subject, ()))) for post in found]


def with_week(session: Session, found: Sequence[Post], today: dt.date) -> list[Post]:
    """The states of the week of a date."""
    return with_states(session, found, iso_week(today))


def with_leave(session: Session, found: Sequence[Post], first: dt.date, last: dt.date) -> list[Post]:
    """The leave slips that touch these dates."""
    facts = ledger.facts_by_subject(session, [post.terms.id for post in found], first, last, kinds=LEAVE)
    return [replace(post, slips=tuple(slips_of(facts_of(facts[post.terms.id])))) for post in found]


def with_corrections_left(session: Session, found: Sequence[Post], day: dt.date) -> list[Post]:
    """How many corrections each may still ask for in the month of a date."""
    first = day.replace(day=1)
    last = (first + 31 * DAY).replace(day=1) - DAY
    facts = ledger.facts_by_subject(session, [post.terms.id for post in found], first, last, kinds=CORRECTIONS)
    left = []
    for post in found:
        used, limit = corrections_used(facts_of(facts[post.terms.id]), post.programme, f"{day:%Y-%m}")
        left.append(replace(post, corrections_left=max(0, limit - used)))
    return left


def chunks(ids: Sequence[str], size: int = AT_ONCE) -> Iterator[Sequence[str]]:
    """The ids in pieces."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def of_teams(session: Session, teams: Iterable[str], day: dt.date) -> list[str]:
    """Ids of the postings of these teams (`<pair>/<mode>`) that hold a date."""
    wanted = set(teams)
    within = sa.and_(Posting.start <= day, sa.or_(Posting.end.is_(None), Posting.end >= day))
    query = sa.select(Posting.id, Posting.pair_id, Posting.mode).where(within, Posting.pair_id.in_({name.partition("/")[0] for name in wanted}))
    return [row.id for row in session.execute(query.order_by(Posting.id)) if f"{row.pair_id}/{row.mode}" in wanted]


def with_two_weeks(session: Session, found: Sequence[Post], day: dt.date) -> list[Post]:
    """The states of the fourteen days that hold a date, counted from the beginning of each team."""
    names = {f"{monday_of(day) - 7 * n * DAY}/2w" for n in (0, 1)}
    query = sa.select(ObligationState.subject, ObligationState.state).where(
        ObligationState.subject.in_([post.subject for post in found]), ObligationState.period.in_(names)
    )
    states: dict[str, list[State]] = {}
    for subject, state in session.execute(query.order_by(ObligationState.rule_id)):
        states.setdefault(subject, []).append(State.from_dict(state))
    return [replace(post, states=tuple(states.get(post.subject, ()))) for post in found]
