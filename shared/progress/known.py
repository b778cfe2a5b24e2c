"""Everything recorded for a posting in a span of dates, as the fold reads it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared import clock, ledger
from shared.directory import lookup as directory
from shared.ledger.entry import days_of
from shared.ledger.places import places
from shared.progress.chain import NEAR, PLACE, RAISED
from shared.progress.facts import FactRecord
from shared.progress.models import RaisedFlag
from shared.progress.reading import Facts


def facts_of(found: Iterable[ledger.Fact]) -> Facts:
    """Ledger facts as the folds read them."""
    return Facts.of(map(record_of, found))


def record_of(fact: ledger.Fact, beside: dict[str, Any] | None = None) -> FactRecord:
    """One of them, with what comes beside it."""
    return FactRecord(fact.entry_id, fact.kind, fact.seq, fact.at, {**fact.payload, **beside} if beside else fact.payload)


def placed_facts(
    session: Session, posting_id: str, first: dt.date, last: dt.date, up_to: int | None = None, as_of: dt.datetime | None = None
) -> Facts:  # fmt: skip
    """The facts that touch first..last, each with the place of its tap where one is kept and the flags raised from outside;
    and around them what the person recorded in the days before and after and in other postings.

    `up_to` = the sequence number of the chain at which the reader stops and `as_of` the instant: what a fold made then saw.
    """
    as_of = as_of or clock.now()
    begin, end = first - NEAR, last + NEAR
    every = [one.id for one in directory.postings_of_person(session, directory.posting(session, posting_id).person_id)]
    found = ledger.facts_by_subject(session, every, begin, end)
    beside = _beside(session, every, begin, end, as_of)
    own = {one.entry_id for one in found[posting_id] if _touches(one, first, last)}
    inside: list[FactRecord] = []
    around: list[FactRecord] = []
    for subject, listed in found.items():
        for one in listed:
            if (one.at <= as_of) if subject != posting_id else (up_to is None or one.seq <= up_to):
                (inside if one.entry_id in own else around).append(record_of(one, beside.get(one.entry_id)))
    return Facts.of(inside, around)


def _touches(one: ledger.Fact, first: dt.date, last: dt.date) -> bool:
    """Whether the fact touches a date of the span, as `ledger.facts` tells."""
    days = days_of(one.payload)
    return days is not None and days[0] <= last and (days[1] is None or days[1] >= first)


def _beside(
    session: Session, postings: list[str], first: dt.date, last: dt.date, as_of: dt.datetime
) -> dict[str, dict[str, Any]]:
    """Entry id → place and raised flags."""
    found: dict[str, dict[str, Any]] = {name: {PLACE: place} for name, place in places(session, postings, first, last).items()}
    query = sa.select(RaisedFlag.target, RaisedFlag.code).where(
        RaisedFlag.posting_id.in_(postings), RaisedFlag.service_date.between(first, last), RaisedFlag.at <= as_of
    )
    for target, code in session.execute(query):
        one = found.setdefault(target, {})
        one[RAISED] = (*one.get(RAISED, ()), code)
    return found
