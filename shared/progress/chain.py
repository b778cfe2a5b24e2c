"""Flags that only several facts of a posting show together (evidence.md §8). Pure; the order of facts does not matter.

A phone numbers what it signs (`device_seq`) and names the hash of what it signed before (`device_prev`). Places are there
while coordinates are kept; what they show is to be decided before they are erased.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from shared.attendance import geo
from shared.progress.facts import FactRecord
from shared.progress.reading import Facts, filed_at, instant

PLACE = "place"
"""The member under which a tap's location comes beside its fact."""
GAP_OPEN = dt.timedelta(hours=72)
FASTEST_KMH = 200
CONSTANT_DATES = 3
BURST, BURST_DATES = dt.timedelta(minutes=10), 5


def marks_of(facts: Facts, as_of: dt.datetime) -> dict[str, tuple[str, ...]]:
    """Entry id → `device_fork`, `device_gap`, `travel` and `loc_constant` of its taps."""
    found: dict[str, list[str]] = {}
    told = (("device_fork", _forks(facts)), ("device_gap", _gaps(facts, as_of)), ("travel", _travels(facts)),
            ("loc_constant", _constants(facts)))  # fmt: skip
    for code, names in told:
        for name in names:
            found.setdefault(name, []).append(code)
    return {name: tuple(sorted(set(listed))) for name, listed in found.items()}


def bursts(facts: Facts) -> frozenset[str]:
    """Service dates whose half-day or diary was filed within 10 min of those of four other dates (`burst_entry`)."""
    filed = sorted((filed_at(fact), fact.payload["service_date"]) for fact in facts.of_kind("worklog.recorded", "diary.submitted"))
    found: set[str] = set()
    for number, (begin, _) in enumerate(filed):
        dates = {day for at, day in filed[number:] if at - begin <= BURST}
        found |= dates if len(dates) >= BURST_DATES else set()
    return frozenset(found)


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


def _travels(facts: Facts) -> Iterator[str]:
    """Both of two neighbouring taps between which nobody can have travelled, their accuracies given away."""
    located = sorted(
        (at, fact.entry_id, fact.payload[PLACE]) for fact in facts.of_kind("attendance.recorded")
        if fact.payload.get(PLACE) and (at := instant(fact.payload["effective_at"]))
    )  # fmt: skip
    for (left, one, here), (came, other, there) in pairwise(located):
        metres = geo.distance_m(_point(here), _point(there))
        metres -= ((here.get("accuracy_dm") or 0) + (there.get("accuracy_dm") or 0)) / 10
        if metres > (came - left).total_seconds() * FASTEST_KMH / 3.6:
            yield from (one, other)


def _constants(facts: Facts) -> Iterator[str]:
    """Taps whose coordinates are the same to the millionth of a degree on three dates or more."""
    same: dict[tuple[int, int], dict[str, str]] = {}
    for fact in facts.of_kind("attendance.recorded"):
        if place := fact.payload.get(PLACE):
            same.setdefault((place["lat_e6"], place["lon_e6"]), {})[fact.entry_id] = fact.payload["service_date"]
    for taps in same.values():
        if len(set(taps.values())) >= CONSTANT_DATES:
            yield from taps


def _point(place: Mapping[str, Any]) -> geo.Point:
    return geo.converted(geo.Point.of_e6(place["lat_e6"], place["lon_e6"]), place["crs"])


def _signed(facts: Facts) -> Iterable[FactRecord]:
    return [fact for fact in facts.of_kind("attendance.recorded") if fact.payload.get("device_key")]
