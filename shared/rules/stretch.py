"""One segment measured: its due date, when it was met, what is owed and what is missing. Pure.

Source: continuity.md §2.2-2.3, after 晋卫办医管〔2012〕43号 and 004 §六. Amounts are half-days.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from shared.calendar import Calendar, days_between
from shared.rules.balance import Balance
from shared.rules.days import Pattern
from shared.rules.durations import DAY, Length, due, length
from shared.rules.load import Programme
from shared.rules.segments import DEBT, Break, Segment, postings_in

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
class Ground:
    """What a segment is measured on: the programme's settings, the calendar, the months asked for."""

    programme: Programme
    calendar: Calendar
    months: int

    def unpublished(self, one: Stretch) -> bool:
        """Whether a date the segment stands on lies in a year without a published calendar."""
        last = one.met_on or max(one.due, one.end)
        return self.calendar.is_provisional_between(one.start, last)


def measured(on: Ground, segment: Segment) -> Stretch:
    """The segment as it is shown. It is met on a date only when nothing of that date is still to come."""
    balance, target = Balance.of_segment(segment), due(segment.start, on.months)
    met = balance.met_on(target) if target <= segment.chain.known else None
    tail = met is None and _rest_tail(on, segment, balance, target)
    met = target if tail else met
    until = balance.effective_end()
    inside = tuple(postings_in(segment))
    recipients = {posting.recipient_id for posting in inside}
    made = Stretch(
        tuple(p.id for p in inside), recipients.pop() if len(recipients) == 1 else None, segment.start, segment.end,
        segment.ended_by, segment.broken, target, met, tail, until, length(segment.start, until),
        _counts(segment, balance, target), _shortfall(on, segment, balance, target), False,
        None if met or segment.ended_by != "as_of" else _projected(on, segment, balance, target),
    )  # fmt: skip
    pending = any(one.half.status == "P" and (met is None or one.half.date <= met) for one in segment.seen)
    return replace(made, provisional=pending or on.unpublished(made))


def _rest_tail(on: Ground, segment: Segment, balance: Balance, target: dt.date) -> bool:
    """The posting ends without debt and only rest days, not too many, are left until `due`."""
    over = segment.ended_by not in ("break", "as_of")
    return over and not balance.owed(segment.end) and _only_rest(on, segment.end, target)


def _only_rest(on: Ground, end: dt.date, target: dt.date) -> bool:
    few = 1 <= (target - end).days <= on.programme.setting("continuity.rest_tail_max_days")
    if not on.programme.setting("continuity.rest_tail") or not few:
        return False
    return not any(map(on.calendar.is_workday, days_between(end + DAY, target)))


def _counts(segment: Segment, balance: Balance, target: dt.date) -> dict[str, int]:
    count = Counter(one.half.status for one in segment.seen)
    return {
        "duty": len(segment.seen), "attended": count["A"], "leave": count["L"],
        "leave_over_cap": sum(one.half.status == "L" and one.effect == DEBT for one in segment.seen) if count["L"] else 0,
        "ordered": count["O"], "absent": count["X"], "pending": count["P"], "credited": balance.credited(segment.end),
        "debt": balance.owed(segment.end), "debt_at_due": balance.owed(target),
    }  # fmt: skip


def _shortfall(on: Ground, segment: Segment, balance: Balance, target: dt.date) -> int | None:
    """Half-days still to be worked, none once the months are met; None where the segment can no longer go on."""
    if segment.ended_by in ("break", "gap", "recipient_change"):
        return None
    if segment.end >= target and segment.chain.known >= target:
        return balance.shortfall(target)
    return balance.owed(segment.end) + sum(map(_to_come(on, segment), days_between(segment.end, target)))


def _to_come(on: Ground, segment: Segment) -> Callable[[dt.date], int]:
    """The duty half-days of a date that are still to come: the registered ones, afterwards those the last posting of the
    chain would have, its end left aside."""
    chain = segment.chain
    last, registered = chain.postings[-1], Counter(day for day, _ in chain.ahead)
    pattern = Pattern(on.programme.modes[last.mode], last.start, None, last.roster)
    return lambda day: registered[day] if day <= chain.listed else len(pattern.usual(on.calendar, day))


def _projected(on: Ground, segment: Segment, balance: Balance, target: dt.date) -> dt.date | None:
    """When the months are met if every duty half-day to come is attended; None when the posting ends before."""
    last, to_come = segment.chain.last, _to_come(on, segment)
    credit, missing = balance.credited(segment.end), balance.owed(target)
    reached = balance.credited(target)
    for day in days_between(segment.end, last or max(segment.end, target) + HORIZON_DAYS * DAY):
        credit += to_come(day)
        reached = credit if day <= target else reached
        if day >= target and credit - reached >= missing:
            return day
    return target if last and not missing and _only_rest(on, last, target) else None


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
