"""Continuous service (连续): whether, and since when, a physician worked so many months on end. Pure.

Source: continuity.md §2, after 晋卫办医管〔2012〕43号 and 004 §六. `evaluate` answers for one physician and scope; every
number it stands on is a setting of the programme file. Dates are those of Asia/Shanghai, amounts are half-days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from shared.calendar import Calendar
from shared.rules.history import Half, History
from shared.rules.lines import Line, lines_of
from shared.rules.load import Programme
from shared.rules.result import MET, NOT_APPLICABLE, NOT_MET, OPEN, PROVISIONAL
from shared.rules.segments import Chain, chains, walk
from shared.rules.stretch import Ground, Stretch, measured


@dataclass(frozen=True)
class Continuity:
    """The answer: `result` met, not_met, open, provisional or not_applicable; segments and lines of the worst reading.

    `best` and `worst` are (result, met_on) where half-days are pending; `decisive` is the segment that speaks.
    """

    scope: str
    months: int
    result: str
    met_on: dt.date | None
    segments: tuple[Stretch, ...]
    lines: tuple[Line, ...]
    flags: tuple[str, ...]
    best: tuple[str, dt.date | None] | None = None
    worst: tuple[str, dt.date | None] | None = None
    unpublished: bool = False
    corrections: int = 0

    @property
    def provisional(self) -> bool:
        """Whether a decision or an unpublished calendar may still change it."""
        return self.result == PROVISIONAL

    @property
    def decisive(self) -> Stretch | None:
        """The segment that met the months first, else the last one."""
        met = [one for one in self.segments if one.met_on]
        return min(met, key=_completion) if met else self.segments[-1] if self.segments else None

    def to_dict(self) -> dict[str, Any]:
        """JSON form, members in the order of an answer."""
        readings = {name: {"result": found[0], "met_on": _iso(found[1])}
                    for name, found in (("best", self.best), ("worst", self.worst)) if found}  # fmt: skip
        return {
            "scope": self.scope, "months": self.months, "result": self.result, "met_on": _iso(self.met_on),
            "provisional": self.provisional, **readings, "segments": [one.to_dict() for one in self.segments],
            "lines": [line.to_dict() for line in self.lines], "flags": list(self.flags),
        }  # fmt: skip


def evaluate(
    history: History, programme: Programme, calendar: Calendar, *, months: int, scope: str
) -> Continuity:  # fmt: skip
    """Judge `months` months of continuous service in a scope: recipient, pair or programme (team_slot: a seat's history).

    The history holds the postings that match the rule. ValueError for an open posting without an `as_of`.
    """
    joined = chains(history, programme, calendar, scope)
    if not joined:
        return Continuity(scope, months, NOT_APPLICABLE, None, (), (), ())
    on = Ground(programme, calendar, months)
    halves = [half for chain in joined for half in chain.halves]
    pending = any(half.status == "P" for half in halves)
    walked = [(chain, walk(chain, programme, calendar, hoped=False)) for chain in joined]
    worst = [measured(on, segment) for _, segments in walked for segment in segments]
    best = worst
    if pending:
        hoped = [walk(chain, programme, calendar, hoped=True) for chain in joined]
        best = [measured(on, segment) for segments in hoped for segment in segments]
    corrections = len({half.date for half in halves if half.corrected and half.status == "A"})
    early = [] if scope == "team_slot" else _early_rotation(joined, best)
    split = ["leave_split"] if history.leave_split else []
    found = Continuity(
        scope, months, "", None, tuple(worst), lines_of(walked), (*early, *split, *_records(halves, corrections)),
        unpublished=any(map(on.unpublished, worst)), corrections=corrections,
    )  # fmt: skip
    return _judged(found, _outcome(worst, joined), _outcome(best, joined), pending)


def _judged(
    found: Continuity, worst: tuple[str, dt.date | None], best: tuple[str, dt.date | None], pending: bool
) -> Continuity:
    """Provisional when the segment that speaks is, or when the readings differ (one may break where the other goes on)."""
    speaks = found.decisive
    doubt = worst != best or (speaks is not None and speaks.provisional)
    told = pending or doubt
    return replace(
        found, result=PROVISIONAL if doubt else worst[0], met_on=worst[1], best=best if told else None, worst=worst if told else None
    )


def _outcome(stretches: Sequence[Stretch], joined: Sequence[Chain]) -> tuple[str, dt.date | None]:
    """(result, met_on) of one reading: any segment that meets it, earliest first; else the last one speaks."""
    met = [one.met_on for one in stretches if one.met_on]
    if met:
        return MET, min(met)
    return (OPEN if joined[-1].ended_by == "as_of" else NOT_MET), None


def _completion(one: Stretch) -> dt.date:
    assert one.met_on is not None
    return one.met_on


def _early_rotation(joined: Sequence[Chain], best: Sequence[Stretch]) -> list[str]:
    """A physician rotated out, or called off by illness or order without approval, before the months were met (§2.4)."""
    for chain in joined:
        last = max(chain.postings, key=lambda p: (p.end or dt.date.max, p.id))
        left = last.end_reason == "rotation" or (last.end_reason in ("illness", "ordered") and not last.end_approved)
        by_then = any(one.met_on and one.start <= chain.end for one in best)
        if left and chain.ended_by != "as_of" and not by_then:
            return ["early_rotation"]
    return []


def _records(halves: Sequence[Half], corrections: int) -> list[str]:
    """How many dates were attended by correction, and how many attended dates carry the number of a medical record."""
    told: dict[dt.date, bool] = {}
    for half in halves:
        if half.status == "A":
            told[half.date] = told.get(half.date, False) or bool(half.record_ref)
    found = [f"corrections:{corrections}"] if corrections else []
    if any(half.record_ref is not None for half in halves if half.status == "A"):
        found.append(f"record_ref:{sum(told.values())}/{len(told)}")
    return found


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
