"""Statements straight through libpq: every type there and back, errors in their classes, connections that died."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from shared.db import Database
from shared.db.prepared import Prepared
from shared.service import Runtime

AT = dt.datetime(2026, 11, 23, 0, 5, 6, 789_000, tzinfo=dt.UTC)
SHANGHAI = dt.timezone(dt.timedelta(hours=8))


@pytest.fixture
def db(pg_rt: Runtime) -> Database:
    return pg_rt.db


@pytest.mark.parametrize(
    ("kind", "value"),
    [("text", "站点 'x' \\ \"y\""), ("text", ""), ("text", None), ("bigint", -(2**53)), ("boolean", True), ("boolean", False),
     ("bytea", b"\x00\xff'\\"), ("bytea", b""), ("date", dt.date(2026, 2, 28)), ("timestamptz", AT), ("jsonb", {"甲": [1, None]}),
     ("jsonb", []), ("varchar(5)", "五个字以内")],
)  # fmt: skip
def test_a_value_comes_back_as_it_went(db: Database, kind: str, value: Any) -> None:
    assert db.alone(f"SELECT CAST($1 AS {kind})", [value]) == [(value,)]


def test_an_instant_of_another_offset_is_the_same_instant_in_utc(db: Database) -> None:
    ((found,),) = db.alone("SELECT CAST($1 AS timestamptz)", [AT.astimezone(SHANGHAI)])
    assert (found, found.utcoffset()) == (AT, dt.timedelta(0))


def test_a_naive_instant_is_refused(db: Database) -> None:
    with pytest.raises(ValueError, match="naive"):
        db.alone("SELECT CAST($1 AS timestamptz)", [dt.datetime(2026, 1, 1)])  # noqa: DTZ001


def test_a_statement_is_prepared_once_for_a_connection(db: Database) -> None:
    for number in range(3):
        assert db.alone("SELECT CAST($1 AS int) + 1", [number]) == [(number + 1,)]
    prepared = db.alone("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%+ 1'", [])
    assert prepared == [(1,)]


def test_an_error_has_its_class_and_the_connection_goes_on(db: Database) -> None:
    with pytest.raises(sa.exc.DataError) as caught:
        db.alone("SELECT CAST($1 AS int)", ["secret-13900000001"])
    assert isinstance(caught.value.orig, psycopg.errors.InvalidTextRepresentation)
    assert db.alone("SELECT 1", []) == [(1,)]


def test_a_connection_cut_in_the_middle_fails_once_and_is_replaced(db: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError):
        db.alone("SELECT pg_terminate_backend(pg_backend_pid())", [])
    assert db.alone("SELECT 1", []) == [(1,)]


def test_threads_have_a_connection_each_and_no_more_stay_than_are_kept(pg_rt: Runtime) -> None:
    lent, gate, found = Prepared(pg_rt.settings.database_url, "-c timezone=UTC", 2), threading.Barrier(6), []

    def ask() -> None:
        gate.wait()
        found.append(lent.rows("SELECT pg_backend_pid(), pg_sleep(0.2)::text", [])[0][0])

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(set(found)) == 6
    assert len(lent._idle) == 2
    lent.close()
    assert len(lent._idle) == 0
