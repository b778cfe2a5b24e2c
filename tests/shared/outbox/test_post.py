"""Putting messages: only inside a transaction, once per key and consumer, gone with the transaction."""

import json

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared import outbox
from shared.events import DayTouched
from shared.outbox.models import OutboxMessage
from tests.shared.outbox.conftest import Asked


def count(rt):
    with rt.db.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(OutboxMessage))


def test_a_message_outside_a_transaction_is_refused(house):
    with Session(house.db.engine) as session, pytest.raises(RuntimeError, match="transaction"):
        outbox.put(session, Asked("a"))
    assert count(house) == 0


def test_a_message_goes_with_its_transaction(house):
    def put_and_fail():
        with house.db.transaction() as session:
            outbox.put(session, Asked("a"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        put_and_fail()
    assert count(house) == 0


def test_the_same_key_for_the_same_consumer_is_put_once(house):
    with house.db.transaction() as session:
        first, again, other = (outbox.put(session, Asked(name)) for name in ("a", "a", "b"))
    assert [len(first), len(again), len(other)] == [1, 0, 1]
    assert count(house) == 2


def test_each_consumer_of_an_event_gets_a_row_of_its_own(house, monkeypatch):
    monkeypatch.setattr(DayTouched, "CONSUMERS", ("one.job", "two.job"))
    with house.db.transaction() as session:
        ids = outbox.put(session, DayTouched("e", "p", "2026-11-23", "2026-11-23"))
    with house.db.read() as session:
        rows = session.execute(sa.select(OutboxMessage.consumer, OutboxMessage.payload)).all()
    assert len(ids) == 2
    assert sorted(row.consumer for row in rows) == ["one.job", "two.job"]
    assert json.loads(rows[0].payload) == {
        "v": 1, "entry_id": "e", "posting_id": "p", "day_from": "2026-11-23", "day_to": "2026-11-23",
    }  # fmt: skip


def test_an_event_nobody_consumes_is_no_message(house, monkeypatch):
    monkeypatch.setattr(Asked, "CONSUMERS", ())
    with house.db.transaction() as session:
        assert outbox.put(session, Asked("a")) == []
