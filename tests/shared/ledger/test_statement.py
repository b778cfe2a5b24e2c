"""The hot path stores byte for byte what the reference stores, and never half of it."""

import datetime as dt
import itertools
import sys
import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from shared import clock, ledger, outbox
from shared.db import Database
from shared.events import DayTouched
from shared.ledger import receipt
from shared.ledger.models import LedgerEntry, LedgerHead, LedgerPayload
from shared.outbox.models import OutboxMessage
from shared.problems import IdempotencyConflict
from tests.shared.ledger.conftest import DOCTOR, OTHER, POSTING

NOW = dt.datetime(2026, 11, 23, 0, 1, 2, 345000, dt.UTC)
ONE, BODY, CHANGED = b"1" * 16, b"b" * 32, b"c" * 32


def asked(text="in", client=None, body=None, posting=POSTING, **more):
    return ledger.Asked(
        "attendance.recorded", ledger.Stream.posting(posting),
        {"posting_id": posting, "service_date": "2026-11-23", "direction": text}, DOCTOR,
        client_event_id=client, body_hash=body, **more,
    )  # fmt: skip


def message_too(made):
    """What a check-in stores with its fact."""
    event = DayTouched(made.entry_id, POSTING, "2026-11-23", "2026-11-23")
    return [(OutboxMessage, values) for values in outbox.messages(event)]


def stored(rt):
    """Every row of the ledger and the outbox, as plain values."""
    with rt.db.read() as session:
        return [
            [
                tuple(row)
                for row in session.execute(sa.select(*table.__table__.columns).order_by(*table.__table__.primary_key))
            ]
            for table in (LedgerHead, LedgerEntry, LedgerPayload, OutboxMessage)
        ]


def count(rt, table=LedgerEntry):
    with rt.db.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table))


@pytest.fixture
def determined(monkeypatch):
    """Salts and ids that come out the same each time they are started again."""

    def start():
        numbers = itertools.count(1)
        monkeypatch.setattr("shared.ledger.seal.os.urandom", lambda size: next(numbers).to_bytes(size))
        monkeypatch.setattr("shared.ledger.seal.new_id", lambda: f"00000000-0000-7000-8000-{next(numbers):012d}")
        monkeypatch.setattr("shared.outbox.post.new_id", lambda: f"00000000-0000-7000-8000-{next(numbers):012d}")

    return start


WORK = [
    asked("a"),
    asked("b", ONE, BODY, location={"lat_e6": 35_212_345}, dev="thumb", dsig="sig"),
    asked("c", b"2" * 16, BODY, OTHER),
    asked("出诊 😀", b"3" * 16, BODY, days=(dt.date(2026, 11, 1), dt.date(2026, 11, 2))),
]


def test_every_byte_is_that_of_the_reference(any_rt, determined, tmp_path):
    determined()
    with clock.at(NOW):
        for one in WORK:
            ledger.append_at_once(any_rt.db, any_rt.keys, one, message_too)
    reference = _reference(any_rt, tmp_path)
    determined()
    with clock.at(NOW):
        for one in WORK:
            with reference.transaction() as session:
                made = ledger.append(session, any_rt.keys, **{name: getattr(one, name) for name in one.__match_args__})
                for table, values in message_too(made):
                    session.execute(sa.insert(table).values(values))
    fast = stored(any_rt)
    with reference.read() as session:
        slow = [
            [
                tuple(row)
                for row in session.execute(sa.select(*table.__table__.columns).order_by(*table.__table__.primary_key))
            ]
            for table in (LedgerHead, LedgerEntry, LedgerPayload, OutboxMessage)
        ]
    reference.dispose()
    assert [len(rows) for rows in fast] == [2, 4, 4, 4]
    assert fast == slow


def _reference(rt, tmp_path):
    """An SQLite database for the reference to write to: its bytes are the same on both databases."""
    from shared.db import Base

    database = Database(f"sqlite:///{tmp_path / 'reference.db'}")
    Base.metadata.create_all(database.engine)
    return database


def test_both_ways_of_appending_continue_one_chain(any_rt, record):
    for number in range(3):
        record(f"reference {number}")
        ledger.append_at_once(any_rt.db, any_rt.keys, asked(f"at once {number}"))
    with any_rt.db.read() as session:
        assert ledger.head(session, any_rt.keys, ledger.Stream.posting(POSTING))[0] == 6
        assert ledger.verify(session, any_rt.keys) == []


def test_time_never_runs_backwards_here_either(any_rt):
    with clock.at(NOW):
        ledger.append_at_once(any_rt.db, any_rt.keys, asked())
    with clock.at(NOW - dt.timedelta(seconds=2)):
        second = ledger.append_at_once(any_rt.db, any_rt.keys, asked())
    assert second.at == NOW
    with any_rt.db.read() as session:
        assert ledger.fact(session, second.entry_id).payload["clock_back_ms"] == 2000


def test_a_repeat_gets_the_first_receipt_and_writes_nothing(any_rt):
    first = ledger.append_at_once(any_rt.db, any_rt.keys, asked("x", ONE, BODY), message_too)
    before = stored(any_rt)
    again = ledger.append_at_once(any_rt.db, any_rt.keys, asked("x", ONE, BODY), message_too)
    assert [first.repeated, again.repeated] == [False, True]
    assert receipt.to_bytes(first.receipt) == receipt.to_bytes(again.receipt)
    assert stored(any_rt) == before


@pytest.mark.parametrize(("posting", "body"), [(POSTING, CHANGED), (OTHER, BODY)])
def test_a_known_id_with_another_body_takes_everything_back_the_head_too(any_rt, posting, body):
    ledger.append_at_once(any_rt.db, any_rt.keys, asked("x", ONE, BODY), message_too)
    before = stored(any_rt)
    with pytest.raises(IdempotencyConflict):
        ledger.append_at_once(any_rt.db, any_rt.keys, asked("y", ONE, body, posting), message_too)
    assert stored(any_rt) == before
    with any_rt.db.read() as session:
        assert ledger.verify(session, any_rt.keys) == []


def test_a_broken_key_of_the_callers_rows_takes_everything_back(any_rt):
    first = ledger.append_at_once(any_rt.db, any_rt.keys, asked("x"), message_too)
    before = stored(any_rt)

    def same_message(made):
        ((table, values),) = message_too(made)
        return [(table, {**values, "dedupe_key": f"{first.entry_id}:{POSTING}"})]

    with pytest.raises(IntegrityError):
        ledger.append_at_once(any_rt.db, any_rt.keys, asked("y"), same_message)
    assert stored(any_rt) == before
    assert ledger.append_at_once(any_rt.db, any_rt.keys, asked("z"), message_too).seq == 2


def test_a_value_too_long_is_refused_and_not_cut(any_rt):
    if any_rt.db.dialect == "sqlite":
        return  # SQLite does not know lengths; the schemas at the door do

    def long_message(made):
        ((table, values),) = message_too(made)
        return [(table, {**values, "consumer": "x" * 65})]

    with pytest.raises(DBAPIError):
        ledger.append_at_once(any_rt.db, any_rt.keys, asked("y"), long_message)
    assert count(any_rt) == 0


def test_a_role_that_may_not_is_refused_before_anything_is_read(any_rt):
    from dataclasses import replace

    with pytest.raises(ledger.KindError):
        ledger.append_at_once(any_rt.db, any_rt.keys, replace(asked(), actor=ledger.Actor("w", "witness")))
    assert count(any_rt) == 0


def test_fifty_parallel_sends_of_one_id_make_one_entry_one_message_and_equal_receipts(any_rt):
    started, answers, errors = threading.Barrier(50), [], []

    def send():
        started.wait()
        try:
            answers.append(ledger.append_at_once(any_rt.db, any_rt.keys, asked("x", ONE, BODY), message_too))
        except Exception as error:
            errors.append(error)

    _run([threading.Thread(target=send) for _ in range(50)])
    assert errors == []
    assert len({receipt.to_bytes(answer.receipt) for answer in answers}) == 1
    assert [answer.repeated for answer in answers].count(False) == 1
    assert (count(any_rt), count(any_rt, OutboxMessage)) == (1, 1)


def test_appends_to_one_stream_at_once_all_find_their_place(any_rt):
    started, errors = threading.Barrier(8), []

    def write(writer):
        started.wait()
        try:
            for number in range(10):
                ledger.append_at_once(any_rt.db, any_rt.keys, asked(f"{writer}/{number}"), message_too)
        except Exception as error:
            errors.append(error)

    _run([threading.Thread(target=write, args=(writer,)) for writer in range(8)])
    assert errors == []
    assert (count(any_rt), count(any_rt, OutboxMessage)) == (80, 80)
    with any_rt.db.read() as session:
        assert ledger.head(session, any_rt.keys, ledger.Stream.posting(POSTING))[0] == 80
        assert ledger.verify(session, any_rt.keys) == []


def test_whoever_loses_every_race_takes_the_lock_of_the_reference(any_rt, monkeypatch):
    monkeypatch.setattr(sys.modules["shared.ledger.statement"], "append_after", lambda *_: None)
    made = ledger.append_at_once(any_rt.db, any_rt.keys, asked("x", ONE, BODY), message_too)
    assert (made.seq, count(any_rt), count(any_rt, OutboxMessage)) == (1, 1, 1)
    assert ledger.append_at_once(any_rt.db, any_rt.keys, asked("x", ONE, BODY), message_too).repeated
    assert count(any_rt, OutboxMessage) == 1


def test_the_pool_gets_its_connections_back_as_they_were(any_rt):
    for number in range(20):
        ledger.append_at_once(any_rt.db, any_rt.keys, asked(str(number)))

    def write_and_fail():
        with any_rt.db.transaction() as session:
            ledger.append_asked(session, any_rt.keys, asked("rolled back"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert count(any_rt) == 20, "a transaction on a returned connection still rolls back"


def test_a_database_that_is_away_is_told_as_everywhere(any_rt, tmp_path):
    url = (
        "postgresql+psycopg://nobody@127.0.0.1:1/none" if any_rt.db.dialect == "postgresql" else f"sqlite:///{tmp_path}"
    )
    away = Database(url)
    with pytest.raises(OperationalError):
        ledger.append_at_once(away, any_rt.keys, asked())


def _run(threads):
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
