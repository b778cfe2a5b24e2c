"""disclosure: a public notice before an appointment or promotion (004 §六: 聘任或晋升职称前需进行信息公示). Pure."""

from __future__ import annotations

from collections.abc import Sequence

from shared.rules import words
from shared.rules.facts import Application, Disclosure
from shared.rules.inquiry import Inquiry
from shared.rules.result import MET, NOT_MET, OPEN, PROVISIONAL, Result


def evaluate(inquiry: Inquiry) -> Result:
    """Each application for one of the gates has a notice of its own of at least `min_workdays` workdays that ended before it;
    before any application a notice that ended is enough. Workdays of a year not published yet are not sure."""
    rule, facts = inquiry.rule, inquiry.facts
    gates, least = rule.get("gate"), rule.get("min_workdays")
    asked = [one for one in facts.applications if one.gate in gates]
    notices = [one for one in facts.disclosures if one.gate in gates]
    days = {one: len(inquiry.calendar.workdays(one.first, one.last)) for one in notices}
    enough = [one for one in notices if days[one] >= least]
    if asked:
        value = MET if all(_announced(one, enough) for one in asked) else NOT_MET
    else:
        value = MET if any(inquiry.today is None or one.last < inquiry.today for one in enough) else OPEN
    doubt = value != OPEN and any(inquiry.calendar.is_provisional(day) for one in notices for day in (one.first, one.last))
    return Result(
        PROVISIONAL if doubt else value, words.kinds.disclosed(max(days.values(), default=0), least, applied=bool(asked), value=value),
        max(days.values(), default=0), least, least, "day", "disclosure", evidence=tuple(e for one in notices for e in one.evidence),
        best=MET if doubt else None, worst=(NOT_MET if asked else OPEN) if doubt else None,
        detail={"unannounced": sorted(one.gate for one in asked if not _announced(one, enough))},
    )  # fmt: skip


def _announced(asked: Application, notices: Sequence[Disclosure]) -> bool:
    return any(one.gate == asked.gate and one.last < asked.date for one in notices)
