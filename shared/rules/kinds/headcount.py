"""headcount: how many people or pairs there are on each date, or once (rules.md §3). Pure."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

from shared.rules import quota, states, words
from shared.rules.durations import DAY
from shared.rules.inquiry import Inquiry
from shared.rules.result import MET, NOT_MET, NOT_REPORTED, OPEN, Result

Span = tuple[dt.date, dt.date]


def evaluate(inquiry: Inquiry) -> Result:
    """Met when every date in force meets `op value`; dates on which it is not met are listed as spans.

    Tested on each date with `period = "day"` (of a team's postings, of an institution's agreements and programme), otherwise
    once, on the agreements in force on the day of judging. Who is fixed by the clause moves by an amendment only.
    """
    return _daily(inquiry) if inquiry.period_kind == "day" else _once(inquiry)


def _daily(inquiry: Inquiry) -> Result:
    if inquiry.people and not inquiry.postings:
        return _result(inquiry, NOT_REPORTED, None, [])
    days = [day for day in inquiry.counting() if inquiry.today is None or day <= inquiry.today]
    if not days:
        return _result(inquiry, OPEN, None, [])
    edges = [*states.changes_in_post(inquiry, days), days[-1] + DAY]
    found = [(first, end - DAY, states.in_post(inquiry, first)) for first, end in pairwise(edges)]
    held = frozenset(days)
    short = [(first, last) for first, last, number in found if first in held and not _holds(inquiry, number)]
    fixed = inquiry.rule.get("fixed") or ()
    moved = [change for change in inquiry.facts.changes if change.kind in fixed and not change.amended]
    numbers = [number for first, _, number in found if first in held]
    least = max(numbers) if inquiry.rule.get("op") in ("<=", "<") else min(numbers)
    return _result(inquiry, NOT_MET if short or moved else MET, least, _joined(short), len(moved))


def _joined(spans: list[Span]) -> list[Span]:
    """Spans that touch are one."""
    found: list[Span] = []
    for first, last in spans:
        if found and found[-1][1] + DAY == first:
            found[-1] = found[-1][0], last
        else:
            found.append((first, last))
    return found


def _once(inquiry: Inquiry) -> Result:
    if not inquiry.facts.agreements:
        return _result(inquiry, NOT_REPORTED, None, [])
    day = inquiry.today or inquiry.programme.effective_to or max(a.first for a in inquiry.facts.agreements)
    number = states.in_post(inquiry, day)
    return _result(inquiry, MET if _holds(inquiry, number) else NOT_MET, number, [])


def _holds(inquiry: Inquiry, number: int) -> bool:
    return quota.holds(inquiry.rule.get("op"), number, inquiry.rule.get("value"))


def _result(inquiry: Inquiry, value: str, number: int | None, short: list[Span], moved: int = 0) -> Result:
    rule, facts = inquiry.rule, inquiry.facts
    told = [*(a.evidence for a in facts.arrivals), *(a.evidence for a in facts.agreements), *(c.evidence for c in facts.changes)]
    sentence = words.kinds.headcount(words.METRICS[rule.get("metric")], rule.get("unit"), number, rule.get("value"), rule.get("op"),
                                     short, moved, value)  # fmt: skip
    return Result(
        value, sentence, number, rule.get("value"), rule.get("value"), rule.get("unit"), rule.get("metric"),
        evidence=tuple(sorted({entry for one in told for entry in one})),
        detail={"dates": [[a.isoformat(), b.isoformat()] for a, b in short], "moved": moved},
    )  # fmt: skip
