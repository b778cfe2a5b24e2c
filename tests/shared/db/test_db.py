"""Transactions on both databases: isolation, the writers' queue, instants."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.db import Base, Database, Id, Instant
from shared.service import Runtime


class Tick(Base):
    """A table of these tests only."""

    __tablename__ = "test_tick"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(Instant)


AT = dt.datetime(2026, 11, 23, 0, 5, tzinfo=dt.UTC)


@pytest.fixture(params=["rt", "pg_rt"])
def any_rt(request: pytest.FixtureRequest) -> Runtime:
    """Each test runs on SQLite and on PostgreSQL."""
    found: Runtime = request.getfixturevalue(request.param)
    return found


def count(db: Database) -> int:
    with db.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Tick)) or 0


def fail_after_writing(session: Session, key: str) -> None:
    session.add(Tick(id=key, at=AT))
    session.flush()
    raise RuntimeError


def test_a_raise_rolls_the_whole_transaction_back(any_rt: Runtime) -> None:
    with pytest.raises(RuntimeError), any_rt.db.transaction() as session:
        fail_after_writing(session, "1")
    assert count(any_rt.db) == 0


def test_a_savepoint_rolls_back_alone(any_rt: Runtime) -> None:
    with any_rt.db.transaction() as session:
        session.add(Tick(id="1", at=AT))
        with pytest.raises(RuntimeError), session.begin_nested():
            fail_after_writing(session, "2")
    assert count(any_rt.db) == 1


def test_reading_never_writes(any_rt: Runtime) -> None:
    with any_rt.db.read() as session:
        session.add(Tick(id="1", at=AT))
        session.flush()
    assert count(any_rt.db) == 0


def test_instants_come_back_aware_and_in_utc(any_rt: Runtime) -> None:
    shanghai = AT.astimezone(dt.timezone(dt.timedelta(hours=8)))
    with any_rt.db.transaction() as session:
        session.add(Tick(id="1", at=shanghai))
    with any_rt.db.read() as session:
        found = session.get_one(Tick, "1").at
    assert (found, found.tzinfo) == (AT, dt.UTC)


def test_naive_instants_are_refused(any_rt: Runtime) -> None:
    with pytest.raises(sa.exc.StatementError, match="naive"), any_rt.db.transaction() as session:
        session.add(Tick(id="1", at=dt.datetime(2026, 1, 1)))  # noqa: DTZ001


def test_readers_go_on_while_a_writer_holds_the_lock(rt: Runtime) -> None:
    with rt.db.transaction() as session:
        session.add(Tick(id="1", at=AT))
        session.flush()
        assert count(rt.db) == 0


def _write(url: str, name: str, times: int) -> None:
    db = Database(url)
    for n in range(times):
        with db.transaction() as session:
            session.add(Tick(id=f"{name}-{n}", at=AT))


def test_writers_of_several_processes_and_threads_queue_without_a_refusal(rt: Runtime) -> None:
    context = multiprocessing.get_context("spawn")
    others = [context.Process(target=_write, args=(rt.settings.database_url, f"p{n}", 40)) for n in range(2)]
    threads = [threading.Thread(target=_write, args=(rt.settings.database_url, f"t{n}", 40)) for n in range(3)]
    for one in [*others, *threads]:
        one.start()
    for one in [*others, *threads]:
        one.join(60)
    assert [one.exitcode for one in others] == [0, 0]
    assert count(rt.db) == 200


def test_sqlite_runs_with_the_durable_settings(rt: Runtime) -> None:
    with rt.db.read() as session:
        pragmas = {name: session.execute(sa.text(f"PRAGMA {name}")).scalar() for name in
                   ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "trusted_schema")}  # fmt: skip
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10000, "trusted_schema": 0}


def test_the_queue_survives_a_failing_block(rt: Runtime) -> None:
    for n in range(3):
        with pytest.raises(RuntimeError), rt.db.transaction() as session:
            fail_after_writing(session, str(n))
    with rt.db.transaction() as session:
        session.add(Tick(id="1", at=AT))
    assert count(rt.db) == 1


def test_text_sql_reads_by_name_on_both_databases(any_rt: Runtime) -> None:
    with any_rt.db.transaction() as session:
        session.add(Tick(id="1", at=AT))
    found = any_rt.db.rows("SELECT t.at, :twice FROM test_tick t WHERE t.id = :key OR t.id = :twice", {"key": "1", "twice": "x"})
    assert [(Instant.read(row[0]), row[1]) for row in found] == [(AT, "x")]


def test_text_sql_fails_in_the_classes_of_sqlalchemy(any_rt: Runtime) -> None:
    with pytest.raises(sa.exc.DBAPIError):
        any_rt.db.rows("SELECT nothing FROM test_tick", {})
    assert any_rt.db.rows("SELECT count(*) FROM test_tick", {}) == [(0,)]


def test_a_connection_that_died_at_rest_is_replaced(pg_rt: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.db.prepared.RESTS_SECONDS", -1.0)
    ((pid,),) = pg_rt.db.rows("SELECT pg_backend_pid()", {})
    with pg_rt.db.transaction() as session:
        assert session.scalar(sa.text(f"SELECT pg_terminate_backend({pid})"))
    ((other,),) = pg_rt.db.rows("SELECT pg_backend_pid()", {})
    assert other != pid


def test_an_error_does_not_quote_the_parameters_of_its_statement(any_rt: Runtime) -> None:
    def write(key: str) -> None:
        with any_rt.db.transaction() as session:
            session.add(Tick(id=key, at=AT))

    write("13900000001")
    with pytest.raises(sa.exc.IntegrityError) as caught:
        write("13900000001")
    assert "parameters hidden" in str(caught.value)
