"""The half-days that were not attended, line by line: what each was, why, and what it did to the segment. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shared.rules.days import HalfDay
from shared.rules.segments import NONE, Chain, Segment


@dataclass(frozen=True)
class Line:
    """Neighbouring duty half-days of equal status, reason and effect (credited, debt, none)."""

    first: HalfDay
    last: HalfDay
    half_days: int
    status: str
    reason: str | None
    effect: str

    def to_dict(self) -> dict[str, Any]:
        """JSON form, members in the order of an answer."""
        return {
            "from": _iso(self.first[0]), "from_half": self.first[1], "to": _iso(self.last[0]), "to_half": self.last[1],
            "half_days": self.half_days, "status": self.status, "reason": self.reason, "effect": self.effect,
        }  # fmt: skip


def lines_of(walked: Iterable[tuple[Chain, Sequence[Segment]]]) -> tuple[Line, ...]:
    """The lines of these chains with their segments, in time order of each chain; attended half-days have none."""
    found: list[Line] = []
    for chain, segments in walked:
        effects = {one.half.at: one.effect for segment in segments for one in segment.seen}
        open_line: Line | None = None
        for half in chain.halves:
            line = None
            if half.status != "A":
                line = Line(half.at, half.at, 1, half.status, half.reason, effects.get(half.at, NONE))
            if line and open_line and _alike(line, open_line):
                open_line = found[-1] = replace(open_line, last=half.at, half_days=open_line.half_days + 1)
            else:
                open_line = line
                found += [line] if line else []
    return tuple(found)


def _alike(one: Line, other: Line) -> bool:
    return (one.status, one.reason, one.effect) == (other.status, other.reason, other.effect)


def _iso(day: dt.date) -> str:
    return day.isoformat()
