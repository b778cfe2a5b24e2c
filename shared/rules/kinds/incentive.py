"""incentive: something to be considered at a gate; a pointer on the dossier, never a judgement (004 §六). Pure."""

from __future__ import annotations

from shared.rules import words
from shared.rules.inquiry import Inquiry
from shared.rules.result import MET, NOT_APPLICABLE, Result


def evaluate(inquiry: Inquiry) -> Result:
    """Met, with its effects, once a physician applies for one of the gates; until then not applicable."""
    rule = inquiry.rule
    asked = [one for one in inquiry.facts.applications if one.gate in rule.get("gate") and inquiry.applied(one)]
    effects = [words.slug("effects", effect, rule.id) for effect in rule.get("effects")]
    if not asked:
        return Result(NOT_APPLICABLE, words.kinds.no_application())
    return Result(MET, words.kinds.incentive(effects), detail={"effects": list(rule.get("effects"))},
                  evidence=tuple(e for one in asked for e in one.evidence))  # fmt: skip
