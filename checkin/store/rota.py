"""The witnesses of a clinic, as its newest `clinic.rota_set` names them, and what tells whether somebody is independent."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from checkin.models import Leave
from shared import ledger
from shared.ledger.models import LedgerEntry, LedgerPayload


def witnesses(session: Session, clinic_id: str) -> frozenset[str]:
    """Person ids on the clinic's rota; empty where none was ever set."""
    query = (
        sa.select(LedgerEntry.id)
        .join(LedgerPayload, LedgerPayload.entry_id == LedgerEntry.id)
        .where(LedgerPayload.subject == clinic_id, LedgerEntry.kind == "clinic.rota_set")
        .order_by(LedgerEntry.seq.desc())
        .limit(1)
    )
    newest = session.scalar(query)
    fact = ledger.fact(session, newest) if newest else None
    return frozenset(fact.payload.get("witnesses") or ()) if fact else frozenset()


def approved_leave_of(session: Session, person_id: str, approver: str) -> bool:
    """Whether somebody has decided on leave of this physician."""
    rows = session.scalars(sa.select(Leave).where(Leave.person_id == person_id, Leave.decision.is_not(None)))
    return any((row.decision or {}).get("by") == approver for row in rows)


def decided_correction_of(session: Session, posting_id: str, approver: str, first: dt.date, last: dt.date) -> bool:
    """Whether somebody has decided on a correction of the posting for dates of this span."""
    for fact in ledger.facts(session, posting_id, first, last):
        actor = fact.payload.get("actor")
        if fact.kind == "correction.decided" and isinstance(actor, dict) and actor.get("person") == approver:
            return True
    return False


def installs(session: Session, posting_id: str, first: dt.date, last: dt.date) -> frozenset[str]:
    """Keyed install hashes of the browsers from which the posting's attendance of these dates came."""
    found = (fact.payload.get("install_id_hash") for fact in ledger.facts(session, posting_id, first, last)
             if fact.kind == "attendance.recorded")  # fmt: skip
    return frozenset(one for one in found if one)
