"""checklist: items ticked with evidence by the rule's owner (rules.md §3). Pure."""

from __future__ import annotations

from shared.rules import words
from shared.rules.inquiry import Inquiry
from shared.rules.result import MET, NOT_APPLICABLE, NOT_MET, NOT_REPORTED, Result


def evaluate(inquiry: Inquiry) -> Result:
    """Met when every item was ticked yes; not met when one was ticked no; else not reported. The newest tick counts; an item
    that somebody found not applicable is asked no more."""
    rule, facts = inquiry.rule, inquiry.facts
    about = [tick for tick in facts.ticks if inquiry.concerns(tick)]
    free = {one.group: one for one in facts.waivers if one.group and inquiry.concerns(one)}
    state = {tick.item: tick.yes for tick in about}
    items = [item for item in rule.get("items") if item not in free]
    evidence = tuple(e for one in about for e in one.evidence) + tuple(e for one in free.values() for e in one.evidence)
    if not items:
        reasons = "、".join(dict.fromkeys(one.reason for one in free.values()))
        return Result(NOT_APPLICABLE, words.kinds.waived_by(NOT_APPLICABLE, reasons), evidence=evidence)
    missing = [item for item in items if item not in state]
    denied = [item for item in items if state.get(item) is False]
    done = sum(state.get(item) is True for item in items)
    value = NOT_MET if denied else NOT_REPORTED if missing else MET
    sentence = words.kinds.ticked(done, len(items), [words.slug("items", item, rule.id) for item in denied or missing], value)
    if free:
        sentence = words.kinds.left_out(sentence, {words.slug("items", i or "", rule.id): one.reason for i, one in free.items()})
    return Result(
        value, sentence, done, len(items), len(items), "item", "checklist", evidence=evidence,
        detail={"missing": missing, "denied": denied, "not_applicable": {one.group: one.reason for one in free.values()}},
    )  # fmt: skip
