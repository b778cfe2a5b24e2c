"""The small world with physicians who tap: D1 is posted to clinic SQ1, D2 to SQ1 and SQ2, from 2026-09-01."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

import sqlalchemy as sa

from checkin.domain import codes
from checkin.domain.ticket import Ticket, seal
from checkin.usecases.arrival import master
from shared import clock
from shared.db import Base
from shared.directory.models import Clinic, Person, Posting
from shared.roles import Grant, Principal
from shared.service import Runtime
from tests.factories.directory import directory, id_of

MONDAY = dt.date(2026, 11, 23)
MORNING = dt.datetime(2026, 11, 23, 7, 52, tzinfo=clock.SHANGHAI)

Item = dict[str, Any]


def world(rt: Runtime) -> None:
    """The small world, imported before its postings begin."""
    with clock.at(dt.datetime(2026, 8, 28, tzinfo=dt.UTC)):
        directory(rt)


def principal(rt: Runtime, person: str, role: str) -> Principal:
    """A person of the world in a role over the own organisation."""
    with rt.db.read() as session:
        row = session.scalars(sa.select(Person).where(Person.code == person)).one()
        return Principal(f"account-{person}", row.id, (Grant(role, row.organisation_id),))


def doctor(rt: Runtime, code: str = "D1") -> Principal:
    """A physician of the world."""
    return principal(rt, code, "doctor")


def clinic(rt: Runtime, code: str = "SQ1") -> Clinic:
    """A clinic of the world, detached."""
    with rt.db.read() as session:
        row = session.get_one(Clinic, id_of(rt, "clinic", code))
        session.expunge(row)
        return row


def item(rt: Runtime, who: Principal, *, site: str | None = "SQ1", **body: Any) -> Item:
    """A tap at a clinic's poster, made more by `body`; site None leaves the clinic out."""
    token = {"site_token": clinic(rt, site).site_token} if site else {}
    return {"body": {"client_event_id": secrets.token_hex(16), "kind": "attendance", "person": who.person_id, **token, **body}}


def shown_k(rt: Runtime, at: dt.datetime, code: str = "SQ1") -> str:
    """The rotating code a clinic's screen shows at an instant."""
    row = clinic(rt, code)
    return codes.rotating(master(rt.keys, row), row.id, codes.slot_at(at))


def shown_digits(rt: Runtime, at: dt.datetime, code: str = "SQ1") -> str:
    """The 8 digits a clinic's screen shows at an instant."""
    row = clinic(rt, code)
    return codes.typed(master(rt.keys, row), row.id, at)


def ticket(rt: Runtime, at: dt.datetime, code: str = "SQ1") -> str:
    """The ticket of a page load with a fresh code at an instant."""
    row = clinic(rt, code)
    return seal(rt.keys.ticket, Ticket(secrets.token_hex(16), row.id, codes.slot_at(at), "rotating", at))


def end_posting(rt: Runtime, code: str, day: dt.date) -> None:
    """The posting ends that day."""
    with rt.db.transaction() as session:
        session.execute(sa.update(Posting).where(Posting.code == code).values(end=day))


def counts(rt: Runtime) -> dict[str, int]:
    """Rows of every table: what a GET or a refusal must leave as it was."""
    with rt.db.read() as session:
        return {
            name: session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }


def new_rows(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """Tables that grew, and by how much."""
    return {name: after[name] - before[name] for name in after if after[name] != before[name]}
