"""headcount: how many people or pairs there are on each date, or once (rules.md §3). Pure."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

from shared.rules import metrics, quota, words
from shared.rules.durations import DAY
from shared.rules.inquiry import Inquiry
from shared.rules.result import MET, NOT_MET, NOT_REPORTED, OPEN, Result


def evaluate(inquiry: Inquiry) -> Result:
    """Met when every date in force meets `op value`; dates on which it is not met are listed as spans.

    Tested on each date with `period = "day"`, otherwise once, on the agreements in force on the day of judging.
    """
    return _daily(inquiry) if inquiry.period_kind == "day" else _once(inquiry)


def _daily(inquiry: Inquiry) -> Result:
    if not inquiry.postings:
        return _result(inquiry, NOT_REPORTED, None, [])
    last = _last(inquiry)
    edges = [day for day in metrics.changes_in_post(inquiry) if day <= last]
    if not edges:
        return _result(inquiry, OPEN, None, [])
    spans = [*pairwise(edges), (edges[-1], last + DAY)]
    found = [(first, end - DAY, metrics.in_post(inquiry, first)) for first, end in spans]
    short = [(first, end) for first, end, number in found if not _holds(inquiry, number)]
    moved = [change for change in inquiry.facts.changes if change.kind in (inquiry.rule.get("fixed") or ()) and not change.amended]
    value = NOT_MET if short or moved else MET
    return _result(inquiry, value, min(number for _, _, number in found), short, len(moved))


def _last(inquiry: Inquiry) -> dt.date:
    days = inquiry.counting()
    last = days[-1] if days else inquiry.programme.effective_from
    return min(last, inquiry.today) if inquiry.today else last


def _once(inquiry: Inquiry) -> Result:
    if not inquiry.facts.agreements:
        return _result(inquiry, NOT_REPORTED, None, [])
    day = inquiry.today or inquiry.programme.effective_to or max(a.first for a in inquiry.facts.agreements)
    number = metrics.in_post(inquiry, day)
    return _result(inquiry, MET if _holds(inquiry, number) else NOT_MET, number, [])


def _holds(inquiry: Inquiry, number: int) -> bool:
    return quota.holds(inquiry.rule.get("op"), number, inquiry.rule.get("value"))


def _result(
    inquiry: Inquiry, value: str, number: int | None, short: list[tuple[dt.date, dt.date]], moved: int = 0
) -> Result:
    rule = inquiry.rule
    facts = inquiry.facts
    told = [one.evidence for one in facts.arrivals] + [one.evidence for one in facts.agreements] + [one.evidence for one in facts.changes]
    evidence = {entry for each in told for entry in each}
    sentence = words.kinds.headcount(words.METRICS[rule.get("metric")], rule.get("unit"), number, rule.get("value"), rule.get("op"),
                                     short, moved, value)  # fmt: skip
    return Result(
        value, sentence, number, rule.get("value"), rule.get("value"), rule.get("unit"), rule.get("metric"),
        evidence=tuple(sorted(evidence)), detail={"dates": [[a.isoformat(), b.isoformat()] for a, b in short], "moved": moved},
    )  # fmt: skip
