"""Asking and deciding in the small world, at instants of the test."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from checkin.models import Correction
from checkin.usecases.correction_decide import decide_correction
from checkin.usecases.corrections import request_correction
from checkin.usecases.deciding import Ruling
from notifier import actors as notifier
from services.identity import actors as identity
from services.progress import actors
from services.progress.usecases import requests as waiting
from shared import clock, ledger, outbox
from shared.access import store
from shared.directory.models import Person
from shared.progress import lookup
from shared.progress.fold import DayFact
from shared.roles import Grant, Principal
from shared.service import Job, Runtime
from tests.checkin.scene import MONDAY, doctor, id_of, principal

EVENING = dt.datetime(2026, 11, 23, 20, 0, tzinfo=clock.SHANGHAI)
DAY = dt.timedelta(days=1)
COUNTY = ("C1", "county_officer")
SUPPORTER = ("A1", "supporter_admin")


def office(rt: Runtime, person: str = "R1", role: str = "recipient_admin") -> Principal:
    """Somebody of an office."""
    return principal(rt, person, role)


def with_accounts(rt: Runtime, *people: tuple[str, str]) -> None:
    """Give people of the world accounts with a role over their organisation: without one a post is vacant."""
    with rt.db.transaction() as session:
        for code, role in people or (("R1", "recipient_admin"),):
            who = principal(rt, code, role)
            account = store.add_account(session, who.person_id, session.get_one(Person, who.person_id).phone)
            store.set_grants(session, account.id, [Grant(role, next(iter(who.scopes(role))))])


def correction(rt: Runtime, code: str = "D1", day: dt.date = MONDAY, **more: Any) -> dict[str, Any]:
    """The item of a request for a forgotten morning."""
    body = {
        "client_event_id": secrets.token_hex(16), "kind": "correction", "person": doctor(rt, code).person_id,
        "service_date": day.isoformat(), "sessions": ["am"], "clinic_id": id_of(rt, "clinic", "SQ1"), "what": "missing_in",
        "reason_code": "forgot",
    }  # fmt: skip
    return {"body": {**body, **more}}


def asked(rt: Runtime, at: dt.datetime = EVENING, code: str = "D1", **more: Any) -> Correction:
    """A request filed at an instant."""
    with clock.at(at):
        return request_correction(rt, doctor(rt, code), correction(rt, code, **more))[1]


def ruled(
    rt: Runtime, row: Correction, decision: str = "approved", note: str = "", *, at: dt.datetime = EVENING, who: Principal | None = None,
    **more: Any,
) -> Correction:  # fmt: skip
    """A decision at an instant, by the recipient unless told."""
    with clock.at(at):
        return decide_correction(rt, who or office(rt), row.id, Ruling(decision, note, **more))


def folded(rt: Runtime, at: dt.datetime = EVENING, day: dt.date = MONDAY, code: str = "P1") -> DayFact:
    """Work every message, then the day fact."""
    drain(rt, at)
    with rt.db.read() as session:
        fact = lookup.day(session, id_of(rt, "posting", code), day)
    assert fact is not None
    return fact


def drain(rt: Runtime, at: dt.datetime = EVENING) -> None:
    """Work every message that is due at an instant; nobody is told anything."""
    quiet = [Job(job.name, job.queue, lambda rt, session, payload, prepared: None) for job in notifier.JOBS]
    outbox.drain(rt, {job.name: job for job in (*actors.JOBS, *identity.JOBS, *quiet)}, clock_now=at)


def todo(rt: Runtime, who: Principal, at: dt.datetime = EVENING) -> list[dict[str, Any]]:
    """What waits for somebody at an instant."""
    with clock.at(at):
        return waiting.waiting(rt, who, 0, 50)[1]


def facts_of(rt: Runtime, *kinds: str, posting: str = "P1") -> list[ledger.Fact]:
    """Facts of these kinds in a posting's chain."""
    with rt.db.read() as session:
        return ledger.facts_of_kinds(session, id_of(rt, "posting", posting), kinds)


def outage(rt: Runtime, day: dt.date = MONDAY) -> None:
    """The clinic declared an outage for a day."""
    clinic = id_of(rt, "clinic", "SQ1")
    with clock.at(EVENING), rt.db.transaction() as session:
        ledger.append(
            session, rt.keys, kind="clinic.outage_declared", stream=ledger.Stream.clinic(clinic), days=(day, day),
            actor=ledger.Actor(id_of(rt, "person", "R1"), "recipient_admin", id_of(rt, "organisation", "SQ")),
            payload={"clinic_id": clinic, "kind": "power", "from": day.isoformat(), "to": day.isoformat()},
        )  # fmt: skip


def event(**told: Any) -> dict[str, Any]:
    """A body with an id of its own."""
    return {"client_event_id": secrets.token_hex(16), **told}


def order(rt: Runtime, **more: Any) -> dict[str, Any]:
    """A government order over Monday."""
    return event(**{
        "posting_id": id_of(rt, "posting", "P1"), "kind": "government", "doc_no": "卫函〔2026〕9号", "issuer": "区卫健委",
        "issuer_level": "county", "from": "2026-11-23", "to": "2026-11-23", **more,
    })  # fmt: skip
