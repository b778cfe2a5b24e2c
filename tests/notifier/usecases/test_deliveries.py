"""A reminder that is told leaves the house once, on the first channel that reaches its person."""

import sqlalchemy as sa

from notifier.models import Attempt, Delivery, Reminder
from notifier.usecases import deliveries
from shared import clock, outbox
from shared.outbox.models import OutboxMessage
from tests.notifier.conftest import BY_NAME, wall

MONDAY = "2026-10-12"
AT = f"{MONDAY}T08:16"


def test_whoever_has_an_address_gets_the_stored_words_pushed(house, capsys):
    house.reach("P1", "console", "d1")
    house.tick(AT)
    assert "[D01] -> d1: 上午还没有签到记录 / 到院后扫门诊的码即可。" in capsys.readouterr().out
    assert house.deliveries() == [("console", "accepted", None)]
    with house.rt.db.read() as session:
        attempt = session.scalars(sa.select(Attempt)).one()
        row = session.scalars(sa.select(Delivery)).one()
    assert (attempt.n, attempt.action, attempt.request_hash) == (1, "accepted", row.body_hash)
    assert row.key == f"D01|posting:{house.ids['P1']}|{MONDAY}.am|1"


def test_whoever_has_none_is_reached_by_the_inbox_alone(house):
    house.tick(AT)
    assert house.deliveries() == []
    assert len(house.inbox("P1")) == 1


def test_planned_twice_is_sent_once(house, capsys):
    house.reach("P1", "console", "d1")
    house.tick(AT)
    with clock.at(wall(AT)), house.rt.db.transaction() as session:
        deliveries.plan(session, session.scalars(sa.select(Reminder)).all(), clock.now())
    house.send(f"{MONDAY}T08:17")
    assert capsys.readouterr().out.count("[D01]") == 1


def test_a_check_in_between_the_decision_and_the_call_cancels_it(house, capsys):
    house.reach("P1", "console", "d1")
    house.tick(AT, send=False)
    outbox.drain(house.rt, BY_NAME, clock_now=wall(AT), until_empty=False)  # told, its delivery planned
    assert house.deliveries() == [("console", "planned", None)]
    house.tap("P1", f"{MONDAY}T08:17")
    with house.rt.db.transaction() as session:
        session.execute(sa.update(OutboxMessage).where(OutboxMessage.consumer == "notifier.deliver").values(
            run_after=wall(f"{MONDAY}T08:19")))  # fmt: skip
    house.folded("P1", MONDAY, f"{MONDAY}T08:18")
    house.send(f"{MONDAY}T08:20")
    assert house.deliveries() == [("console", "cancelled", "checked-in")]
    assert capsys.readouterr().out == ""


def test_past_its_use_it_expires(house, capsys):
    house.reach("P1", "console", "d1")
    house.tick(AT, send=False)
    outbox.drain(house.rt, BY_NAME, clock_now=wall(AT), until_empty=False)
    house.send(f"{MONDAY}T08:46")
    assert house.deliveries() == [("console", "expired", None)]
    assert capsys.readouterr().out == ""
