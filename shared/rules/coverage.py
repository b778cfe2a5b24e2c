"""Seat coverage: whether every duty half-day of a seat was filled, by its holder or a registered substitute. Pure.

Source: continuity.md §4, after 001 (各单位不得出现帮扶医务人员不在岗的现象) and 004 §三 (连续驻点工作时间不少于一年).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shared.attendance.session import HALVES
from shared.calendar import Calendar, days_between
from shared.rules.days import HalfDay, Pattern, session_over
from shared.rules.history import Half, History
from shared.rules.load import Programme
from shared.rules.result import MET, NOT_APPLICABLE, NOT_MET, OPEN, PROVISIONAL, readings
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
        return {
            "from": self.first.isoformat(), "to": self.last.isoformat(), "duty_half_days": self.duty,
            "covered_half_days": self.covered, "gap_half_days": self.duty - self.covered,
            "gaps": [gap.to_dict() for gap in self.gaps],
            "substitutes": [{"doctor": who, "half_days": number} for who, number in self.substitutes],
            "max_gap_half_days": self.max_gap, "result": self.result, "provisional": self.provisional,
            **readings(self.best, self.worst),
        }  # fmt: skip


def evaluate(
    seat_id: str, histories: Sequence[History], substitutions: Iterable[Substitution], programme: Programme,
    calendar: Calendar, first: dt.date, last: dt.date, max_gap_half_days: int = 0,
) -> Coverage:  # fmt: skip
    """Whether the seat was filled on every duty half-day of first..last.

    `histories` are those of its holders and substitutes. The seat's duty is that of its mode; between two holders it is
    still on duty. Half-days to come are not judged.
    """
    holders = _holders(seat_id, histories)
    if not holders:
        return Coverage(first, last, 0, 0, (), (), max_gap_half_days, NOT_APPLICABLE)
    owed = _duty(holders, programme, calendar, first, last)
    as_of = histories[0].as_of
    duty = [at for at in owed if session_over(programme, at, as_of)]
    filled = _filled(seat_id, holders, histories, substitutions)
    running = len(duty) < len(owed)
    missing = [sum(at not in found for at in duty) for found in (filled.sure, filled.hoped)]
    worst, best = (NOT_MET if number > max_gap_half_days else OPEN if running else MET for number in missing)
    doubt = worst != best or any(calendar.is_provisional(at[0]) for at in (*duty[:1], *duty[-1:]))
    by = Counter(filled.by[at] for at in duty if at in filled.by)
    told = doubt or missing[0] != missing[1]
    return Coverage(
        first, last, len(duty), len(duty) - missing[0], _gaps(duty, filled.sure), tuple(sorted(by.items())), max_gap_half_days,
        PROVISIONAL if doubt else worst, best if told else None, worst if told else None,
    )  # fmt: skip


def seat_history(
    seat_id: str, histories: Sequence[History], substitutions: Iterable[Substitution], programme: Programme,
    calendar: Calendar, first: dt.date, last: dt.date,
) -> History:  # fmt: skip
    """The seat as if it were one physician with the postings of its holders: A where it was filled, X elsewhere, no leave
    and no ordered work. Half-days between two holders belong to no posting.

    For continuity of scope team_slot (004 §三: the seat stays filled twelve months, whoever sits in it).
    """
    holders = _holders(seat_id, histories)
    as_of = next((history.as_of for history in histories), None)
    if not holders:
        return History(seat_id, (), (), as_of)
    filled = _filled(seat_id, holders, histories, substitutions)
    halves = []
    for at in _duty(holders, programme, calendar, first, last):
        posting_id = next((posting.id for posting in holders if posting.holds(at[0])), "")
        if not session_over(programme, at, as_of):
            halves.append(Half(*at, posting_id, True, ""))
        elif (one := filled.hoped.get(at)) is not None:
            halves.append(replace(one, posting_id=posting_id, duty=True))
        else:
            halves.append(Half(*at, posting_id, True, "X", "absent"))
    return History(seat_id, tuple(holders), tuple(halves), as_of)


def _holders(seat_id: str, histories: Sequence[History]) -> list[PostingTerms]:
    """The postings to the seat in order of start."""
    found = [posting for history in histories for posting in history.postings if posting.seat_id == seat_id]
    return sorted(found, key=lambda posting: (posting.start, posting.id))


@dataclass(frozen=True)
class _Filled:
    """Half-days on which the seat was filled for sure, and those on which it may turn out so; `by` whom in a holder's place."""

    sure: Mapping[HalfDay, Half]
    hoped: Mapping[HalfDay, Half]
    by: Mapping[HalfDay, str]


def _filled(
    seat_id: str, holders: Sequence[PostingTerms], histories: Sequence[History], substitutions: Iterable[Substitution]
) -> _Filled:
    """A holder's half-days, then those of registered substitutes; one attended at a clinic the seat does not have is elsewhere."""
    seats = {posting.id for posting in holders}
    clinics = {clinic for posting in holders for clinic in posting.clinics}
    registered = [one for one in substitutions if one.seat_id == seat_id]
    mine, others = dict[HalfDay, Half](), dict[HalfDay, tuple[str, Half]]()
    for history in histories:
        stands_in = [one for one in registered if one.person_id == history.person_id]
        for half in history.halves:
            if half.status not in ("A", "P"):
                continue
            if half.posting_id in seats:
                mine[half.at] = _surer(mine.get(half.at), half)
            elif (half.clinic is None or half.clinic in clinics) and any(one.covers(half.at) for one in stands_in):
                who, known = others.get(half.at, (history.person_id, None))
                best = _surer(known, half)
                others[half.at] = (history.person_id if best is half else who), best
    hoped = {at: _surer(mine.get(at), half) for at, (_, half) in others.items()}
    hoped = mine | hoped
    by = {at: who for at, (who, half) in others.items() if hoped[at] is half and half.status == "A"}
    return _Filled({at: half for at, half in hoped.items() if half.status == "A"}, hoped, by)


def _surer(known: Half | None, half: Half) -> Half:
    """The one that is attended for sure; the known one where both are alike."""
    return half if known is None or (known.status, half.status) == ("P", "A") else known


def _duty(
    holders: Sequence[PostingTerms], programme: Programme, calendar: Calendar, first: dt.date, last: dt.date
) -> list[HalfDay]:
    """Duty half-days of the seat: by its mode on workdays, else as the rosters have them; between two holders the roster
    of the one who left goes on."""
    patterns = [Pattern.of(programme, one) for one in holders]
    if patterns[0].mode.duty == "workdays":
        patterns = [Pattern(patterns[0].mode, first, last)]
    return [(day, half) for day in days_between(first, last) for half in HALVES if half in _owed(patterns, calendar, day)]


def _owed(patterns: Sequence[Pattern], calendar: Calendar, day: dt.date) -> set[str]:
    there = [one for one in patterns if one.start <= day and (one.end is None or day <= one.end)]
    if there:
        return {half for one in there for half, owed in one.owed(calendar, day).items() if owed}
    left = [one for one in patterns if one.end is not None and one.end < day]
    between = left and any(one.start > day for one in patterns)
    return set(max(left, key=lambda one: one.end or day).usual(calendar, day)) if between else set()


def _gaps(duty: Sequence[HalfDay], filled: Container[HalfDay]) -> tuple[Gap, ...]:
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
