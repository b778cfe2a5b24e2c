"""Flags that only several facts of a person show together (evidence.md §8). Pure; the order of facts does not matter.

A phone numbers what it signs (`device_seq`) and names the hash of what it signed before (`device_prev`), whatever posting
it signs for. Each date is judged by what the person recorded within NEAR days of it, in all postings: so one date has the
same flags whichever months were read with it. Places are there while coordinates are kept; what they show is written down
(`RAISED`) before they are erased.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from shared.attendance import geo
from shared.calendar import local_date
from shared.progress.facts import FactRecord
from shared.progress.reading import Facts, filed_at, instant

PLACE = "place"
"""The member under which a tap's location comes beside its fact."""
RAISED = "raised"
"""The member under which flags come that were raised from outside the posting's chain."""
NEAR = dt.timedelta(days=14)
BY_PLACE = frozenset({"travel", "loc_constant"})
"""What coordinates show."""
GAP_OPEN = dt.timedelta(hours=72)
FASTEST_KMH = 200
CONSTANT_DATES = 3
BURST, BURST_DATES = dt.timedelta(minutes=10), 5
TAP = "attendance.recorded"


def marks_of(facts: Facts, day: dt.date, as_of: dt.datetime) -> dict[str, tuple[str, ...]]:
    """Entry id → `device_fork`, `device_gap`, `travel`, `loc_constant` and what else was raised, of the taps of a date."""
    near = _near(facts, day)
    taps = [fact for fact in near if fact.kind == TAP]
    found = {fact.entry_id: set(fact.payload.get(RAISED, ())) for fact in taps if fact.payload.get("service_date") == day.isoformat()}
    told = (("device_fork", _forks(taps)), ("device_gap", _gaps(near, as_of)), ("travel", _travels(taps)),
            ("loc_constant", _constants(taps)))  # fmt: skip
    for code, names in told:
        for name in names:
            if name in found:
                found[name].add(code)
    return {name: tuple(sorted(listed)) for name, listed in found.items() if listed}


def is_burst(facts: Facts, day: dt.date) -> bool:
    """Whether a half-day or diary of the date was filed within 10 min of those of four other dates (`burst_entry`)."""
    logged = [fact for fact in _near(facts, day) if fact.kind in ("worklog.recorded", "diary.submitted")]
    filed = sorted((filed_at(fact), fact.payload["service_date"]) for fact in logged)
    for number, (begin, _) in enumerate(filed):
        dates = {date for at, date in filed[number:] if at - begin <= BURST}
        if len(dates) >= BURST_DATES and day.isoformat() in dates:
            return True
    return False


def raised_on_diary(facts: Facts, day: dt.date) -> tuple[str, ...]:
    """`diary_similar` and `photo_reused` of the diaries of a date that stand."""
    return tuple({code for fact in facts.current(("diary.submitted", "diary.amended"), day)[-1:] for code in fact.payload.get(RAISED, ())})


def _near(facts: Facts, day: dt.date) -> list[FactRecord]:
    """What the person recorded about dates near this one, in order."""
    every = {fact.entry_id: fact for listed in (*facts.by_kind.values(), facts.around) for fact in listed}
    first, last = day - NEAR, day + NEAR
    return sorted((fact for fact in every.values() if first <= _date(fact) <= last), key=lambda fact: (fact.at, fact.seq, fact.entry_id))


def _date(fact: FactRecord) -> dt.date:
    text = fact.payload.get("service_date")
    return dt.date.fromisoformat(text) if text else local_date(fact.at)


def _forks(taps: Sequence[FactRecord]) -> Iterator[str]:
    """Taps that name a body which another tap of the same key had followed already."""
    followed: dict[tuple[str, str], str] = {}
    for fact in _signed(taps):
        previous = fact.payload.get("device_prev")
        if previous and followed.setdefault((fact.payload["device_key"], previous), fact.entry_id) != fact.entry_id:
            yield fact.entry_id


def _gaps(near: Sequence[FactRecord], as_of: dt.datetime) -> Iterator[str]:
    """Taps before which numbers of their phone are missing, 72 h after they arrived.

    Everything the phone signed is looked at: half-days and diaries take numbers too, in their bodies.
    """
    numbers: dict[str, set[int]] = {}
    signed = [fact for fact in near if fact.kind == TAP and fact.payload.get("device_key")]
    keys = {fact.payload["device_key"] for fact in signed}
    for fact in near:
        body = fact.payload.get("body")
        number = body.get("device_seq") if isinstance(body, dict) else None
        for key in (fact.payload["device_key"],) if fact.payload.get("device_key") else keys:
            if number is not None:
                numbers.setdefault(key, set()).add(number)
    for fact in signed:
        number, known = fact.payload.get("device_seq"), numbers.get(fact.payload["device_key"], set())
        received = instant(fact.payload.get("received_at")) or fact.at
        if number and known and number > min(known) and number - 1 not in known and as_of - received > GAP_OPEN:
            yield fact.entry_id


def _travels(taps: Sequence[FactRecord]) -> Iterator[str]:
    """Both of two neighbouring taps between which nobody can have travelled, their accuracies given away."""
    located = sorted(
        (at, fact.entry_id, fact.payload[PLACE]) for fact in taps
        if fact.payload.get(PLACE) and (at := instant(fact.payload["effective_at"]))
    )  # fmt: skip
    for (left, one, here), (came, other, there) in pairwise(located):
        metres = geo.distance_m(_point(here), _point(there))
        metres -= ((here.get("accuracy_dm") or 0) + (there.get("accuracy_dm") or 0)) / 10
        if metres > (came - left).total_seconds() * FASTEST_KMH / 3.6:
            yield from (one, other)


def _constants(taps: Sequence[FactRecord]) -> Iterator[str]:
    """Taps whose coordinates are the same to the millionth of a degree on three dates or more."""
    same: dict[tuple[int, int], dict[str, str]] = {}
    for fact in taps:
        if place := fact.payload.get(PLACE):
            same.setdefault((place["lat_e6"], place["lon_e6"]), {})[fact.entry_id] = fact.payload["service_date"]
    for found in same.values():
        if len(set(found.values())) >= CONSTANT_DATES:
            yield from found


def _point(place: Mapping[str, Any]) -> geo.Point:
    return geo.converted(geo.Point.of_e6(place["lat_e6"], place["lon_e6"]), place["crs"])


def _signed(taps: Iterable[FactRecord]) -> Iterable[FactRecord]:
    return [fact for fact in taps if fact.payload.get("device_key")]
