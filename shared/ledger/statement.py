"""Append in one statement: the hot path of PostgreSQL (performance.md, "What follows" 2), bytes equal to the reference.

The entry's bytes hold `seq` and `prev`, so the head is read without a lock, the bytes are built, and one statement
compares and sets the head while it inserts entry, payload and the caller's rows. When another append was faster it
writes nothing and the head is read again. A known client_event_id breaks the UNIQUE key and takes everything back, the
head with it. No transaction stays open between the two round trips; the statement commits by itself.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from shared import clock
from shared.db import Base, Database
from shared.keys import Keys
from shared.ledger import kinds
from shared.ledger.entry import GENESIS
from shared.ledger.log import Appended, again, append_asked, appended, find_client_event
from shared.ledger.models import LedgerEntry, LedgerPayload
from shared.ledger.seal import Asked, Head, seal

Row = tuple[type[Base], dict[str, Any]]
"""A table and the values of one new row of it."""

TRIES = 20
_CLIENT = "uq_ledger_entry_client_event_id"
_READ_HEAD = (
    "SELECT h.seq, h.entry_hash, e.appended_at FROM ledger_head h "
    "LEFT JOIN ledger_entry e ON e.stream = h.stream AND e.seq = h.seq WHERE h.stream = %s"
)


def append_at_once(
    db: Database, keys: Keys, asked: Asked, also: Callable[[Appended], Sequence[Row]] = lambda _: ()
) -> Appended:
    """Append one fact, and with it the rows that `also` makes of it, in a transaction of its own.

    Either all of it is stored or nothing. Repeats and refusals as in `append`; for a repeat `also` writes nothing.
    IntegrityError when a row of `also` breaks a key. On SQLite, and where 20 others were faster, this is the reference.
    """
    kinds.check(asked.kind, asked.stream.kind, asked.actor.role)
    if db.dialect == "postgresql":
        for _ in range(TRIES):
            if done := _try(db, keys, asked, also):
                return done
    with db.transaction() as session:
        done = append_asked(session, keys, asked)
        for table, values in () if done.repeated else also(done):
            session.execute(sa.insert(table).values(values))
    return done


def _try(db: Database, keys: Keys, asked: Asked, also: Callable[[Appended], Sequence[Row]]) -> Appended | None:
    """One look at the head and one statement; None when the head had moved meanwhile."""
    name = asked.stream.pseudonym(keys.pepper)
    with _autocommit(db) as cursor:
        found = cursor.execute(_READ_HEAD, (name,), prepare=True).fetchone()
        head = Head(*found) if found else Head(0, GENESIS, None)
        rows = seal(keys, asked, name, head, clock.now())
        made = appended(rows)
        text, values = _statement(db.engine.dialect, [
            (LedgerEntry, rows.entry), (LedgerPayload, rows.payload), *also(made),
        ])  # fmt: skip
        moved = _moved(cursor, text, [name, made.seq, made.entry_hash, head.seq, *values])
    if moved:
        return made
    if asked.client_event_id is None:
        return None
    with db.read() as session:
        first = find_client_event(session, asked.client_event_id)
    return again(first, name, asked) if first else None


def _moved(cursor: Any, text: str, values: list[Any]) -> bool:
    """Run the statement; False when the head had moved or the client_event_id was known, and nothing was written."""
    from psycopg.errors import UniqueViolation

    try:
        return cursor.execute(text, values, prepare=True).fetchone() is not None
    except UniqueViolation as error:
        if error.diag.constraint_name == _CLIENT:
            return False
        raise


@contextlib.contextmanager
def _autocommit(db: Database) -> Iterator[Any]:
    """A driver cursor whose every statement commits by itself, on a connection of the pool.

    Its errors come out in the same classes as everywhere: no database is 503, a broken key is the caller's.
    """
    import psycopg

    try:
        pooled = db.engine.raw_connection()
        driver: Any = pooled.driver_connection
        try:
            driver.autocommit = True
            with driver.cursor() as cursor:
                yield cursor
        finally:
            if not driver.closed and not driver.broken:
                driver.autocommit = False
            pooled.close()
    except psycopg.Error as error:
        dialect = db.engine.dialect
        raise DBAPIError.instance("append_at_once", None, error, psycopg.Error, dialect=dialect) from None


def _statement(dialect: sa.Dialect, rows: list[Row]) -> tuple[str, list[Any]]:
    """The text for rows of this shape, and their values as the driver wants them."""
    values: list[Any] = []
    for table, row in rows:
        values += [
            convert(row[name]) if convert and row[name] is not None else row[name]
            for name, convert in _conversions(dialect, table, tuple(row))
        ]
    return _text(dialect, tuple((table, tuple(row)) for table, row in rows)), values


@functools.lru_cache(maxsize=64)
def _conversions(dialect: sa.Dialect, table: type[Base], names: tuple[str, ...]) -> tuple[tuple[str, Any], ...]:
    """Each column with what turns its value into the driver's, the same as an ordinary session would."""
    columns = sa.inspect(table).local_table.columns
    return tuple((name, columns[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names)


@functools.lru_cache(maxsize=64)
def _text(dialect: sa.Dialect, shape: tuple[tuple[type[Base], tuple[str, ...]], ...]) -> str:
    """Compare and set the head, and only then insert one row of each table. Parameters: stream, seq, hash, expected seq,
    then the values of the rows in order."""
    parts = [
        "head AS (INSERT INTO ledger_head AS h (stream, seq, entry_hash) VALUES (%s, %s, %s) ON CONFLICT (stream) "
        "DO UPDATE SET seq = excluded.seq, entry_hash = excluded.entry_hash WHERE h.seq = %s RETURNING h.seq)"
    ]
    for number, (table, names) in enumerate(shape):
        columns = sa.inspect(table).local_table.columns
        casts = ", ".join(f"CAST(%s AS {_type(columns[name].type, dialect)})" for name in names)
        quoted = ", ".join(f'"{name}"' for name in names)
        parts.append(f'r{number} AS (INSERT INTO "{table.__tablename__}" ({quoted}) SELECT {casts} FROM head)')
    return f"WITH {', '.join(parts)} SELECT seq FROM head"


def _type(column: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> str:
    """The type a value is sent as. A cast to varchar(n) would cut a long text short; its column refuses it."""
    return "text" if isinstance(column, sa.String) else column.compile(dialect)
