"""The database: models' base, column types, and the two ways in: `transaction()` to write, `read()` to read.

SQLite has one writer at a time and answers a busy lock by sleeping and trying again, which gives a long tail under load.
So every writing transaction of this machine queues at a file lock beside the database first: the kernel wakes the next
one at once, and BEGIN IMMEDIATE never has to wait. Readers use an engine of their own with a plain BEGIN.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import functools
import math
import os
import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Session

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every table. No ORM foreign keys across services: ids are carried, migrations add constraints."""

    metadata = sa.MetaData(naming_convention=NAMING)


class Instant(sa.types.TypeDecorator[dt.datetime]):
    """An aware UTC instant. PostgreSQL: timestamptz. SQLite: fixed-width UTC text, which sorts as time does."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> Any:
        """Refuse naive instants; SQLite keeps the UTC wall time."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        """Give the instant back aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)

    @staticmethod
    def read(value: str | dt.datetime | None) -> dt.datetime | None:
        """The instant that text SQL gives: PostgreSQL an aware one, or text within JSON; SQLite its UTC text."""
        if value is None:
            return None
        found = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
        return found.replace(tzinfo=dt.UTC) if found.tzinfo is None else found.astimezone(dt.UTC)


RESTS_SECONDS = 1.0
Id = sa.String(36)
Json = sa.JSON().with_variant(JSONB(), "postgresql")


class Database:
    """One database, opened lazily; safe to share between threads. `dialect` is "sqlite" or "postgresql".

    `durable` False is for what is made anew after a power cut anyway (demo data): commits do not wait for the disk.
    """

    def __init__(self, url: str, *, pool_size: int = 6, durable: bool = True) -> None:
        self.url = url
        self.dialect = sa.make_url(url).get_backend_name()
        if self.dialect == "sqlite":
            self.engine = _sqlite(url, "BEGIN IMMEDIATE", pool_size, "FULL" if durable else "OFF")
            self._reader = _sqlite(url, "BEGIN", pool_size)
            self._queue: _WriterQueue | None = _WriterQueue(sa.make_url(url).database or "")
        else:
            options = "" if durable else " -c synchronous_commit=off"
            self.engine = _postgresql(url, pool_size, options)
            self._reader, self._queue = self.engine, None
            from shared.db.prepared import Prepared  # SQLite needs no driver of PostgreSQL

            self._alone = Prepared(url, _OPTIONS + options, pool_size + 4)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Session]:
        """One writing transaction: committed at the end of the block, rolled back when it raises."""
        with self._queue or contextlib.nullcontext(), Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextlib.contextmanager
    def read(self) -> Iterator[Session]:
        """A session for reading one consistent snapshot; closing it rolls back whatever it changed."""
        with Session(self._reader, expire_on_commit=False) as session:
            yield session

    def rows(self, statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """The rows of one reading statement that stands for itself: text SQL with `:name` parameters, for hot paths.

        Values come as the driver gives them. Errors come out in the classes they have everywhere else.
        """
        if self._queue:
            with _driver(self._reader) as driver:
                found: list[tuple[Any, ...]] = driver.execute(statement, parameters).fetchall()
            return found
        text, names = _numbered(statement)
        return self.alone(text, [parameters[name] for name in names])

    def alone(self, text: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """PostgreSQL only: the rows of one statement with `$1` parameters, prepared, committed by itself."""
        dialect = self.engine.dialect
        try:
            return self._alone.rows(text, values)
        except dialect.loaded_dbapi.Error as error:
            raise DBAPIError.instance("text SQL", None, error, dialect.loaded_dbapi.Error, dialect=dialect) from error

    @contextlib.contextmanager
    def writer(self) -> Iterator[Any]:
        """SQLite only: a cursor of the driver in one writing transaction, its turn in the queue taken."""
        assert self._queue is not None, "one statement writes on PostgreSQL"
        with self._queue, _driver(self.engine) as driver:
            driver.execute("BEGIN IMMEDIATE")
            try:
                yield driver
                driver.execute("COMMIT")
            except BaseException:
                driver.rollback()
                raise

    def dispose(self) -> None:
        """Close pooled connections (before a fork, at the end of a process)."""
        for engine in {self.engine, self._reader}:
            engine.dispose()
        if not self._queue:
            self._alone.close()


@functools.lru_cache(maxsize=64)
def _numbered(statement: str) -> tuple[str, tuple[str, ...]]:
    """`:name` parameters as `$1`, each name once, and the names in order."""
    names = tuple(dict.fromkeys(re.findall(r"(?<!:):(\w+)", statement)))
    return re.sub(r"(?<!:):(\w+)", lambda found: f"${names.index(found[1]) + 1}", statement), names


@contextlib.contextmanager
def _driver(engine: sa.Engine) -> Iterator[Any]:
    """The driver's own connection, lent by the pool; its errors in SQLAlchemy's classes: no database is 503 as usual."""
    failure: type[Exception] = engine.dialect.loaded_dbapi.Error
    try:
        pooled = engine.raw_connection()
        try:
            yield pooled.driver_connection
        finally:
            pooled.close()
    except failure as error:
        raise DBAPIError.instance("text SQL", None, error, failure, dialect=engine.dialect) from error


class _WriterQueue:
    """The machine-wide queue of SQLite writers: a lock between threads, then a file lock between processes."""

    def __init__(self, database: str) -> None:
        self._path = f"{database}.writer" if database and database != ":memory:" else None
        self._threads = threading.Lock()
        self._file: int | None = None
        self._pid = 0

    def __enter__(self) -> None:
        self._threads.acquire()
        if self._path is None:
            return
        try:
            if self._file is None or self._pid != os.getpid():
                self._file, self._pid = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600), os.getpid()
            fcntl.flock(self._file, fcntl.LOCK_EX)
        except OSError:
            self._threads.release()
            raise

    def __exit__(self, *_: object) -> None:
        try:
            if self._file is not None:
                fcntl.flock(self._file, fcntl.LOCK_UN)
        finally:
            self._threads.release()


def _sqlite(url: str, begin: str, pool_size: int, synchronous: str = "FULL") -> sa.Engine:
    """An engine whose transactions open with `begin`; the driver's own transaction handling is switched off."""
    engine = sa.create_engine(url, pool_size=pool_size, max_overflow=20, hide_parameters=True, connect_args={"timeout": 10})

    @sa.event.listens_for(engine, "connect")
    def connect(connection: Any, _: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", f"synchronous={synchronous}", "busy_timeout=10000", "foreign_keys=ON",
                       "trusted_schema=OFF", "wal_autocheckpoint=1000", "journal_size_limit=67108864"):  # fmt: skip
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def start(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


_OPTIONS = "-c timezone=UTC -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s"


def _postgresql(url: str, pool_size: int, more: str) -> sa.Engine:
    """READ COMMITTED with the time-outs of an interactive process; UTC whatever the server's time zone is.

    A connection that rested is asked whether it still lives: after a restart of the database nobody gets a dead one.
    `pool_pre_ping` would ask each time, one round trip for every loan.
    """
    engine = sa.create_engine(url, pool_size=pool_size, max_overflow=4, pool_recycle=1800, hide_parameters=True,
                              connect_args={"options": _OPTIONS + more})  # fmt: skip

    @sa.event.listens_for(engine, "checkin")
    def rest(_: object, record: Any) -> None:
        record.info["rests_since"] = time.monotonic()

    @sa.event.listens_for(engine, "checkout")
    def wake(connection: Any, record: Any, _: object) -> None:
        if time.monotonic() - record.info.get("rests_since", math.inf) > RESTS_SECONDS:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise DisconnectionError from error

    return engine
