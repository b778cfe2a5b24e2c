"""Everything recorded for a posting in a span of dates, as the fold reads it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy.orm import Session

from shared import ledger
from shared.ledger.places import places
from shared.progress.chain import PLACE
from shared.progress.facts import FactRecord
from shared.progress.reading import Facts


def facts_of(found: Iterable[ledger.Fact]) -> Facts:
    """Ledger facts as the folds read them."""
    return Facts.of(map(record_of, found))


def record_of(fact: ledger.Fact) -> FactRecord:
    """One of them."""
    return FactRecord(fact.entry_id, fact.kind, fact.seq, fact.at, fact.payload)


def placed_facts(session: Session, posting_id: str, first: dt.date, last: dt.date, up_to: int | None = None) -> Facts:
    """The facts that touch first..last, each with the place of its tap where one is kept.

    `up_to` = the sequence number of the chain at which the reader stops: what a fold made then saw.
    """
    found = places(session, posting_id, first, last)
    return Facts.of(
        FactRecord(one.entry_id, one.kind, one.seq, one.at,
                   {**one.payload, PLACE: found[one.entry_id]} if one.entry_id in found else one.payload)
        for one in ledger.facts(session, posting_id, first, last)
        if up_to is None or one.seq <= up_to
    )  # fmt: skip
