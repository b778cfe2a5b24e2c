"""constraint: something that may not be changed without approval (004 §二: 支援目标未完成前不调整对口关系). Pure."""

from __future__ import annotations

from shared.rules import words
from shared.rules.inquiry import Inquiry
from shared.rules.kinds.sanction import high_enough
from shared.rules.result import MET, NOT_MET, OPEN, Result


def evaluate(inquiry: Inquiry) -> Result:
    """Met while nobody asked, or with an approval of `confirm_by` level; open while one waits; not met when it was done
    without."""
    rule = inquiry.rule
    asked = [change for change in inquiry.facts.changes if change.kind == rule.get("forbid")]
    waiting = [one for one in asked if one.decision == "pending"]
    wrong = [one for one in asked if one.decision == "approved" and not high_enough(rule, one.by_role)]
    value = NOT_MET if wrong else OPEN if waiting else MET
    return Result(value, words.kinds.constrained(words.slug("forbid", rule.get("forbid"), rule.id), len(waiting), len(wrong)), len(wrong), 0, 0,
                  "time", "constraint", evidence=tuple(e for one in asked for e in one.evidence))  # fmt: skip
