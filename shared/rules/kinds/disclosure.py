"""disclosure: a public notice before an appointment or promotion (004 §六: 聘任或晋升职称前需进行信息公示). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from shared.rules import words
from shared.rules.facts import Application, Disclosure
from shared.rules.inquiry import Inquiry
from shared.rules.result import MET, NOT_MET, OPEN, PROVISIONAL, Result


def evaluate(inquiry: Inquiry) -> Result:
    """Each application for one of the gates has a notice of its own of at least `min_workdays` workdays that ended before it;
    one that is only planned leaves it open. Before any application a notice that ended is enough. Workdays of a year not
    published yet are not sure."""
    rule, facts, today = inquiry.rule, inquiry.facts, inquiry.today
    gates, least = rule.get("gate"), rule.get("min_workdays")
    asked = [one for one in facts.applications if one.gate in gates]
    notices = [one for one in facts.disclosures if one.gate in gates]
    days = {one: len(inquiry.calendar.workdays(one.first, one.last)) for one in notices}
    enough = [one for one in notices if days[one] >= least]
    bare = [one for one in asked if not _announced(one, asked, enough)]
    if asked:
        value = NOT_MET if any(inquiry.applied(one) for one in bare) else OPEN if bare else MET
    else:
        value = MET if any(today is None or one.last < today for one in enough) else OPEN
    doubt = value != OPEN and any(inquiry.calendar.is_provisional(day) for one in notices for day in (one.first, one.last))
    return Result(
        PROVISIONAL if doubt else value, words.kinds.disclosed(max(days.values(), default=0), least, applied=bool(asked), value=value),
        max(days.values(), default=0), least, least, "day", "disclosure",
        evidence=(*(e for one in asked for e in one.evidence), *(e for one in notices for e in one.evidence)),
        best=MET if doubt else None, worst=(NOT_MET if asked else OPEN) if doubt else None,
        detail={"unannounced": sorted(one.gate for one in bare)},
    )  # fmt: skip


def _announced(asked: Application, others: Sequence[Application], notices: Sequence[Disclosure]) -> bool:
    """Whether a notice for its gate ended before it and after the application before it: that one had its own."""
    before = max((one.date for one in others if one.gate == asked.gate and one.date < asked.date), default=dt.date.min)
    return any(one.gate == asked.gate and before <= one.last < asked.date for one in notices)
