"""Continuous service (连续): whether, and since when, a physician worked so many months on end. Pure.

Source: continuity.md §2, after 晋卫办医管〔2012〕43号 and 004 §六. `evaluate` answers for one physician and scope; every
number it stands on is a setting of the programme file. Dates are those of Asia/Shanghai, amounts are half-days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shared.calendar import Calendar, days_between
from shared.rules.balance import Balance
from shared.rules.days import Pattern
from shared.rules.durations import DAY, Length, due, length
from shared.rules.history import Half, History
from shared.rules.lines import Line, lines_of
from shared.rules.load import Programme
from shared.rules.result import MET, NOT_APPLICABLE, NOT_MET, OPEN, PROVISIONAL
from shared.rules.segments import CREDITED, DEBT, Break, Chain, Segment, chains, postings_in, walk
from shared.rules.terms import PostingTerms

HORIZON_DAYS = 3 * 366
"""How far a projection looks ahead."""


@dataclass(frozen=True)
class Stretch:
    """One segment as it is shown; counts are half-days of the segment."""

    postings: tuple[str, ...]
    recipient: str | None
    start: dt.date
    end: dt.date
    ended_by: str
    broken: Break | None
    due: dt.date
    met_on: dt.date | None
    rest_tail: bool
    effective_end: dt.date
    length: Length
    half_days: dict[str, int]
    shortfall: int | None
    provisional: bool
    projected_on: dt.date | None

    def to_dict(self) -> dict[str, Any]:
        """JSON form, members in the order of an answer."""
        cut = self.broken
        return {
            "postings": list(self.postings), "recipient": self.recipient, "start": self.start.isoformat(),
            "end": self.end.isoformat(), "ended_by": self.ended_by,
            "break": {"kind": cut.kind, "from": cut.first.isoformat(), "to": cut.last.isoformat()} if cut else None,
            "due": self.due.isoformat(), "met_on": _iso(self.met_on), "rest_tail": self.rest_tail,
            "effective_end": self.effective_end.isoformat(), "length": self.length.to_dict(), "half_days": self.half_days,
            "shortfall_half_days": self.shortfall, "provisional": self.provisional,
            "projected_on": _iso(self.projected_on),
        }  # fmt: skip


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
    joined = chains(history, programme, calendar, "programme" if scope == "team_slot" else scope)
    joined = [chain for chain in joined if any(programme.modes[p.mode].duty != "none" for p in chain.postings)]
    if not joined:
        return Continuity(scope, months, NOT_APPLICABLE, None, (), (), ())
    on = _Ground(programme, calendar, months)
    pending = any(half.status == "P" for chain in joined for half in chain.halves)
    walked = [(chain, walk(chain, programme, calendar, hoped=False)) for chain in joined]
    worst = [_stretch(on, segment, history) for _, segments in walked for segment in segments]
    best = worst
    if pending:
        hoped = [walk(chain, programme, calendar, hoped=True) for chain in joined]
        best = [_stretch(on, segment, history) for segments in hoped for segment in segments]
    found = Continuity(
        scope, months, "", None, tuple(worst), lines_of(walked), (), unpublished=any(map(on.unpublished, worst)),
        corrections=len({half.date for chain in joined for half in chain.halves if half.corrected and half.status == "A"}),
    )  # fmt: skip
    return _judged(found, joined, _outcome(worst, joined), _outcome(best, joined), pending, history.leave_split)


def _judged(
    found: Continuity, joined: Sequence[Chain], worst: tuple[str, dt.date | None], best: tuple[str, dt.date | None],
    pending: bool, leave_split: bool,
) -> Continuity:  # fmt: skip
    speaks = found.decisive
    doubt = worst != best if speaks is None else speaks.provisional or worst[0] != best[0]
    split = ["leave_split"] if leave_split else []
    flags = [*_early_rotation(joined, worst[0]), *split, *_records(joined, found.corrections)]
    return Continuity(
        found.scope, found.months, PROVISIONAL if doubt else worst[0], worst[1], found.segments, found.lines, tuple(flags),
        best if pending else None, worst if pending else None, found.unpublished, found.corrections,
    )  # fmt: skip


@dataclass(frozen=True)
class _Ground:
    programme: Programme
    calendar: Calendar
    months: int

    def unpublished(self, one: Stretch) -> bool:
        """Whether a date the segment stands on lies in a year without a published calendar."""
        last = one.met_on or max(one.due, one.end)
        return any(self.calendar.is_provisional(dt.date(year, 1, 1)) for year in range(one.start.year, last.year + 1))


def _stretch(on: _Ground, segment: Segment, history: History) -> Stretch:
    balance, target = Balance.of_segment(segment), due(segment.start, on.months)
    met, tail = balance.met_on(target), False
    if met is None and _rest_tail(on, segment, balance, target):
        met, tail = target, True
    until = balance.effective_end(segment.end)
    inside = tuple(postings_in(segment))
    recipients = {posting.recipient_id for posting in inside}
    made = Stretch(
        tuple(p.id for p in inside), recipients.pop() if len(recipients) == 1 else None, segment.start, segment.end,
        segment.ended_by, segment.broken, target, met, tail, until, length(segment.start, until),
        _counts(segment, balance, target), _shortfall(on, segment, balance, target, met), False,
        None if met or segment.ended_by != "as_of" else _projected(on, segment, balance, target, history),
    )  # fmt: skip
    pending = any(one.half.status == "P" and (met is None or one.half.date <= met) for one in segment.seen)
    return Stretch(**{**vars(made), "provisional": pending or on.unpublished(made)})


def _rest_tail(on: _Ground, segment: Segment, balance: Balance, target: dt.date) -> bool:
    """The posting ends without debt and only rest days, not too many, are left until `due`."""
    if not on.programme.setting("continuity.rest_tail") or segment.ended_by in ("break", "as_of"):
        return False
    left = days_between(segment.end + DAY, target)
    if not left or balance.owed(segment.end) or len(left) > on.programme.setting("continuity.rest_tail_max_days"):
        return False
    return not any(on.calendar.is_workday(day) for day in left)


def _counts(segment: Segment, balance: Balance, target: dt.date) -> dict[str, int]:
    seen = segment.seen

    def count(letter: str) -> int:
        return sum(one.half.status == letter for one in seen)

    return {
        "duty": len(seen), "attended": count("A"), "leave": count("L"),
        "leave_over_cap": sum(one.half.status == "L" and one.effect == DEBT for one in seen), "ordered": count("O"),
        "absent": count("X"), "pending": count("P"), "credited": sum(one.effect == CREDITED for one in seen),
        "debt": balance.owed(segment.end), "debt_at_due": balance.owed(target),
    }  # fmt: skip


def _shortfall(
    on: _Ground, segment: Segment, balance: Balance, target: dt.date, met: dt.date | None
) -> int | None:  # fmt: skip
    """Half-days still to be worked; None where the segment can no longer go on."""
    if segment.ended_by in ("break", "gap", "recipient_change"):
        return 0 if met else None
    if met:
        return 0
    if segment.end >= target:
        return balance.shortfall(target)
    return balance.owed(segment.end) + sum(_owed_on(on, segment.chain, day) for day in days_between(segment.end + DAY, target))


def _owed_on(on: _Ground, chain: Sequence[PostingTerms], day: dt.date) -> int:
    """Duty half-days of a date as the last posting of the chain would have them, its end left aside."""
    last = chain[-1]
    return sum(Pattern(on.programme.modes[last.mode], last.start, None, last.roster).owed(on.calendar, day).values())


def _projected(
    on: _Ground, segment: Segment, balance: Balance, target: dt.date, history: History
) -> dt.date | None:  # fmt: skip
    """When the months are met if every duty half-day to come is attended; None when the posting ends before."""
    ends = [posting.end for posting in segment.chain]
    last = None if None in ends else max(end for end in ends if end)
    ahead = {half.at for half in history.halves if half.duty and not half.status}
    day, credit = segment.end, balance.credited(segment.end)
    reached, missing = balance.credited(target), balance.owed(target)
    for _ in range(HORIZON_DAYS):
        if last is not None and day > last:
            return None
        today = day == segment.end
        credit += sum(at[0] == day for at in ahead) if today else _owed_on(on, segment.chain, day)
        if day <= target:
            reached = credit
        if day >= target and credit - reached >= missing:
            return day
        day += DAY
    return None


def _outcome(stretches: Sequence[Stretch], joined: Sequence[Chain]) -> tuple[str, dt.date | None]:
    """(result, met_on) of one reading: any segment that meets it, earliest first; else the last one speaks."""
    met = [one.met_on for one in stretches if one.met_on]
    if met:
        return MET, min(met)
    return (OPEN if joined[-1].ended_by == "as_of" else NOT_MET), None


def _completion(one: Stretch) -> dt.date:
    assert one.met_on is not None
    return one.met_on


def _early_rotation(joined: Sequence[Chain], result: str) -> list[str]:
    """A posting that was rotated out, or ended by illness or order without approval, before the months were met."""
    left = [p for chain in joined for p in chain.postings if p.end_reason in ("rotation", "illness", "ordered")]
    early = any(p.end_reason == "rotation" or not p.end_approved for p in left)
    return ["early_rotation"] if early and result == NOT_MET else []


def _records(joined: Sequence[Chain], corrections: int) -> list[str]:
    halves: list[Half] = [half for chain in joined for half in chain.halves if half.status == "A"]
    told = {half.date: False for half in halves}
    for half in halves:
        told[half.date] = told[half.date] or bool(half.record_ref)
    found = [f"corrections:{corrections}"] if corrections else []
    if any(half.record_ref is not None for half in halves):
        found.append(f"record_ref:{sum(told.values())}/{len(told)}")
    return found


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
