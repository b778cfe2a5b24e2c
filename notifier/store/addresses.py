"""The addresses of people."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from notifier.models.deliveries import Address
from shared.ids import new_id


def put(session: Session, person_id: str, kind: str, external_id: str, now: dt.datetime) -> None:
    """The person is reached here from now on, and nobody else is; a new address is a good one."""
    session.execute(
        sa.delete(Address).where(Address.channel == kind, Address.external_id == external_id, Address.person_id != person_id)
    )
    row = session.scalars(sa.select(Address).where(Address.person_id == person_id, Address.channel == kind)).first()
    if row is None:
        row = Address(id=new_id(), person_id=person_id, channel=kind)
        session.add(row)
    row.external_id, row.state, row.reason, row.since = external_id, "ok", None, now
    session.flush()


def mark(session: Session, kind: str, external_id: str, state: str, reason: str | None, now: dt.datetime) -> str | None:
    """An event speaks of an address; gives its person, None when it is nobody's."""
    row = session.scalars(sa.select(Address).where(Address.channel == kind, Address.external_id == external_id)).first()
    if row is None:
        return None
    row.state, row.reason, row.since = state, reason, now
    return row.person_id
