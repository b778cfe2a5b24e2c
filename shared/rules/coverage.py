"""Seat coverage: whether every duty half-day of a seat was filled, by its holder or a registered substitute. Pure.

Source: continuity.md §4, after 001 (各单位不得出现帮扶医务人员不在岗的现象) and 004 §三 (连续驻点工作时间不少于一年).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from shared.attendance.session import HALVES
from shared.calendar import Calendar, days_between, local_date
from shared.rules.days import HalfDay, Pattern
from shared.rules.history import Half, History
from shared.rules.load import Programme
from shared.rules.result import MET, NOT_APPLICABLE, NOT_MET, PROVISIONAL
from shared.rules.terms import PostingTerms


@dataclass(frozen=True)
class Substitution:
    """A registered substitution: who fills the seat, for whom, on the half-days first..last."""

    seat_id: str
    person_id: str
    for_person_id: str | None
    first: HalfDay
    last: HalfDay
    evidence: tuple[str, ...] = ()

    def covers(self, at: HalfDay) -> bool:
        """Whether it lies over this half-day."""
        return self.first <= at <= self.last


@dataclass(frozen=True)
class Gap:
    """Neighbouring duty half-days on which nobody filled the seat."""

    first: HalfDay
    last: HalfDay
    half_days: int

    def to_dict(self) -> dict[str, Any]:
        """JSON form, members in the order of an answer."""
        return {"from": self.first[0].isoformat(), "from_half": self.first[1], "to": self.last[0].isoformat(),
                "to_half": self.last[1], "half_days": self.half_days}  # fmt: skip


@dataclass(frozen=True)
class Coverage:
    """The answer for one seat from first to last; amounts are half-days."""

    first: dt.date
    last: dt.date
    duty: int
    covered: int
    gaps: tuple[Gap, ...]
    substitutes: tuple[tuple[str, int], ...]
    max_gap: int
    result: str
    best: str | None = None
    worst: str | None = None

    @property
    def provisional(self) -> bool:
        """Whether a decision or an unpublished calendar may still change it."""
        return self.result == PROVISIONAL

    def to_dict(self) -> dict[str, Any]:
        """JSON form, members in the order of an answer."""
        readings = {name: {"result": found} for name, found in (("best", self.best), ("worst", self.worst)) if found}
        return {
            "from": self.first.isoformat(), "to": self.last.isoformat(), "duty_half_days": self.duty,
            "covered_half_days": self.covered, "gap_half_days": self.duty - self.covered,
            "gaps": [gap.to_dict() for gap in self.gaps],
            "substitutes": [{"doctor": who, "half_days": number} for who, number in self.substitutes],
            "max_gap_half_days": self.max_gap, "result": self.result, "provisional": self.provisional, **readings,
        }  # fmt: skip


def evaluate(
    seat_id: str, histories: Sequence[History], substitutions: Iterable[Substitution], programme: Programme,
    calendar: Calendar, first: dt.date, last: dt.date, max_gap_half_days: int = 0,
) -> Coverage:  # fmt: skip
    """Whether the seat was filled on every duty half-day of first..last.

    `histories` are those of its holders and substitutes. The seat's duty is that of its mode; between two holders it is
    still on duty. Half-days to come are not judged.
    """
    holders = [posting for history in histories for posting in history.postings if posting.seat_id == seat_id]
    if not holders:
        return Coverage(first, last, 0, 0, (), (), max_gap_half_days, NOT_APPLICABLE)
    duty = _duty(holders, programme, calendar, first, last)
    filled = _filled(seat_id, histories, list(substitutions))
    duty = [at for at in duty if not filled.ahead(at)]
    gaps = _gaps(duty, filled.sure)
    readings = [sum(at not in found for at in duty) <= max_gap_half_days for found in (filled.sure, filled.hoped)]
    worst, best = (MET if holds else NOT_MET for holds in readings)
    doubt = worst != best or any(calendar.is_provisional(at[0]) for at in (duty[0], duty[-1])) if duty else False
    by = Counter(filled.by[at] for at in duty if at in filled.by)
    pending = filled.sure != filled.hoped
    return Coverage(
        first, last, len(duty), sum(at in filled.sure for at in duty), gaps, tuple(sorted(by.items())), max_gap_half_days,
        PROVISIONAL if doubt else worst, best if pending else None, worst if pending else None,
    )  # fmt: skip


def seat_history(
    seat_id: str, histories: Sequence[History], substitutions: Iterable[Substitution], programme: Programme,
    calendar: Calendar, first: dt.date, last: dt.date,
) -> History:  # fmt: skip
    """The seat as if it were one physician: A where it was filled, X elsewhere, no leave and no ordered work.

    For continuity of scope team_slot (004 §三: the seat stays filled twelve months, whoever sits in it).
    """
    holders = [posting for history in histories for posting in history.postings if posting.seat_id == seat_id]
    filled = _filled(seat_id, histories, list(substitutions))
    as_of = next((history.as_of for history in histories), None)
    one = holders[0]
    ends = [posting.end for posting in holders]
    terms = PostingTerms(**{**vars(one), "id": seat_id, "start": first, "end": None if None in ends else last})
    halves = []
    for at in _duty(holders, programme, calendar, first, last):
        status = "" if filled.ahead(at) else "A" if at in filled.sure else "P" if at in filled.hoped else "X"
        halves.append(Half(at[0], at[1], seat_id, True, status, {"X": "absent", "P": "decision_pending"}.get(status)))
    return History(seat_id, (terms,), tuple(halves), as_of)


@dataclass(frozen=True)
class _Filled:
    sure: frozenset[HalfDay]
    hoped: frozenset[HalfDay]
    by: dict[HalfDay, str]
    future: frozenset[HalfDay]
    after: dt.date | None

    def ahead(self, at: HalfDay) -> bool:
        """Whether the half-day is still to come."""
        return at in self.future or (self.after is not None and at[0] > self.after)


def _filled(seat_id: str, histories: Sequence[History], substitutions: list[Substitution]) -> _Filled:
    sure, hoped, future = set[HalfDay](), set[HalfDay](), set[HalfDay]()
    by: dict[HalfDay, str] = {}
    for history in histories:
        seats = {posting.id for posting in history.postings if posting.seat_id == seat_id}
        for half in history.halves:
            holder = half.posting_id in seats
            stands_in = any(s.person_id == history.person_id and s.covers(half.at) for s in substitutions)
            if holder and half.duty and not half.status:
                future.add(half.at)
            if not (holder or stands_in) or half.status not in ("A", "P"):
                continue
            hoped.add(half.at)
            if half.status == "A":
                sure.add(half.at)
                if not holder:
                    by[half.at] = history.person_id
    as_of = next((history.as_of for history in histories), None)
    return _Filled(frozenset(sure), frozenset(hoped), by, frozenset(future), local_date(as_of) if as_of else None)


def _duty(
    holders: Sequence[PostingTerms], programme: Programme, calendar: Calendar, first: dt.date, last: dt.date
) -> list[HalfDay]:
    """Duty half-days of the seat: by its mode on workdays, else as the holders' rosters have them."""
    patterns = [Pattern(programme.modes[one.mode], one.start, one.end, one.roster) for one in holders]
    if patterns[0].mode.duty == "workdays":
        patterns = [Pattern(patterns[0].mode, first, last)]
    return [
        (day, half)
        for day in days_between(first, last)
        for half in HALVES
        if any(pattern.owed(calendar, day)[half] for pattern in patterns)
    ]


def _gaps(duty: Sequence[HalfDay], filled: frozenset[HalfDay]) -> tuple[Gap, ...]:
    found: list[Gap] = []
    before = False
    for at in duty:
        gap = at not in filled
        if gap and before:
            found[-1] = Gap(found[-1].first, at, found[-1].half_days + 1)
        elif gap:
            found.append(Gap(at, at, 1))
        before = gap
    return tuple(found)
