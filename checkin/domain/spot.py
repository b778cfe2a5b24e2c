"""The draw of spot checks with a committed seed (evidence.md §10.1, algorithm `spot-1`). Pure: anyone can recompute it.

The numbers (n = 6, 30 minutes, 1 in 6) are part of the algorithm's version, not of a programme.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.attendance.session import SessionWindows
from shared.attendance.spot import ANSWER
from shared.rules.days import HalfDay

ALGORITHM = "spot-1"
PER_MONTH, FULL_MONTH, PRORATED_BELOW = 6, 42, 21
OUTSIDE_ONE_IN = 6
SEED_BYTES = 32
TOLERANCE = dt.timedelta(minutes=5)
"""Fired, or accepted by no inbox, later than this: the check is void."""
_WHOLE = 2**64


@dataclass(frozen=True)
class Drawn:
    """One half-day as drawn: when the check is issued, and whether somebody off the clinic's rota must take part."""

    day: dt.date
    half: str
    at: dt.datetime
    outside: bool


@dataclass(frozen=True)
class Batch:
    """Half-days planned together, with the threshold T they are drawn by."""

    half_days: tuple[HalfDay, ...]
    threshold: int


def commitment(seed: bytes) -> str:
    """SHA-256 (hex) that is published before the month begins."""
    return hashlib.sha256(b"zhudian/v1/spot\n" + seed).hexdigest()


def number(half_days: int) -> int:
    """n: the checks expected of D duty half-days; 6, with fewer than 21 prorated, at least 1."""
    return PER_MONTH if half_days >= PRORATED_BELOW else max(1, round(PER_MONTH * half_days / FULL_MONTH))


def threshold(half_days: int) -> int:
    """T = floor(n · 2^64 / D). Raises ZeroDivisionError without duty half-days."""
    return number(half_days) * _WHOLE // half_days


def batch(half_days: Iterable[HalfDay]) -> Batch:
    """The half-days of one plan with their own threshold."""
    listed = tuple(sorted(half_days))
    return Batch(listed, threshold(len(listed)))


def draw(seed: bytes, stream: str, half_day: HalfDay, limit: int, windows: SessionWindows) -> Drawn | None:
    """The check of one duty half-day, or None when it is not selected; the minute leaves 30 minutes of the session."""
    day, half = half_day
    x = hmac.digest(seed, f"{ALGORITHM}|{stream}|{day}|{half}".encode(), "sha256")
    if int.from_bytes(x[:8]) >= limit:
        return None
    start, end = windows.on(half, day)
    room = max(1, (end - start - ANSWER) // dt.timedelta(minutes=1))
    at = start + dt.timedelta(minutes=int.from_bytes(x[8:16]) % room)
    return Drawn(day, half, at, x[16] % OUTSIDE_ONE_IN == 0)


def drawn(seed: bytes, stream: str, batches: Sequence[Batch], windows: SessionWindows) -> list[Drawn]:
    """Every check of one posting's plans, in time order: what a revealed seed is recomputed to (E13)."""
    found = [draw(seed, stream, half_day, each.threshold, windows) for each in batches for half_day in each.half_days]
    return sorted((one for one in found if one), key=lambda one: one.at)


def order(seed: bytes, population: Iterable[str]) -> list[str]:
    """A population in the order of a seed that is recorded with the check: the first who is on duty gets a `random` one."""
    return sorted(population, key=lambda one: hmac.digest(seed, f"spot-own|{one}".encode(), "sha256"))


def text(half_day: HalfDay) -> str:
    """`2026-11-23.am`."""
    return f"{half_day[0]}.{half_day[1]}"


def parse(name: str) -> HalfDay:
    """The half-day that `text` wrote. Raises ValueError."""
    day, _, half = name.partition(".")
    return dt.date.fromisoformat(day), half
