"""PostgreSQL, straight through libpq: statements that stand for themselves, prepared once a connection, for hot paths.

A session's BEGIN, cursor, type adaption and reset cost more than such a statement itself. Here a connection of psycopg is
lent from a plain stack and its `pgconn` asked directly: text in, text out, one round trip. Measured in
tests/bench/checkin.py.
"""

from __future__ import annotations

import collections
import datetime as dt
import functools
import json
import time
from collections.abc import Callable, Sequence
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import errors, pq
from psycopg.pq import ConnStatus, ExecStatus

from shared.db import RESTS_SECONDS
from shared.encoder import compact

LIVES_SECONDS = 1800.0
OPTIONS = " -c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off"
"""Statements that go by keys: planned once, and not for the empty tables of a first morning."""

Value = Callable[[bytes], Any]


def _text(value: bytes) -> str:
    return value.decode()


_READ: dict[int, Value] = {
    16: lambda value: value == b"t",  # bool
    17: lambda value: bytes.fromhex(value[2:].decode()),  # bytea
    **dict.fromkeys((20, 21, 23), int),
    **dict.fromkeys((18, 19, 25, 1042, 1043), _text),
    **dict.fromkeys((114, 3802), json.loads),
    1082: lambda value: dt.date.fromisoformat(value.decode()),
    1184: lambda value: dt.datetime.fromisoformat(value.decode()),  # the session's time zone is UTC
}
"""How a value in PostgreSQL's text form is read, by the OID of its type."""


@functools.lru_cache(maxsize=256)  # one statement holds the same instant many times
def _instant(value: dt.datetime) -> bytes:
    if value.tzinfo is None:
        raise ValueError("naive datetime")
    return value.isoformat().encode()


def _json(value: Any) -> bytes:
    return compact(value).encode()


_WRITE: dict[type, Callable[[Any], bytes]] = {
    str: str.encode, int: lambda value: b"%d" % value, bytes: lambda value: value, dt.datetime: _instant,
    dt.date: lambda value: value.isoformat().encode(), bool: lambda value: b"t" if value else b"f",
    list: _json, dict: _json,
}  # fmt: skip
"""The text form of a value; bytes go as they are, in binary form."""


def _failure(result: pq.abc.PGresult) -> psycopg.Error:
    """The driver's error of a result; without an SQLSTATE the server never answered."""
    found = errors.error_from_result(result)
    return found if found.sqlstate else psycopg.OperationalError(str(found))


class _Line:
    """One connection and the statements prepared on it: text -> (name, how to read each column)."""

    def __init__(self, url: sa.URL, options: str) -> None:
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self.connection = psycopg.connect(plain, options=options, autocommit=True)
        self.pgconn = self.connection.pgconn
        self.known: dict[str, tuple[bytes, list[Value]]] = {}
        self.born = self.rests_since = time.monotonic()

    def lives(self) -> bool:
        """Whether it may be lent again; asked over the wire only after a rest."""
        now = time.monotonic()
        if self.pgconn.status != ConnStatus.OK or now - self.born > LIVES_SECONDS:
            return False
        return now - self.rests_since <= RESTS_SECONDS or self.pgconn.exec_(b"").status == ExecStatus.EMPTY_QUERY

    def rows(self, text: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """The rows of a statement with `$1` parameters."""
        name, columns = self.known.get(text) or self._prepare(text)
        given = [None if value is None else _WRITE[type(value)](value) for value in values]
        formats = [1 if type(value) is bytes else 0 for value in values]
        result = self.pgconn.exec_prepared(name, given, formats)  # type: ignore[arg-type]  # NULL is None
        if result.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
            raise _failure(result)
        return [
            tuple(
                None if (value := result.get_value(row, column)) is None else read(value)
                for column, read in enumerate(columns)
            )
            for row in range(result.ntuples)
        ]

    def _prepare(self, text: str) -> tuple[bytes, list[Value]]:
        name = b"s%d" % len(self.known)
        for result in (self.pgconn.prepare(name, text.encode()), described := self.pgconn.describe_prepared(name)):
            if result.status != ExecStatus.COMMAND_OK:
                raise _failure(result)
        columns = [_READ[described.ftype(column)] for column in range(described.nfields)]
        self.known[text] = name, columns
        return name, columns


class Prepared:
    """The connections of one process for such statements, lent one to a thread; opened when there is none to lend."""

    def __init__(self, url: str, options: str, keep: int) -> None:
        self._url, self._options, self._keep = sa.make_url(url), options + OPTIONS, keep
        self._idle: collections.deque[_Line] = collections.deque()

    def rows(self, text: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """The rows of one statement that commits by itself. Raises psycopg.Error."""
        line = self._lent()
        try:
            return line.rows(text, values)
        finally:
            line.rests_since = time.monotonic()
            self._idle.append(line) if len(self._idle) < self._keep else line.connection.close()

    def _lent(self) -> _Line:
        while self._idle:
            try:
                line = self._idle.pop()
            except IndexError:  # another thread was faster
                break
            if line.lives():
                return line
            line.connection.close()
        return _Line(self._url, self._options)

    def close(self) -> None:
        """Close what is not lent."""
        while self._idle:
            self._idle.pop().connection.close()
