"""The twenty kinds of rules: one file each, one `evaluate(inquiry)` each (rules.md §3-§4). Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from shared.rules import words
from shared.rules.inquiry import Inquiry
from shared.rules.kinds import (
    accumulation,
    approval,
    checklist,
    constraint,
    continuous,
    covering,
    credit,
    disclosure,
    document,
    eligibility,
    funding,
    growth,
    headcount,
    incentive,
    inspection,
    quantity,
    recorded,
    reference,
    sanction,
    window,
)
from shared.rules.result import NOT_APPLICABLE, WAIVED, Result

KINDS: Mapping[str, Callable[[Inquiry], Result]] = {
    "quota": quantity.evaluate, "headcount": headcount.evaluate, "continuity": continuous.evaluate,
    "accumulate": accumulation.evaluate, "credit": credit.evaluate, "coverage": covering.evaluate,
    "document": document.evaluate, "growth": growth.evaluate, "eligibility": eligibility.evaluate,
    "evidence": recorded.evaluate, "funding": funding.evaluate, "approval": approval.evaluate,
    "inspection": inspection.evaluate, "sanction": sanction.evaluate, "disclosure": disclosure.evaluate,
    "constraint": constraint.evaluate, "incentive": incentive.evaluate, "checklist": checklist.evaluate,
    "window": window.evaluate, "reference": reference.evaluate,
}  # fmt: skip


def evaluate(inquiry: Inquiry) -> Result:
    """Judge a rule over a subject and period: what `where` does not fit is not applicable, what was waived is waived
    with its reason, everything else is judged by its kind."""
    matched, warnings = inquiry.matching()
    if matched is None:
        return Result(NOT_APPLICABLE, words.kinds.not_applicable(inquiry.rule.id), warnings=warnings)
    waiver = next((one for one in matched.facts.waivers if (one.rule_id, one.period) == (inquiry.rule.id, inquiry.period)), None)
    if waiver is not None:
        value = NOT_APPLICABLE if waiver.kind == "not_applicable" else WAIVED
        reason = None if value == NOT_APPLICABLE else "approved"
        sentence = words.kinds.waived_by(value, waiver.reason)
        return Result(value, sentence, waived_reason=reason, evidence=waiver.evidence, warnings=warnings)
    found = KINDS[inquiry.rule.kind](matched)
    return replace(found, warnings=(*found.warnings, *warnings))
