"""credit: external time with documents that counts as service (004 §六: 援外、援藏、援疆 … 可计算为对口支援时间). Pure."""

from __future__ import annotations

from shared.rules import words
from shared.rules.inquiry import Inquiry
from shared.rules.result import MET, NOT_APPLICABLE, OPEN, Result


def evaluate(inquiry: Inquiry) -> Result:
    """Met when every credit of the rule's kinds has its document; open while one lacks it; not applicable without any."""
    named = [credit for credit in inquiry.facts.credits if credit.counts in inquiry.rule.get("counts")]
    if not named:
        return Result(NOT_APPLICABLE, words.kinds.no_credit())
    lacking = [credit for credit in named if not credit.doc_no]
    ratio = str(inquiry.rule.get("ratio"))
    return Result(
        OPEN if lacking else MET, words.kinds.credited(len(named), len(lacking), ratio), len(named) - len(lacking), len(named),
        len(named), "item", "credit", evidence=tuple(credit.id for credit in named),
        detail={"ratio": ratio, "cap_months": inquiry.rule.get("cap_months")},
    )  # fmt: skip
