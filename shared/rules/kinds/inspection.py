"""inspection: a list drawn at random with a recorded seed, and enough of it visited or called (001 §四). Pure."""

from __future__ import annotations

from shared.rules import words
from shared.rules.inquiry import Inquiry
from shared.rules.result import MET, NOT_MET, OPEN, Result


def evaluate(inquiry: Inquiry) -> Result:
    """Met when `min_sample` of lists drawn with a seed were recorded by one of the rule's methods in the period."""
    rule, days = inquiry.rule, frozenset(inquiry.days())
    inside = [one for one in inquiry.facts.inspections if one.date in days and one.method in rule.get("methods")]
    counted = sum(one.recorded for one in inside if one.seed)
    unseeded = sum(one.recorded for one in inside if not one.seed)
    value = MET if counted >= rule.get("min_sample") else NOT_MET if inquiry.over() else OPEN
    sentence = words.kinds.inspected(words.kinds.period(inquiry.period_kind, inquiry.period), counted, rule.get("min_sample"), unseeded)
    return Result(value, sentence, counted, rule.get("min_sample"), rule.get("min_sample"), "time", "inspection",
                  evidence=tuple(e for one in inside for e in one.evidence), detail={"without_seed": unseeded})  # fmt: skip
