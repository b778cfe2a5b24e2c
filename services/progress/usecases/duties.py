"""Judge subjects by what is recorded about them and below them: gathered from the ledger and the day facts, then stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from services.progress.usecases.fold import Ground
from shared import clock, ledger, outbox
from shared.directory import lookup as directory
from shared.directory import subjects
from shared.directory.models import Organisation, Pair, Posting
from shared.events import SubjectTouched
from shared.progress import duties, logged, records, standing, store
from shared.progress import lookup as progress
from shared.progress.facts import DayFact, FactRecord, PostingTerms
from shared.progress.known import record_of
from shared.progress.state import State
from shared.rules.facts import Facts
from shared.rules.history import History
from shared.rules.inquiry import Subject
from shared.rules.load import Programme, Rule

EVER = (dt.date(2000, 1, 1), dt.date(2099, 12, 31))
SLOT = dt.timedelta(minutes=15)
"""Foldings within so long are judged together: one morning's scans at a hospital are one judgement of the hospital."""
AFTERMATH = dt.timedelta(days=400)
"""So long after a posting's end something of it may still fall due."""


def touch(session: Session, on: Ground, posting: Posting, days: Collection[dt.date]) -> None:
    """Ask for the subjects around a posting whose rules read attendance or logs; once a quarter of an hour and month."""
    slot = dt.datetime.fromtimestamp(on.as_of.timestamp() // SLOT.total_seconds() * SLOT.total_seconds(), dt.UTC) + SLOT
    for month in sorted({f"{day:%Y-%m}" for day in days}):
        held = [day for day in days if f"{day:%Y-%m}" == month]
        programme = on.programme(posting.programme_id, month)
        wanted = {kind for kind in subjects.KINDS if any(map(duties.reads_days, duties.rules_of(programme, kind)))}
        for name in subjects.around(session, posting):
            if name.partition(":")[0] in wanted:
                first, last = held[0].replace(day=1), max(held)
                event = SubjectTouched(posting.programme_id, name, f"{first}", f"{last}", clock.iso(slot))
                outbox.put(session, event, run_after=slot)


def judge(
    session: Session, on: Ground, programme_id: str, names: Iterable[str], first: dt.date, last: dt.date,
    kinds: Collection[str] = (duties.ANY,),
) -> None:  # fmt: skip
    """Judge these subjects by the programme's rules of these kinds over first..last, and replace what was stored.

    Names of subjects the programme has no rule for are passed over. Judgements of one subject wait for each other.
    """
    today = clock.local_date(on.as_of)
    programme = on.programme(programme_id, f"{min(last, today):%Y-%m}")
    for name in sorted(set(names)):
        kind, _, key = name.partition(":")
        rules = duties.rules_of(programme, kind, kinds) if kind in subjects.KINDS else []
        if not rules:
            continue
        outbox.alone(session, (f"duties:{programme_id}:{name}",))
        ground = gather(session, on, programme, kind, key, rules)
        states, periods = duties.judge_duties(ground, rules, first, min(last, today))
        store.put_states(
            session, _owner(session, kind, key), [name], [rule.id for rule in rules], periods, states, on.as_of
        )


def states_of(session: Session, on: Ground, programme_id: str, name: str, first: dt.date, last: dt.date) -> list[State]:
    """What `judge` would store for one subject as of the ground's instant."""
    kind, _, key = name.partition(":")
    programme = on.programme(programme_id, f"{last:%Y-%m}")
    rules = duties.rules_of(programme, kind)
    return duties.judge_duties(gather(session, on, programme, kind, key, rules), rules, first, last)[0]


def gather(
    session: Session, on: Ground, programme: Programme, kind: str, key: str, rules: Sequence[Rule]
) -> duties.Ground:
    """Postings, half-days where a rule reads them, and every recorded fact about the subject and what lies below it."""
    rows = subjects.postings_of(session, programme.id, kind, key)
    terms = list(directory.terms_of(session, rows).values())
    today = clock.local_date(on.as_of)
    begun = [one for one in terms if one.start <= today]
    days = _days(session, begun, today) if any(map(duties.reads_days, rules)) else []
    found = _records(session, on, programme.id, kind, key)
    told = records.facts_of(found)
    work = logged.facts_of(programme, begun, days, {one.entry_id for one in found})
    facts = replace(
        told, items=(*told.items, *work.items), outpatient=work.outpatient,
        documents=(*told.documents, *work.documents, *logged.rosters(programme, found)),
    )  # fmt: skip
    return duties.Ground(
        programme, on.calendar, _subject(session, kind, key, found, today),
        tuple(_histories(on, programme, terms, days)), _registered(session, rows, facts), on.as_of,
        {clinic: name for one in terms for clinic, name in one.clinic_names.items()},
    )  # fmt: skip


def _days(session: Session, terms: Sequence[PostingTerms], today: dt.date) -> list[DayFact]:
    first = min((one.start for one in terms), default=today)
    return list(progress.days(session, [one.id for one in terms], first, today).values())


def _records(session: Session, on: Ground, programme_id: str, kind: str, key: str) -> list[FactRecord]:
    """Facts known by the ground's instant, of this programme or of none."""
    ids = subjects.under(session, programme_id, kind, key)
    by_subject = ledger.facts_by_subject(session, sorted(ids), *EVER, kinds=records.KINDS | {logged.ROSTER})
    return [
        record_of(one) for facts in by_subject.values() for one in facts
        if one.at <= on.as_of and one.payload.get("programme_id") in (None, programme_id)
    ]  # fmt: skip


def _histories(
    on: Ground, programme: Programme, terms: Iterable[PostingTerms], days: Sequence[DayFact]
) -> Iterable[History]:
    """One history for each physician; without day facts the postings alone."""
    by_person: dict[str, list[PostingTerms]] = {}
    for one in terms:
        by_person.setdefault(one.person_id, []).append(one)
    for person_id, mine in by_person.items():
        if not days:
            yield History(person_id, tuple(mine), (), on.as_of)
            continue
        ids = {one.id for one in mine}
        yield standing.history_of(
            programme, on.calendar, mine, [day for day in days if day.posting_id in ids], on.as_of
        )


def _subject(session: Session, kind: str, key: str, found: Sequence[FactRecord], today: dt.date) -> Subject:
    """The subject with what `where` may ask of it."""
    if kind == "doctor":
        person = directory.person(session, key)
        return Subject(kind, key, since={"licence": person.licence_since, "title": person.title_since})
    if kind == "team":
        return Subject(kind, key)
    hospital = {"pair": lambda: session.get_one(Pair, key).recipient_id}.get(kind, lambda: key)()
    row = directory.organisation(session, hospital)
    attributes: dict[str, str | None] = {}
    if kind == "supporter":
        attributes["supporter"] = row.name
    elif kind in ("recipient", "pair"):
        own = [one for one in found if one.payload.get("recipient_id") == row.id]
        attributes["recipient_level"] = records.recipient_level(own, today) or row.recipient_level
    if kind == "pair":
        attributes["supporter"] = directory.organisation(session, session.get_one(Pair, key).supporter_id).name
    return Subject(kind, key, attributes)


def _registered(session: Session, rows: Sequence[Posting], facts: Facts) -> Facts:
    """Registrations with what the roster says of the physician."""
    people = {row.id: directory.person(session, row.person_id) for row in rows}
    known = [(one, people.get(one.posting_id)) for one in facts.registrations]
    told = [replace(one, category=who.category, title_since=who.title_since) if who else one for one, who in known]
    return replace(facts, registrations=tuple(told))


def _owner(session: Session, kind: str, key: str) -> str:
    """The recipient a state belongs to; of a supporter or authority its own id."""
    if kind == "doctor":
        return directory.postings_of_person(session, key)[-1].recipient_id
    if kind in ("pair", "team"):
        return session.get_one(Pair, key.partition("/")[0]).recipient_id
    return session.get_one(Organisation, key).id
