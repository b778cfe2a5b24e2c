"""Fold days and judge the periods they lie in. Everything is recomputed from the ledger's facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from shared import calendar as periods
from shared import clock, ledger, outbox
from shared.calendar import Calendar
from shared.directory import lookup as directory
from shared.directory.models import Posting
from shared.keys import Keys
from shared.progress import judge, standing, store
from shared.progress import lookup as progress
from shared.progress.fold import DayFact, PostingTerms, fold_day
from shared.progress.judge import State
from shared.progress.known import placed_facts
from shared.rules.load import Programme

FOLLOW_UP_DAYS = 14
"""How far back the night folds again: the correction window (3 workdays) ends within it, long holidays included."""
FRESH = dt.timedelta(minutes=10)
"""So long a fold stands while its posting's chain has not grown; what time alone changes is the night's work."""

Judging = Callable[[Programme, Calendar, Sequence[PostingTerms], Sequence[DayFact], str, dt.datetime], list[State]]


@dataclass(frozen=True)
class Ground:
    """What one folding stands on: the calendar in use, the instant it is made for, the programmes met so far."""

    session: Session
    calendar: Calendar
    as_of: dt.datetime
    _programmes: dict[tuple[str, str], Programme] = field(default_factory=dict)

    def programme(self, programme_id: str, month: str) -> Programme:
        """The programme by which a month is judged."""
        key = (programme_id, month)
        if key not in self._programmes:
            self._programmes[key] = directory.programme(self.session, programme_id, month)
        return self._programmes[key]


@dataclass(frozen=True)
class Subjects:
    """The postings judged with one posting: the person's own of the programme, and the team's."""

    posting: Posting
    own: list[PostingTerms]
    team: list[PostingTerms]

    @property
    def terms(self) -> PostingTerms:
        """The posting's own terms."""
        return next(terms for terms in (*self.own, *self.team) if terms.id == self.posting.id)


def ground(session: Session, as_of: dt.datetime | None = None) -> Ground:
    """The ground for folding now, or as of another instant."""
    return Ground(session, directory.calendar(session), as_of or clock.now())


def days_of(posting: Posting, first: dt.date, last: dt.date) -> list[dt.date]:
    """The dates of first..last that lie in the posting."""
    return periods.days_between(max(first, posting.start), min(last, posting.end or last))


def fold_and_judge(
    session: Session, keys: Keys, posting_id: str, first: dt.date, last: dt.date, *, always: bool = False
) -> list[DayFact]:
    """Fold the posting's dates first..last, store what changed, and judge the periods touched. Gives the changed days.

    Several messages often ask for one day: unless `always`, days folded within the last minutes from the chain as it
    stands now are left alone. Foldings of one person or team wait for each other: they are judged from each other's days.
    """
    posting = directory.posting(session, posting_id)
    outbox.alone(session, (f"person:{posting.person_id}", f"team:{posting.pair_id}/{posting.mode}"))
    on = ground(session)
    seq = (ledger.head(session, keys, ledger.Stream.posting(posting_id)) or (0, b""))[0]
    days = [day for day in days_of(posting, first, last) if day <= clock.local_date(on.as_of)]
    if not always:
        fresh = progress.folded(session, posting_id, first, last, seq, on.as_of - FRESH)
        days = [day for day in days if day not in fresh]
    if not days:
        return []
    subjects = subjects_of(on, posting)
    changed = [
        fact
        for fact in fold_days(on, subjects.terms, days)
        if store.put_day(session, fact, as_of=on.as_of, head_seq=seq, calendar_version=on.calendar.version,
                         rules_version=on.programme(posting.programme_id, f"{fact.date:%Y-%m}").sha256)
    ]  # fmt: skip
    _judge_and_store(on, subjects, days)
    if changed:
        _store_standing(on, subjects)
    return changed


def subjects_of(on: Ground, posting: Posting) -> Subjects:
    """Who is judged together with the posting."""
    own = [
        row for row in directory.postings_of_person(on.session, posting.person_id)
        if row.programme_id == posting.programme_id
    ]  # fmt: skip
    team = directory.team(on.session, posting.pair_id, posting.mode)
    terms = directory.terms_of(on.session, {row.id: row for row in [*own, *team]}.values())
    return Subjects(posting, [terms[row.id] for row in own], [terms[row.id] for row in team])


def fold_days(on: Ground, terms: PostingTerms, days: Sequence[dt.date], up_to: int | None = None) -> list[DayFact]:
    """The day facts of these dates, from every fact of their calendar months (corrections have a monthly limit).

    `up_to` = the sequence number of the chain at which the reader stops: what a fold made then saw.
    """
    months = {f"{day:%Y-%m}" for day in days}
    first, last = periods.month_days(min(months))[0], periods.month_days(max(months))[-1]
    known = placed_facts(on.session, terms.id, first, last, up_to, on.as_of)
    return [
        fold_day(on.programme(terms.programme_id, f"{day:%Y-%m}"), on.calendar, terms, known, day, on.as_of)
        for day in days
    ]


def _judge_and_store(on: Ground, subjects: Subjects, days: Sequence[dt.date]) -> None:
    """Judge the weeks, two-week windows and months these dates lie in, and replace what was stored for them."""
    states = judged(on, subjects, days)
    names = sorted({f"posting:{subjects.posting.id}", *(state.subject for state in states)})
    rules = [
        rule.id
        for rule in on.programme(subjects.posting.programme_id, f"{days[-1]:%Y-%m}").rules
        if judge.supported(rule)
    ]
    store.put_states(
        on.session, subjects.posting.recipient_id, names, rules, _touched(subjects, days), states, on.as_of
    )


def _store_standing(on: Ground, subjects: Subjects) -> None:
    """Judge how long the physician has served, over all postings of the programme, and replace what was stored."""
    states = standings(on, subjects)
    programme = on.programme(subjects.posting.programme_id, f"{clock.local_date(on.as_of):%Y-%m}")
    rules = [rule.id for rule in programme.rules if rule.kind in standing.KINDS]
    for terms in subjects.own:  # each posting with its own recipient: who may read a state follows from it
        mine = [state for state in states if state.subject_id == terms.id]
        store.put_states(
            on.session, terms.recipient_id, [f"posting:{terms.id}"], rules, [standing.PERIOD], mine, on.as_of
        )


def standings(on: Ground, subjects: Subjects) -> list[State]:
    """The states of the physician over the whole time, from the day facts as stored."""
    today = clock.local_date(on.as_of)
    first = min(terms.start for terms in subjects.own)
    facts = progress.days(on.session, [terms.id for terms in subjects.own], first, today)
    programme = on.programme(subjects.posting.programme_id, f"{today:%Y-%m}")
    begun = [terms for terms in subjects.own if terms.start <= today]
    return standing.judge_standing(programme, on.calendar, begun, facts.values(), on.as_of)


def _touched(subjects: Subjects, days: Iterable[dt.date]) -> dict[str, list[dt.date]]:
    """Name -> dates of every period these dates lie in; a month also holds the rest of its weeks."""
    found: dict[str, list[dt.date]] = {}
    for day in days:
        week = periods.iso_week(day)
        found[week] = periods.week_days(week)
        window = periods.two_weeks(subjects.team[0].start, day)
        found[window] = periods.two_weeks_days(window)
        for month in (f"{day:%Y-%m}", periods.month_of_week(week)):
            weeks = [date for name in periods.weeks_of_month(month) for date in periods.week_days(name)]
            found[month] = sorted({*periods.month_days(month), *weeks})
    return found


def judged(on: Ground, subjects: Subjects, days: Iterable[dt.date]) -> list[State]:
    """The states of the posting and its team for every period these dates lie in."""
    touched = _touched(subjects, days)
    every = sorted({date for dates in touched.values() for date in dates})
    ids = {terms.id for terms in (*subjects.own, *subjects.team)}
    facts = progress.days(on.session, ids, every[0], every[-1])
    states: list[State] = []
    for period, dates in sorted(touched.items()):
        how, terms, month = _judging(subjects, period, dates)
        states += _judge(on, how, terms, facts, period, dates, month)
    mine = f"posting:{subjects.posting.id}"
    return [state for state in states if state.subject == mine or state.subject_kind == "team"]


def _judging(subjects: Subjects, period: str, dates: list[dt.date]) -> tuple[Judging, list[PostingTerms], str]:
    """How, over which postings and by the programme of which month a period is judged."""
    if "W" in period:
        return judge.judge_week, subjects.own, periods.month_of_week(period)
    if period.endswith("/2w"):
        return judge.judge_two_weeks, subjects.team, f"{dates[-1]:%Y-%m}"
    return judge.judge_month, subjects.own, period


def _judge(
    on: Ground, how: Judging, terms: list[PostingTerms], facts: Mapping[tuple[str, dt.date], DayFact], period: str,
    dates: list[dt.date], month: str,
) -> list[State]:  # fmt: skip
    """One period by one judging function."""
    ids, within = {one.id for one in terms}, set(dates)
    seen = [fact for (posting_id, date), fact in facts.items() if posting_id in ids and date in within]
    return how(on.programme(terms[0].programme_id, month), on.calendar, terms, seen, period, on.as_of)
