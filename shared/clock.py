"""The only clock. Instants are aware UTC with millisecond precision; dates are those of Asia/Shanghai.

China has kept +08:00 without daylight saving since 1991, so a fixed offset is exact for every date the product handles
and needs no time zone database on the machine.
"""

from __future__ import annotations

import contextlib
import contextvars
import datetime as dt
import functools
import time
from collections.abc import Iterator

SHANGHAI = dt.timezone(dt.timedelta(hours=8), "Asia/Shanghai")

_fixed: contextvars.ContextVar[dt.datetime | None] = contextvars.ContextVar("clock", default=None)


def now() -> dt.datetime:
    """The present instant in UTC, cut to whole milliseconds (the precision of the ledger's `at`)."""
    if fixed := _fixed.get():
        return fixed.replace(microsecond=fixed.microsecond // 1000 * 1000)
    return dt.datetime.fromtimestamp(time.time_ns() // 1_000_000 / 1000, dt.UTC)


@contextlib.contextmanager
def at(instant: dt.datetime) -> Iterator[None]:
    """Let `now()` answer `instant` inside the block: demo data and tests live through other days with it.

    Raises ValueError for an instant without a time zone.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    token = _fixed.set(instant.astimezone(dt.UTC))
    try:
        yield
    finally:
        _fixed.reset(token)


def local(instant: dt.datetime) -> dt.datetime:
    """The same instant on the wall clock of Asia/Shanghai."""
    return instant.astimezone(SHANGHAI)


def local_date(instant: dt.datetime) -> dt.date:
    """The Shanghai date of an instant: 00:00-08:00 in Shanghai is still the day before in UTC."""
    return local(instant).date()


def today() -> dt.date:
    """The present Shanghai date."""
    return local_date(now())


@functools.lru_cache(maxsize=1024)  # one request writes the same instant many times
def iso(instant: dt.datetime) -> str:
    """`YYYY-MM-DDTHH:MM:SS.mmmZ`, the one text form of an instant in facts and answers."""
    return instant.astimezone(dt.UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def parse_iso(text: str) -> dt.datetime:
    """Read an instant written by `iso` (or any ISO 8601 text with an offset). Raises ValueError without an offset."""
    instant = dt.datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"no offset in {text!r}")
    return instant.astimezone(dt.UTC)
