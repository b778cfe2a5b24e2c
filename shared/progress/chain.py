"""Flags that only several facts of a posting show together (evidence.md §8). Pure; the order of facts does not matter.

A phone numbers what it signs (`device_seq`) and names the hash of what it signed before (`device_prev`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from shared.progress.facts import FactRecord
from shared.progress.reading import Facts, instant

GAP_OPEN = dt.timedelta(hours=72)


def marks_of(facts: Facts, as_of: dt.datetime) -> dict[str, tuple[str, ...]]:
    """Entry id → `device_fork` and `device_gap` of its taps."""
    found: dict[str, list[str]] = {}
    for code, names in (("device_fork", _forks(facts)), ("device_gap", _gaps(facts, as_of))):
        for name in names:
            found.setdefault(name, []).append(code)
    return {name: tuple(sorted(set(listed))) for name, listed in found.items()}


def _forks(facts: Facts) -> Iterator[str]:
    """Taps that name a body which another tap of the same key had followed already."""
    followed: dict[tuple[str, str], str] = {}
    for fact in _signed(facts):
        previous = fact.payload.get("device_prev")
        if previous and followed.setdefault((fact.payload["device_key"], previous), fact.entry_id) != fact.entry_id:
            yield fact.entry_id


def _gaps(facts: Facts, as_of: dt.datetime) -> Iterator[str]:
    """Taps before which numbers of their phone are missing, 72 h after they arrived.

    Everything the phone signed for this posting is looked at: half-days and diaries take numbers too, in their bodies.
    """
    numbers: dict[str, set[int]] = {}
    every = [fact for listed in facts.by_kind.values() for fact in listed]
    keys = {fact.payload["device_key"] for fact in _signed(facts)}
    for fact in every:
        body = fact.payload.get("body")
        number = body.get("device_seq") if isinstance(body, dict) else None
        for key in (fact.payload["device_key"],) if fact.payload.get("device_key") else keys:
            if number is not None:
                numbers.setdefault(key, set()).add(number)
    for fact in _signed(facts):
        number, known = fact.payload.get("device_seq"), numbers.get(fact.payload["device_key"], set())
        received = instant(fact.payload.get("received_at")) or fact.at
        if number and known and number > min(known) and number - 1 not in known and as_of - received > GAP_OPEN:
            yield fact.entry_id


def _signed(facts: Facts) -> Iterable[FactRecord]:
    return [fact for fact in facts.of_kind("attendance.recorded") if fact.payload.get("device_key")]
