"""Spot checks of the small world, driven by the real scheduled jobs at chosen instants."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import json
import secrets
from types import SimpleNamespace
from typing import Any
from unittest import mock

import sqlalchemy as sa

from checkin.domain import spot
from checkin.models import SpotCheck
from checkin.usecases.arrival import Sender
from checkin.usecases.spot import answer as answers
from checkin.usecases.spot import issue, seeds
from services.identity.usecases import accounts
from services.suite import composition
from shared import clock, ledger, outbox
from shared.calendar import month_days
from shared.outbox.post import insert, message
from shared.rules.load import shipped
from shared.service import Runtime
from tests.checkin.scene import clinic, doctor, id_of, shown_k

JOBS = composition.jobs(composition.services())
MONTH = "2026-11"
CLOSE = dt.datetime(2026, 12, 3, 18, 5, tzinfo=clock.SHANGHAI)
"""The third workday after November, just past the close."""


def wall(text: str) -> dt.datetime:
    """An instant from a Shanghai wall-clock text."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)


def quiet(rt: Runtime) -> None:
    """Take what the import asked for off the table."""
    with rt.db.transaction() as session:
        session.execute(sa.text("UPDATE outbox_message SET state = 'done'"))


def fire(rt: Runtime, job: str, at: dt.datetime, *, drain: bool = True) -> None:
    """One firing of a scheduled job, worked with everything it asks for."""
    with clock.at(at):
        with rt.db.transaction() as session:
            insert(session, [message(job, f"{job}@{at}", json.dumps({"job": job, "fire_at": clock.iso(at)}), None, None)])
        if drain:
            outbox.drain(rt, JOBS)


def begun(rt: Runtime, *, readable: bool = True) -> list[issue.Due]:
    """October commits the seed, the first of November plans; gives every check drawn for the month.

    `readable`: the physicians can sign in, so that their inboxes can be read.
    """
    quiet(rt)
    if readable:
        with rt.db.transaction() as session:
            people = {id_of(rt, "person", code) for code in ("D1", "D2")}
            accounts.sync(session, people)
        with rt.db.transaction() as session:
            session.execute(sa.text("UPDATE account SET password_hash = 'x'"))
    with mock.patch.object(seeds, "os", SimpleNamespace(urandom=lambda _: telling_seed(rt))):
        fire(rt, "checkin.spot_commit", wall("2026-10-25T02:10"))
    fire(rt, "checkin.spot_plan", wall("2026-11-01T00:20"))
    return drawn(rt)


def telling_seed(rt: Runtime) -> bytes:
    """A seed that draws at least five checks for P1 before the 26th of November, each on a day of its own: a test is no
    lottery."""
    stream = ledger.Stream.posting(id_of(rt, "posting", "P1")).pseudonym(rt.keys.pepper)
    windows = shipped()["zhongzhan-demo"].session_windows
    workdays = [day for day in month_days(MONTH) if day.weekday() < 5]
    plan = spot.batch((day, half) for day in workdays for half in ("am", "pm"))
    for number in itertools.count():
        seed = hashlib.sha256(f"{number}".encode()).digest()
        days = [one.day for one in spot.drawn(seed, stream, [plan], windows)]
        if len(days) >= 5 and len(days) == len(set(days)) and days[4] < dt.date(2026, 11, 26):
            return seed
    raise AssertionError


def drawn(rt: Runtime, month: str = MONTH) -> list[issue.Due]:
    """Every check of the month, told by opening the seed: what nobody but the scheduler can know."""
    days = month_days(month)
    with rt.db.read() as session:
        found = issue.due(session, rt, month, days[0], wall(f"{days[-1]}T23:59"))
    return sorted(found, key=lambda one: one.drawn.at)


def issued(rt: Runtime, one: issue.Due, late: float = 0) -> SpotCheck:
    """The minute of a drawn check is worked, `late` minutes after it; gives its row."""
    fire(rt, "checkin.spot_issue", one.drawn.at + dt.timedelta(minutes=late))
    return row_of(rt, one)


def row_of(rt: Runtime, one: issue.Due) -> SpotCheck:
    """The stored row of a drawn check."""
    with rt.db.read() as session:
        query = sa.select(SpotCheck).where(
            SpotCheck.service_date == one.drawn.day, SpotCheck.session == one.drawn.half, SpotCheck.drawn
        )
        found = session.scalars(query).one()
        session.expunge(found)
        return found


def check(rt: Runtime, check_id: str) -> SpotCheck:
    """A check as it now stands."""
    with rt.db.read() as session:
        found = session.get_one(SpotCheck, check_id)
        session.expunge(found)
        return found


def item(rt: Runtime, row: SpotCheck, at: dt.datetime, *, code: str | None = "SQ1", k: bool = True, **body: Any) -> dict[str, Any]:
    """An answer with the code the clinic's screen shows at an instant (`k`), or the poster alone."""
    shown = {"site_token": clinic(rt, code).site_token} if code else {}
    shown |= {"k": shown_k(rt, at, code)} if code and k else {}
    return {"body": {"client_event_id": secrets.token_hex(16), "kind": "spot", "person": doctor(rt).person_id,
                     "check_id": row.id, **shown, **body}}  # fmt: skip


def answered(rt: Runtime, row: SpotCheck, at: dt.datetime, **body: Any) -> tuple[bool, dict[str, Any]]:
    """D1 answers at an instant."""
    with clock.at(at):
        return answers.answer(rt, doctor(rt), row.id, item(rt, row, at, **body), Sender())


def facts(rt: Runtime, kind: str, posting: str = "P1", month: str = MONTH) -> list[dict[str, Any]]:
    """Payloads of one kind in the posting's stream over the month."""
    days = month_days(month)
    with rt.db.read() as session:
        found = ledger.facts(session, id_of(rt, "posting", posting), days[0], days[-1])
    return [fact.payload for fact in found if fact.kind == kind]


def system_facts(rt: Runtime, kind: str) -> list[dict[str, Any]]:
    """Payloads of one kind in the system's stream."""
    with rt.db.read() as session:
        ids = session.scalars(sa.text("SELECT id FROM ledger_entry WHERE kind = :kind ORDER BY seq").bindparams(kind=kind)).all()
        return [found.payload for key in ids if (found := ledger.fact(session, key))]


def listed(rt: Runtime, month: str = MONTH) -> list[list[Any]]:
    """The list whose hash is published with the seed."""
    with rt.db.read() as session:
        return seeds.drawn_list(session, rt, month)
