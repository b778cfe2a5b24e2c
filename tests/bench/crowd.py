"""Thousands of invented physicians with open postings and bearer tokens, written straight into an empty database."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from services.roster.usecases.programmes import ensure_programmes
from shared import clock
from shared.access.lookup import digest
from shared.access.models import Account, AccountGrant, Token
from shared.directory.models import Clinic, Organisation, Pair, Person, Posting
from shared.ids import new_id
from shared.service import Runtime

PROGRAMME = "zhongzhan-demo"
TEAM = 4


@dataclass(frozen=True)
class Physician:
    """One of the crowd: person, posting and the secret of a token."""

    person_id: str
    posting_id: str
    token: str


@dataclass(frozen=True)
class Crowd:
    """The physicians, the hospital that sends them and the one clinic they work at."""

    clinic_id: str
    site_token: str
    supporter_id: str
    physicians: list[Physician]


def make(rt: Runtime, number: int, start: dt.date = dt.date(2026, 1, 1)) -> Crowd:
    """`number` resident physicians, in pairs of hospitals with four each, posted from `start` on without an end."""
    ensure_programmes(rt)
    supporter, clinic = new_id(), new_id()
    recipients = [new_id() for _ in range(0, number, TEAM)]
    pairs = [new_id() for _ in recipients]
    site = secrets.token_urlsafe(24)
    physicians = [Physician(new_id(), new_id(), secrets.token_urlsafe(24)) for _ in range(number)]
    with rt.db.transaction() as session:
        for key, kind in ((supporter, "supporter"), *((recipient, "recipient") for recipient in recipients)):
            session.add(Organisation(id=key, code=key, name=f"压测{kind}", kind=kind))
        session.add_all(
            Pair(id=pair, programme_id=PROGRAMME, supporter_id=supporter, recipient_id=recipient)
            for pair, recipient in zip(pairs, recipients, strict=True)
        )
        session.add(Clinic(id=clinic, code="C1", name="压测门诊", organisation_id=recipients[0], site_token=site,
                           screen_token=secrets.token_urlsafe(24),
                           master_wrapped=rt.keys.wrap(secrets.token_bytes(32), clinic.encode())))  # fmt: skip
        session.flush()
        _people(session.connection(), physicians, supporter)
        rows = [
            {"id": p.posting_id, "code": f"P{n}", "person_id": p.person_id, "programme_id": PROGRAMME, "pair_id": pairs[n // TEAM],
             "supporter_id": supporter, "recipient_id": recipients[n // TEAM], "clinics": [clinic], "mode": "resident",
             "team_leader": False, "start": start}
            for n, p in enumerate(physicians)
        ]  # fmt: skip
        session.execute(sa.insert(Posting), rows)
    return Crowd(clinic, site, supporter, physicians)


def _people(connection: sa.Connection, physicians: list[Physician], organisation: str) -> None:
    now, later = clock.now(), clock.now() + dt.timedelta(days=1)
    accounts = [new_id() for _ in physicians]
    connection.execute(sa.insert(Person), [
        {"id": p.person_id, "code": f"D{n}", "name": f"压测{n}", "phone": f"139{n:08d}", "organisation_id": organisation,
         "roles": ["doctor"], "specialty": "内科"} for n, p in enumerate(physicians)
    ])  # fmt: skip
    connection.execute(sa.insert(Account), [
        {"id": accounts[n], "person_id": p.person_id, "phone": f"139{n:08d}", "created_at": now}
        for n, p in enumerate(physicians)
    ])  # fmt: skip
    connection.execute(sa.insert(AccountGrant), [
        {"id": new_id(), "account_id": key, "role": "doctor", "scope": organisation, "granted_at": now} for key in accounts
    ])  # fmt: skip
    connection.execute(sa.insert(Token), [
        {"id": new_id(), "account_id": accounts[n], "secret_sha256": digest(p.token), "created_at": now,
         "expires_at": later} for n, p in enumerate(physicians)
    ])  # fmt: skip


def tap(crowd: Crowd, physician: Physician, direction: str, ticket: str | None) -> bytes:
    """The JSON of one check-in as a phone sends it."""
    body = {
        "client_event_id": secrets.token_hex(16), "kind": "attendance", "person": physician.person_id,
        "site_token": crowd.site_token, "direction": direction, "device_time": clock.iso(clock.now()), "online": True,
    }  # fmt: skip
    if ticket:
        body["ticket"] = ticket
    sent = {"sent_at": clock.iso(clock.now()), "attempt": 1, "unsent": {"count": 0, "oldest_at": None, "sessions": []}}
    return json.dumps({"body": body, "sent": sent}).encode()
