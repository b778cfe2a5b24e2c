"""Leave and ordered work of a case: whether each record covers, as a whole (continuity.md §1.3, 2 and 3). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from shared.attendance.session import HALVES
from shared.calendar import Calendar, days_between
from shared.rules.case.model import Case, Event
from shared.rules.days import (
    INVALID,
    PENDING,
    VALID,
    HalfDay,
    Order,
    Pattern,
    Slip,
    duty_half_days,
    level_needed,
    order_verdict,
    slip_verdict,
)
from shared.rules.schema import APPROVERS

_DECISIONS = {"approved": "approved", "refused": "rejected", "pending": "pending"}


@dataclass(frozen=True)
class Cover:
    """A record over some half-days. `valid` holds "O" or "L"; `reason` is its kind; `refused` why it does not cover.

    `removes`: nothing is presumed of the half-days it lies over, whether it is valid or not.
    """

    valid: tuple[str, ...] = ()
    reason: str | None = None
    pending: bool = False
    removes: bool = False
    refused: str | None = None
    evidence: tuple[str, ...] = ()
    span: Slip | Order | None = None

    def lies_over(self, at: HalfDay) -> bool:
        """Whether it is about this half-day."""
        return self.span is not None and self.span.covers(at)


@dataclass(frozen=True)
class _Everything(Pattern):
    """What several postings of one physician owe together: a slip is as long as all its duty half-days."""

    parts: Sequence[Pattern] = field(default_factory=tuple)

    def owed(self, calendar: Calendar, day: dt.date) -> dict[str, bool]:
        """Which sessions of a date any of the postings owes."""
        each = [part.owed(calendar, day) for part in self.parts]
        return {half: any(owed[half] for owed in each) for half in HALVES}


def covers_of(case: Case, doctor: str, patterns: Mapping[str, Pattern]) -> dict[dt.date, tuple[Cover, ...]]:
    """Every record of leave and ordered work by date, as known at `as_of`."""
    found: dict[dt.date, list[Cover]] = {}
    for event in case.events_of(doctor, "leave", "ordered"):
        cover = _order(case, event) if event.kind == "ordered" else _leave(case, event, patterns.values())
        if cover is not None:
            for day in event.days():
                found.setdefault(day, []).append(cover)
    return {day: tuple(covers) for day, covers in found.items()}


def leave_split(case: Case, covers: Iterable[Cover], patterns: Iterable[Pattern]) -> bool:
    """Whether slips with no duty half-day between them together need a higher level than approved them."""
    known = {cover.span.id: cover.span for cover in covers if isinstance(cover.span, Slip) and not cover.refused}
    pattern, slips = _pattern(case, patterns), sorted(known.values(), key=lambda slip: (slip.first, slip.id))
    for one, other in pairwise(slips):
        length = sum(duty_half_days(slip, case.calendar, pattern) for slip in (one, other))
        low = min(one.level, other.level) < level_needed(case.programme, length)
        if low and not _between(case.calendar, pattern, one.last, other.first):
            return True
    return False


def _between(calendar: Calendar, pattern: Pattern, last: HalfDay, first: HalfDay) -> bool:
    days = days_between(last[0], first[0])
    return any(owed and last < (day, half) < first for day in days for half, owed in pattern.owed(calendar, day).items())


def _order(case: Case, event: Event) -> Cover:
    """Ordered work: a case that says nothing of a document number takes it as there; null means there is none."""
    doc_no = event.get("doc_no") if "doc_no" in event.keys else event.id
    order = Order(event.id, event.get("order_kind"), doc_no, event.get("issuer"), event.first, event.last, "accepted",
                  (event.id,), event.only)  # fmt: skip
    verdict, why = order_verdict(order, case.programme)
    return _cover("O", order, order.kind, verdict, why)


def _leave(case: Case, event: Event, patterns: Iterable[Pattern]) -> Cover | None:
    """A slip; None while it is not yet filed. With everything known an undecided slip was never approved."""
    first, last = event.first, event.last
    start = case.programme.session_windows.on(first[1], first[0])[0]
    filed = event.get("filed_at") or start
    approved = event.get("approved_at") or max(filed, start)
    if case.as_of is not None and filed > case.as_of:
        return None
    decision = _DECISIONS[event.get("decision")]
    if case.as_of is not None and decision == "approved" and approved > case.as_of:
        decision = "pending"
    if case.as_of is None and decision == "pending":
        decision = "rejected"
    slip = Slip(event.id, event.get("leave_type"), first, last, filed, decision, 0, (event.id,), event.only)
    pattern = _pattern(case, patterns)
    lowest = level_needed(case.programme, duty_half_days(slip, case.calendar, pattern))
    level = APPROVERS.get(event.get("approved_by")) if event.get("approved_by") else lowest
    slip = replace(slip, level=int(level or 0))
    return _cover("L", slip, slip.type, *slip_verdict(slip, case.programme, case.calendar, pattern))


def _pattern(case: Case, patterns: Iterable[Pattern]) -> Pattern:
    parts = tuple(patterns)
    if len(parts) == 1:
        return parts[0]
    mode = next(iter(case.programme.modes.values()))
    return _Everything(mode, dt.date.min, None, parts=parts)


def _cover(letter: str, span: Slip | Order, kind: str, verdict: str, why: str) -> Cover:
    return Cover(
        valid=(letter,) if verdict == VALID else (), reason=kind, pending=verdict == PENDING, removes=True,
        refused=why if verdict == INVALID else None, evidence=span.evidence, span=span,
    )  # fmt: skip
