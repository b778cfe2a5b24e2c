"""Where a physician of a case was on one date: scans and corrections paired, presence stated outright. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from shared.attendance.session import HALVES, DayAttendance, SessionWindows, Tap, pair_day
from shared.calendar import at as instant_of
from shared.rules.case.model import Event
from shared.rules.days import PENDING, VALID

Verdicts = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Place:
    """Attended at a clinic: through which event, by an approved correction, with a record reference."""

    clinic: str
    event: str = ""
    corrected: bool = False
    record_ref: bool | None = None


@dataclass(frozen=True)
class DayMarks:
    """What the events of one date say. `seen`: the half-days attended in fact; `hoped`: those that would be if every
    open decision went well; `day`: the counting scans, paired; `refused`: why a correction that would have helped does
    not; `scanned`: there is a scan or correction, so nothing is presumed of this date; `doubled`: two clinics named."""

    seen: Mapping[str, Place]
    hoped: Mapping[str, Place]
    day: DayAttendance
    refused: Mapping[str, str]
    weak: frozenset[str]
    absent: frozenset[str]
    stand_in: frozenset[str]
    scanned: bool
    doubled: frozenset[str]

    def why_absent(self, half: str) -> str:
        """Why a half-day without presence or cover is absent (continuity.md §6.5)."""
        if half in self.refused:
            return self.refused[half]
        if half in self.absent:
            return "absent"
        if half in self.weak:
            return "weak_evidence"
        found = self.day.half(half)
        if found is None:
            return "no_scan"
        return "split_session" if "split_session" in found.flags else "open" if found.open else "short"


NOTHING = DayMarks({}, {}, DayAttendance(), {}, frozenset(), frozenset(), frozenset(), False, frozenset())
"""A date without any event."""


def marks_of(
    windows: SessionWindows, day: dt.date, events: Sequence[Event], verdicts: Verdicts, clinic: str,
    *, weak_may_count: bool, as_of: dt.datetime | None,
) -> DayMarks:  # fmt: skip
    """Read the present, absent, scan, correction and substitute events of one date.

    `clinic` is meant where an event names none. `weak_may_count`: a countersign or an objection may still come.
    """
    known = [event for event in events if _known(event, as_of)]
    scans = [event for event in known if event.kind == "scan"]
    requests = [event for event in known if event.kind == "correction"]
    granted = [event for event in requests if verdicts[event.id][0] == VALID]
    asked = [event for event in requests if verdicts[event.id][0] in (VALID, PENDING)]
    sure = _attended(windows, day, scans, granted, clinic, as_of, weak=False)
    hoped = _attended(windows, day, scans, asked, clinic, as_of, weak=weak_may_count)
    at_all = _attended(windows, day, scans, requests, clinic, as_of, weak=False)
    strong = _attended(windows, day, scans, asked, clinic, as_of, weak=True)
    stated, doubled = _stated(known, day, clinic)
    absent = frozenset(half for half in HALVES if any(e.covers((day, half)) for e in known if e.kind == "absent"))
    stand_in = {half for half in HALVES if any(e.covers((day, half)) for e in known if e.kind == "substitute")}
    late = [event for event in requests if event not in asked]
    return DayMarks(
        seen={**_places(sure, granted, day, clinic), **stated},
        hoped=_places(hoped, asked, day, clinic), day=sure,
        refused={half: verdicts[late[0].id][1] for half in _places(at_all, requests, day, clinic) if late},
        weak=frozenset(half for half in _places(strong, (), day, clinic)), absent=absent,
        stand_in=frozenset(stand_in - absent), scanned=bool(scans or requests), doubled=doubled,
    )  # fmt: skip


def _known(event: Event, as_of: dt.datetime | None) -> bool:
    """A request filed later is as if not yet made."""
    return as_of is None or event.kind != "correction" or event.keys["filed_at"] <= as_of


def _stated(events: Iterable[Event], day: dt.date, clinic: str) -> tuple[dict[str, Place], frozenset[str]]:
    """Presence stated outright; of two clinics at once the first by name is taken and the half-day marked."""
    places: dict[str, list[Place]] = {half: [] for half in HALVES}
    for event in events:
        for half in HALVES if event.kind == "present" else ():
            if event.covers((day, half)):
                ref = bool(event.get("record_ref"))
                places[half].append(Place(event.get("clinic") or clinic, event.id, record_ref=ref))
    chosen = {half: min(found, key=lambda p: (p.clinic, p.event)) for half, found in places.items() if found}
    with_ref = {half: any(p.record_ref for p in places[half] if p.clinic == chosen[half].clinic) for half in chosen}
    doubled = frozenset(half for half, found in places.items() if len({place.clinic for place in found}) > 1)
    return {half: replace(place, record_ref=with_ref[half]) for half, place in chosen.items()}, doubled


def _places(found: DayAttendance, requests: Iterable[Event], day: dt.date, clinic: str) -> dict[str, Place]:
    """The half-days attended by paired scans, and those a correction names outright."""
    places = {
        request_half: Place(request.get("clinic") or clinic, request.id, corrected=True)
        for request in requests if _outright(request)
        for request_half in HALVES if request.covers((day, request_half))
    }  # fmt: skip
    for half in HALVES:
        if (seen := found.half(half)) and seen.attended:
            places[half] = Place(seen.clinic_id, seen.evidence[0], corrected=seen.corrected)
    return places


def _outright(request: Event) -> bool:
    return request.get("in") is None and request.get("out") is None


def _attended(
    windows: SessionWindows, day: dt.date, scans: Sequence[Event], requests: Iterable[Event], clinic: str,
    as_of: dt.datetime | None, *, weak: bool,
) -> DayAttendance:  # fmt: skip
    """Pair the scans of the date with the claimed times in force; `weak` scans count only if asked to."""
    visits = [_Visit.of(scan, clinic, weak=weak) for scan in sorted(scans, key=lambda e: (str(e.get("in")), e.id))]
    for request in sorted(requests, key=lambda event: event.id):
        if not _outright(request):
            visits = _corrected(visits, request, request.get("clinic") or clinic)
    taps = [tap for visit in visits for tap in visit.taps(day) if as_of is None or tap.at <= as_of]
    return pair_day(windows, taps)


@dataclass(frozen=True)
class _Visit:
    """One scan event, or one pair claimed by a correction."""

    id: str
    clinic: str
    came: dt.time | None
    left: dt.time | None
    counts: bool
    corrected: bool = False

    @classmethod
    def of(cls, scan: Event, clinic: str, *, weak: bool) -> _Visit:
        strong = scan.get("grade") in ("A", "B") or (scan.get("grade") == "C" and bool(scan.get("countersigned")))
        return cls(scan.id, scan.get("clinic") or clinic, scan.get("in"), scan.get("out"), strong or weak)

    def taps(self, day: dt.date) -> Iterable[Tap]:
        for way, time in (("in", self.came), ("out", self.left)):
            if time is not None:
                yield Tap(self.id, way, self.clinic, instant_of(day, time), self.counts, corrected=self.corrected)


def _corrected(visits: Sequence[_Visit], request: Event, clinic: str) -> list[_Visit]:
    """Supply the missing time of that clinic's scan; with both times and nothing to supply it is a pair of its own."""
    came, left = request.get("in"), request.get("out")
    changed = list(visits)
    for index, visit in enumerate(changed):
        fits = (visit.came is None and came is not None) or (visit.left is None and left is not None)
        first, last = visit.came or came, visit.left or left
        if visit.clinic == clinic and fits and (first is None or last is None or first <= last):
            changed[index] = replace(visit, came=first, left=last, counts=True, corrected=True)
            return changed
    if came is not None and left is not None:
        changed.append(_Visit(request.id, clinic, came, left, counts=True, corrected=True))
    return changed
