"""Append with one look and one writing statement: the hot path (performance.md, "What follows" 2).

The entry's bytes hold `seq` and `prev`, so the head is read without a lock, the bytes are built, and one statement
(SQLite: one short transaction in the writers' queue) compares and sets the head while it inserts entry, payload and the
caller's rows. When another append was faster, or the client_event_id is known, nothing at all is written and the caller
looks again. No transaction stays open between the two round trips. The bytes are those of the reference in log.py.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from shared import clock
from shared.db import Base, Database, Instant
from shared.keys import Keys
from shared.ledger import kinds
from shared.ledger.entry import GENESIS
from shared.ledger.log import Appended, again, append_asked, appended, find_client_event
from shared.ledger.models import LedgerEntry, LedgerPayload
from shared.ledger.seal import Asked, Head, seal

Row = tuple[type[Base], dict[str, Any]]
"""A table and the values of one row. It is new; where the table's info says `latest`, it stands for that of its key."""
Also = Callable[[Appended], Sequence[Row]]

TRIES = 20
_KNOWN = ("uq_ledger_entry_client_event_id", "ledger_entry is append-only")
"""What PostgreSQL's key and SQLite's trigger say to a known client_event_id; id and place of the entry are new."""
_READ_HEAD = (
    "SELECT h.seq, h.entry_hash, e.appended_at FROM ledger_head h "
    "LEFT JOIN ledger_entry e ON e.stream = h.stream AND e.seq = h.seq WHERE h.stream = :name"
)
_HEAD = (
    "INSERT INTO ledger_head AS h (stream, seq, entry_hash) VALUES ({}, {}, {}) ON CONFLICT (stream) "
    "DO UPDATE SET seq = excluded.seq, entry_hash = excluded.entry_hash WHERE h.seq = {}"
)
"""Compare and set the head. Parameters: stream, seq, hash, expected seq."""


def append_at_once(db: Database, keys: Keys, asked: Asked, also: Also = lambda _: ()) -> Appended:
    """Append one fact, and with it the rows that `also` makes of it, in a transaction of its own.

    Either all of it is stored or nothing. Repeats and refusals as in `append`; for a repeat `also` writes nothing.
    IntegrityError when a row of `also` breaks a key. Where 20 others were faster, this is the reference.
    """
    name = asked.stream.pseudonym(keys.pepper)
    for _ in range(TRIES):
        if done := append_after(db, keys, asked, _head(db, name), also):
            return done
        with db.read() as session:
            if asked.client_event_id and (first := find_client_event(session, asked.client_event_id)):
                return again(first, name, asked)
    with db.transaction() as session:
        done = append_asked(session, keys, asked)
        for table, values in () if done.repeated else also(done):
            session.merge(table(**values)) if _latest(table) else session.execute(sa.insert(table).values(values))
    return done


def append_after(db: Database, keys: Keys, asked: Asked, head: Head, also: Also) -> Appended | None:
    """Append one fact directly after `head`, and the rows that `also` makes of it; all of it or nothing.

    None, and nothing written, when the stream has another head by now or the client_event_id is known: whatever the
    caller read together with `head` may be out of date. IntegrityError when a row of `also` breaks a key.
    """
    kinds.check(asked.kind, asked.stream.kind, asked.actor.role)
    rows = seal(keys, asked, asked.stream.pseudonym(keys.pepper), head, clock.now())
    made = appended(rows)
    every: list[Row] = [(LedgerEntry, rows.entry), (LedgerPayload, rows.payload), *also(made)]
    every = [_said(row) for row in every]
    try:
        moved = (_in_turn if db.dialect == "sqlite" else _in_one)(db, made, head, every)
    except IntegrityError as error:
        if any(name in str(error.orig) for name in _KNOWN):
            return None
        raise
    return made if moved else None


def _said(row: Row) -> Row:
    """A new row without its NULLs, which are there anyway; a row that replaces one says them."""
    table, values = row
    return row if _latest(table) else (table, {name: value for name, value in values.items() if value is not None})


def _head(db: Database, name: str) -> Head:
    """The newest position of the stream called `name`, unlocked."""
    for seq, entry_hash, at in db.rows(_READ_HEAD, {"name": name}):
        return Head(seq, bytes(entry_hash), Instant.read(at))
    return Head(0, GENESIS, None)


def _in_one(db: Database, made: Appended, head: Head, rows: list[Row]) -> bool:
    """PostgreSQL: one prepared statement that commits by itself; False when the head had moved."""
    shape = tuple((table, tuple(row)) for table, row in rows)
    values = [value for _, row in rows for value in row.values()]
    return bool(db.alone(_statement(db.engine.dialect, shape), [made.stream, made.seq, made.entry_hash, head.seq, *values]))


def _in_turn(db: Database, made: Appended, head: Head, rows: list[Row]) -> bool:
    """SQLite: the same in a transaction that holds the writers' queue for nothing but these inserts."""
    texts = [_insert(table, tuple(row), "?") for table, row in rows]
    values = [_values(db.engine.dialect, table, row) for table, row in rows]
    with db.writer() as cursor:
        moved = cursor.execute(_HEAD.format(*"????"), (made.stream, made.seq, made.entry_hash, head.seq)).rowcount
        for text, row in zip(texts, values, strict=True) if moved else ():
            cursor.execute(text, row)
    return bool(moved)


def _values(dialect: sa.Dialect, table: type[Base], row: dict[str, Any]) -> list[Any]:
    """The values of a row as the driver wants them."""
    return [
        convert(row[name]) if convert and row[name] is not None else row[name]
        for name, convert in _conversions(dialect, table, tuple(row))
    ]


@functools.lru_cache(maxsize=64)
def _conversions(dialect: sa.Dialect, table: type[Base], names: tuple[str, ...]) -> tuple[tuple[str, Any], ...]:
    """Each column with what turns its value into the driver's, the same as an ordinary session would."""
    columns = sa.inspect(table).local_table.columns
    return tuple((name, columns[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names)


@functools.lru_cache(maxsize=64)
def _statement(dialect: sa.Dialect, shape: tuple[tuple[type[Base], tuple[str, ...]], ...]) -> str:
    """Compare and set the head, and only then insert one row of each table: parameters of `_HEAD`, then of each row."""
    parts = [f"head AS ({_HEAD.format('$1', '$2', '$3', '$4')} RETURNING h.seq)"]
    place = itertools.count(5)
    for number, (table, names) in enumerate(shape):
        columns = sa.inspect(table).local_table.columns
        casts = ", ".join(f"CAST(${next(place)} AS {_type(columns[name].type, dialect)})" for name in names)
        parts.append(f"r{number} AS ({_insert(table, names, casts)})")
    return f"WITH {', '.join(parts)} SELECT seq FROM head"


@functools.lru_cache(maxsize=128)
def _insert(table: type[Base], names: tuple[str, ...], casts: str) -> str:
    """The INSERT of one row: with "?" of given values, otherwise of `casts` for as many rows as `head` has."""
    columns = ", ".join(f'"{name}"' for name in names)
    source = f"VALUES ({', '.join('?' * len(names))})" if casts == "?" else f"SELECT {casts} FROM head"
    text = f'INSERT INTO "{table.__tablename__}" ({columns}) {source}'
    if not _latest(table):
        return text
    keys = [column.name for column in sa.inspect(table).primary_key]
    newer = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name not in keys)
    return f"{text} ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {newer}"


@functools.cache
def _latest(table: type[Base]) -> bool:
    return bool(table.metadata.tables[table.__tablename__].info.get("latest"))


def _type(column: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> str:
    """The type a value is sent as. A cast to varchar(n) would cut a long text short; its column refuses it."""
    return "text" if isinstance(column, sa.String) else column.compile(dialect)
