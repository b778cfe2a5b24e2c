"""approval: a trip is registered before it begins (002: 下乡前登记备案). Pure."""

from __future__ import annotations

from shared.rules import words
from shared.rules.inquiry import Inquiry
from shared.rules.result import MET, NOT_MET, NOT_REPORTED, OPEN, Result


def evaluate(inquiry: Inquiry) -> Result:
    """The registration of every posting was acknowledged on or before its first attended day."""
    known = {one.posting_id: one for one in inquiry.facts.registrations}
    late, waiting = [], []
    for posting in inquiry.postings:
        first = min((half.date for half in inquiry.halves if half.posting_id == posting.id and half.status == "A"), default=None)
        found = known.get(posting.id)
        acknowledged = found.acknowledged_on if found else None
        if first is not None and (acknowledged is None or acknowledged > first):
            late.append(posting.id)
        elif acknowledged is None:
            waiting.append(posting.id)
    if not inquiry.postings:
        return Result(NOT_REPORTED, words.kinds.not_reported("派驻登记"))
    value = NOT_MET if late else OPEN if waiting else MET
    total = len(inquiry.postings)
    return Result(value, words.kinds.approved(total - len(late) - len(waiting), total, len(late)), total - len(late) - len(waiting),
                  total, total, "time", "approval", evidence=tuple(e for one in known.values() for e in one.evidence),
                  detail={"unregistered": late})  # fmt: skip
