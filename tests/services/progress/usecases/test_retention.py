"""Coordinates go when their time is over or the consent is withdrawn; figures, chain and rebuild stay as they were."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
import sqlalchemy as sa

from checkin.usecases import history
from services.identity.usecases import consents
from services.progress import actors
from services.progress.usecases import retention
from services.progress.usecases.fold import fold_and_judge
from services.progress.usecases.rebuild import rebuild
from shared import clock, ledger
from shared.ledger.models import LedgerEntry, LedgerPayload
from shared.outbox.models import OutboxMessage
from shared.progress import lookup, store
from shared.progress.models import RaisedFlag
from shared.roles import Principal
from shared.service import Runtime
from tests.checkin.scene import MORNING, doctor, id_of, shown_k, world
from tests.checkin.usecases.located import agree, located, set_place
from tests.checkin.usecases.signed import sent
from tests.factories.phone import Phone

DAY = dt.timedelta(days=1)
MONDAY = MORNING.date()
NOON = MORNING.replace(hour=12, minute=4)
LATER = MORNING + 730 * DAY


@pytest.fixture(params=["rt", "pg_rt"])
def lived(request: pytest.FixtureRequest) -> Runtime:
    """Three mornings at one and the same point, and a jump to another: every tap A but for what the places say."""
    rt: Runtime = request.getfixturevalue(request.param)
    world(rt)
    set_place(rt)
    agree(rt)
    phone = Phone("D1")
    phone.enrolled(rt, doctor(rt).person_id or "")
    for number in range(3):
        for at, direction in ((MORNING + number * DAY, "in"), (NOON + number * DAY, "out")):
            sent(rt, phone.signed(located(rt, at, direction=direction, k=shown_k(rt, at))), at)
    fold(rt, LATER - 2 * DAY)
    return rt


def fold(rt: Runtime, at: dt.datetime) -> None:
    with clock.at(at), rt.db.transaction() as session:
        fold_and_judge(session, rt.keys, id_of(rt, "posting", "P1"), MONDAY, MONDAY + 3 * DAY, always=True)


def figures(rt: Runtime) -> dict[Any, Any]:
    with rt.db.read() as session:
        found = lookup.days(session, [id_of(rt, "posting", "P1")], MONDAY, MONDAY + 3 * DAY)
    return {key[1]: fact.to_dict() for key, fact in found.items()}


def kept(rt: Runtime) -> int:
    with rt.db.read() as session:
        return session.scalar(sa.select(sa.func.count()).where(LedgerPayload.loc.is_not(None))) or 0


def erased(rt: Runtime) -> int:
    with rt.db.read() as session:
        return session.scalar(sa.select(sa.func.count()).where(LedgerEntry.kind == "payload.erased")) or 0


def work(rt: Runtime, at: dt.datetime) -> None:
    with clock.at(at):
        with rt.db.transaction() as session:
            actors.places_due(rt, session, {"fire_at": clock.iso(at)}, None)
        erase(rt)


def erase(rt: Runtime) -> None:
    """Work what was asked of the job."""
    with rt.db.transaction() as session:
        asked = session.scalars(sa.select(OutboxMessage.payload).where(OutboxMessage.consumer == "progress.erase_places")).all()
        for payload in asked:
            actors.erase_places(rt, session, json.loads(payload), None)


def test_the_night_erases_what_is_over_and_nothing_else_changes(lived: Runtime) -> None:
    before = figures(lived)
    assert "loc_constant" in before[MONDAY]["flags"]
    assert kept(lived) == 6
    work(lived, LATER - DAY)
    assert (kept(lived), erased(lived)) == (6, 0)
    work(lived, LATER)
    assert (kept(lived), erased(lived)) == (4, 2)  # Monday's two
    with lived.db.read() as session:
        assert ledger.verify(session, lived.keys) == []
        assert all(row.loc_salt is None and row.erased_at and row.fact for row in session.scalars(
            sa.select(LedgerPayload).where(LedgerPayload.loc.is_(None), LedgerPayload.erased_at.is_not(None))))  # fmt: skip
    with clock.at(LATER):
        assert [one for one in rebuild(lived, "2026-11") if one.posting == "P1" and one.where.startswith("2026")] == []
    for day, fact in figures(lived).items():
        assert fact == before[day]
    work(lived, LATER + 5 * DAY)
    assert (kept(lived), erased(lived)) == (0, 6)
    fold(lived, LATER + 5 * DAY)
    assert figures(lived)[MONDAY + DAY]["flags"] == before[MONDAY + DAY]["flags"]


def test_a_withdrawn_consent_erases_open_months_and_leaves_locked_ones(rt: Runtime) -> None:
    world(rt)
    set_place(rt)
    agree(rt)
    october = MORNING - 30 * DAY
    for at in (october, MORNING):
        sent(rt, located(rt, at, direction="in"), at)
    with rt.db.transaction() as session:
        posting = lookup_posting(rt)
        programme, recipient = session.execute(sa.text("SELECT programme_id, recipient_id FROM posting WHERE id = :p"), {"p": posting}).one()
        store.lock_month(session, programme, recipient, "2026-10")
    with clock.at(NOON):
        consents.answer(rt, doctor(rt), {"screen": "L", "version": "L-2026-11", "language": "zh-CN", "given": False})
        erase(rt)
    with rt.db.read() as session:
        left = session.scalars(sa.select(LedgerPayload.day_from).where(LedgerPayload.loc.is_not(None))).all()
        fact = next(f for f in ledger.facts_of_kinds(session, posting, ("payload.erased",)))
    assert left == [october.date()]
    assert (fact.payload["legal_basis"], fact.payload["part"]) == ("consent_withdrawn", "location")


def lookup_posting(rt: Runtime) -> str:
    return id_of(rt, "posting", "P1")


def test_a_tap_whose_place_was_erased_is_still_read_with_its_verdict(rt: Runtime) -> None:
    world(rt)
    set_place(rt)
    agree(rt)
    recorded = sent(rt, located(rt, MORNING, direction="in"))
    with clock.at(LATER), rt.db.transaction() as session:
        assert retention.erase_places(session, rt.keys, lookup_posting(rt), MONDAY, retention.RETENTION) == 1
        assert session.scalars(sa.select(RaisedFlag)).all() == []
    who: Principal = doctor(rt)
    assert history.read_event(rt, who, recorded.row.id)["location_line"] == "在医院范围内"
