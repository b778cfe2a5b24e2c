"""evidence: the share of attended days that medical records stand behind (000 §四: 以病历文书记录为依据). Pure."""

from __future__ import annotations

from fractions import Fraction

from shared.rules import words
from shared.rules.inquiry import Inquiry
from shared.rules.result import MET, NOT_MET, NOT_REPORTED, OPEN, Result


def evaluate(inquiry: Inquiry) -> Result:
    """Attended days with a record_ref ÷ attended days, exactly, against `min_ratio`."""
    attended: dict[object, bool] = {}
    for half in inquiry.halves:
        if half.status == "A":
            attended[half.date] = attended.get(half.date, False) or bool(half.record_ref)
    least = Fraction(inquiry.rule.get("min_ratio", 1))
    if not attended:
        return Result(OPEN if inquiry.as_of else NOT_REPORTED, words.kinds.not_reported("在岗记录"), metric="record_ref")
    told = sum(attended.values())
    value = MET if Fraction(told, len(attended)) >= least else NOT_MET
    needed = -(-len(attended) * least.numerator // least.denominator)
    evidence = tuple(sorted({e for half in inquiry.halves if half.status == "A" for e in half.evidence}))
    return Result(value, words.kinds.recorded(told, len(attended), needed), told, needed, needed, "day", "record_ref",
                  evidence=evidence, detail={"attended_days": len(attended), "min_ratio": str(least)})  # fmt: skip
