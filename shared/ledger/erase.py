"""Erase what an entry committed to, in the ledger's own way: the entry stays, and a new one says what went and why (§12)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared import clock
from shared.keys import Keys
from shared.ledger.entry import Actor, Stream
from shared.ledger.log import append
from shared.ledger.models import LedgerPayload


def erase_locations(session: Session, keys: Keys, posting_id: str, entries: Iterable[str], basis: str) -> int:
    """Delete location and salt of these entries of a posting; gives how many had one. The facts stay as they are."""
    erased = 0
    for entry_id in sorted(entries):
        row = session.get(LedgerPayload, entry_id, with_for_update=True)
        if row is None or row.subject != posting_id or row.loc is None:
            continue
        row.loc, row.loc_salt, row.erased_at = None, None, clock.now()
        session.flush()
        append(
            session, keys, kind="payload.erased", stream=Stream.posting(posting_id), actor=Actor.system(),
            payload={"posting_id": posting_id, "target": entry_id, "part": "location", "legal_basis": basis, "request_id": None},
        )  # fmt: skip
        erased += 1
    return erased


def located(session: Session, posting_id: str, up_to: dt.date) -> dict[str, dt.date]:
    """Entry id → service date of the posting's facts up to a date that still have a location."""
    query = sa.select(LedgerPayload.entry_id, LedgerPayload.day_from).where(
        LedgerPayload.subject == posting_id, LedgerPayload.loc.is_not(None), LedgerPayload.day_from <= up_to
    )
    return {row.entry_id: row.day_from for row in session.execute(query) if row.day_from}


def subjects_located(session: Session, up_to: dt.date) -> list[str]:
    """The subjects of which a location of a date up to this one is kept."""
    query = sa.select(LedgerPayload.subject).where(LedgerPayload.loc.is_not(None), LedgerPayload.day_from <= up_to)
    return sorted({name for name in session.scalars(query.distinct()) if name})
