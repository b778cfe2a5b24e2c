"""checklist: items ticked with evidence by the rule's owner (rules.md §3). Pure."""

from __future__ import annotations

from shared.rules import words
from shared.rules.inquiry import Inquiry
from shared.rules.result import MET, NOT_MET, NOT_REPORTED, Result


def evaluate(inquiry: Inquiry) -> Result:
    """Met when every item was ticked yes; not met when one was ticked no; else not reported. The newest tick counts."""
    rule = inquiry.rule
    about = [tick for tick in inquiry.facts.ticks if (tick.rule_id, tick.period) == (rule.id, inquiry.period)]
    state = {tick.item: tick.yes for tick in about}
    items = rule.get("items")
    missing = [item for item in items if item not in state]
    denied = [item for item in items if state.get(item) is False]
    done = sum(state.get(item) is True for item in items)
    value = NOT_MET if denied else NOT_REPORTED if missing else MET
    sentence = words.kinds.ticked(done, len(items), [words.slug("items", item, rule.id) for item in denied or missing], value)
    return Result(value, sentence, done, len(items), len(items), "item", "checklist",
                  evidence=tuple(e for tick in about for e in tick.evidence), detail={"missing": missing, "denied": denied})  # fmt: skip
