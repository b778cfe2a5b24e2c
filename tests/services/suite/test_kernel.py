"""The commands over ledger and outbox, as an operator types them."""

from __future__ import annotations

import datetime as dt
import json

import sqlalchemy as sa
from typer.testing import CliRunner

from services.suite import upkeep
from services.suite.kernel import ledger_app, outbox_app
from shared import outbox
from shared.events import DayTouched
from shared.ledger.models import LedgerPayload
from shared.outbox.models import OutboxMessage
from shared.service import Job, Runtime
from tests.factories.directory import directory

RUN = CliRunner().invoke


def test_verify_says_that_every_chain_holds(rt: Runtime) -> None:
    directory(rt)
    done = RUN(ledger_app, ["verify"], obj=lambda: rt)
    assert (done.exit_code, done.output) == (0, "every chain holds\n")


def test_verify_names_the_broken_entry_and_ends_with_one(rt: Runtime) -> None:
    directory(rt)
    with rt.db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER ledger_payload_no_update")
        entry = connection.execute(sa.select(LedgerPayload.entry_id).order_by(LedgerPayload.entry_id)).scalars().first()
        change = sa.update(LedgerPayload).where(LedgerPayload.entry_id == entry).values(fact=b"{}")
        connection.execute(change)
    done = RUN(ledger_app, ["verify", "--json"], obj=lambda: rt)
    assert done.exit_code == 1
    assert [difference["entry_id"] for difference in json.loads(done.output)] == [entry]


def test_verify_refuses_a_time_without_offset(rt: Runtime) -> None:
    done = RUN(ledger_app, ["verify", "--since", "yesterday"], obj=lambda: rt)
    assert done.exit_code == 2


def test_a_parked_message_is_listed_and_can_be_tried_again(rt: Runtime) -> None:
    with rt.db.transaction() as session:
        outbox.put(session, DayTouched("e", "p", "2026-11-23", "2026-11-23"))
    jobs: dict[str, Job] = {}
    for _ in range(12):
        with rt.db.read() as session:
            (row,) = outbox.listing(session)
        outbox.drain(rt, jobs, until_empty=False, clock_now=row.run_after + dt.timedelta(seconds=1), strict=False)
    done = RUN(outbox_app, ["list", "--state", "parked", "--json"], obj=lambda: rt)
    (parked,) = json.loads(done.output)
    assert parked["attempts"] == 12
    assert RUN(outbox_app, ["retry", parked["id"]], obj=lambda: rt).exit_code == 0
    (again,) = json.loads(RUN(outbox_app, ["list", "--json"], obj=lambda: rt).output)
    assert (again["state"], again["attempts"]) == ("open", 0)


def test_every_morning_gives_parked_messages_one_more_try(rt: Runtime) -> None:
    with rt.db.transaction() as session:
        outbox.put(session, DayTouched("e", "p", "2026-11-23", "2026-11-23"))
        session.execute(sa.update(OutboxMessage).values(state="parked", attempts=12))
        upkeep.redrive(rt, session, {}, None)
    with rt.db.read() as session:
        (row,) = outbox.listing(session)
    assert (row.state, row.attempts) == ("open", 11)


def test_unknown_states_and_messages_are_refused(rt: Runtime) -> None:
    assert RUN(outbox_app, ["list", "--state", "lost"], obj=lambda: rt).exit_code == 2
    assert RUN(outbox_app, ["retry", "nothing"], obj=lambda: rt).exit_code == 1
