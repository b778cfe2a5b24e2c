"""disclosure: a public notice before an appointment or promotion (004 §六: 聘任或晋升职称前需进行信息公示). Pure."""

from __future__ import annotations

from shared.rules import words
from shared.rules.inquiry import Inquiry
from shared.rules.result import MET, NOT_MET, OPEN, Result


def evaluate(inquiry: Inquiry) -> Result:
    """A notice of at least `min_workdays` workdays that ended before the application for one of the gates."""
    rule, facts = inquiry.rule, inquiry.facts
    gates, least = rule.get("gate"), rule.get("min_workdays")
    asked = [one for one in facts.applications if one.gate in gates]
    notices = [(one, len(inquiry.calendar.workdays(one.first, one.last))) for one in facts.disclosures if one.gate in gates]
    long_enough = [one for one, days in notices if days >= least]
    if asked:
        first = min(one.date for one in asked)
        value = MET if any(one.last < first for one in long_enough) else NOT_MET
    else:
        ended = [one for one in long_enough if inquiry.today is None or one.last < inquiry.today]
        value = MET if ended else OPEN
    longest = max((days for _, days in notices), default=0)
    return Result(value, words.kinds.disclosed(longest, least, applied=bool(asked), value=value), longest, least, least, "day",
                  "disclosure", evidence=tuple(e for one, _ in notices for e in one.evidence))  # fmt: skip
