"""The twenty kinds of rules: one file each, one `evaluate(inquiry)` each (rules.md §3-§4). Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from shared.rules import periods, words
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
    """Judge a rule over a subject and period: what `where` does not fit is not applicable, what was waived is waived with its
    reason, and so is a period too little of which lies inside (rules.md §5); everything else is judged by its kind."""
    matched, warnings = inquiry.matching()
    if matched is None:
        return Result(NOT_APPLICABLE, words.kinds.not_applicable(inquiry.rule.id), warnings=warnings)
    found = _waived(matched) or _partial(matched) or KINDS[inquiry.rule.kind](matched)
    return replace(found, warnings=tuple(dict.fromkeys((*found.warnings, *warnings)))) if warnings else found


def _waived(inquiry: Inquiry) -> Result | None:
    """What somebody decided about the whole duty, the newest word first; a group or item of it is left to its kind."""
    about = [one for one in inquiry.facts.waivers if not one.group and inquiry.concerns(one)]
    if not about:
        return None
    value = NOT_APPLICABLE if about[-1].kind == NOT_APPLICABLE else WAIVED
    reason = None if value == NOT_APPLICABLE else "approved"
    sentence = words.kinds.waived_by(value, about[-1].reason)
    return Result(value, sentence, waived_reason=reason, evidence=about[-1].evidence)


def _partial(inquiry: Inquiry) -> Result | None:
    """A dated period that lies outside for the most part; a date is tested, a week prorated, and what is due on one date of
    one year is owed whatever lies around it."""
    if inquiry.period_kind in ("", "day", "week", *periods.UNDATED) or _once_only(inquiry):
        return None
    if not periods.partial_window(periods.period(inquiry.period_kind, inquiry.period), inquiry.inside(), inquiry.calendar):
        return None
    if inquiry.rule.kind == "quota":
        return quantity.waived(inquiry, "partial_window")
    sentence = words.kinds.partial(words.kinds.period(inquiry.period_kind, inquiry.period))
    return Result(WAIVED, sentence, waived_reason="partial_window", local_settings=("partial_window",))


def _once_only(inquiry: Inquiry) -> bool:
    on = (inquiry.rule.get("due") or {}).get("on", "--")
    return not (on if isinstance(on, str) else on[0]).startswith("--")
