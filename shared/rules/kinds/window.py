"""window: postings lie inside the dates of the clause (000 §一: 2013年1-12月期间). Pure."""

from __future__ import annotations

import datetime as dt

from shared.rules import words
from shared.rules.inquiry import Inquiry
from shared.rules.result import MET, NOT_APPLICABLE, NOT_MET, OPEN, Result


def evaluate(inquiry: Inquiry) -> Result:
    """Every posting of the subject begins and ends inside the window; one without an end is open until it has one."""
    first, last = (dt.date.fromisoformat(inquiry.rule.get(name)) for name in ("start", "end"))
    if not inquiry.postings:
        return Result(NOT_APPLICABLE, words.kinds.not_applicable(inquiry.rule.id))
    outside = [p.id for p in inquiry.postings if p.start < first or (p.end is not None and p.end > last)]
    endless = [p.id for p in inquiry.postings if p.end is None]
    value = NOT_MET if outside else OPEN if endless else MET
    total = len(inquiry.postings)
    return Result(value, words.kinds.windowed(first, last, len(outside)), total - len(outside), total, total, "time", "window",
                  detail={"outside": outside})  # fmt: skip
