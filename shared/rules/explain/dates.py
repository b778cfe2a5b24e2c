"""Answers about dates and money: deadlines, ban, funding (continuity.md §6.5). Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from shared.rules import accumulate, deadlines
from shared.rules.case.model import Question
from shared.rules.case.record import facts_of
from shared.rules.durations import Length
from shared.rules.explain.ground import Ground
from shared.rules.kinds import funding, sanction

Answer = dict[str, Any]


def _deadlines(ground: Ground, question: Question) -> Answer:
    programme, calendar = ground.case.programme, ground.case.calendar
    rule = programme.rule(question.get("rule"))
    if year := question.get("year"):
        found, asked = deadlines.of_year(programme, calendar, rule, year), {"year": year}
    elif name := question.get("posting"):
        found, asked = deadlines.of_posting(programme, calendar, rule, name, ground.case.posting(name).end), {"posting": name}
    else:
        day = question.get("on")
        after = [replace(one, period=day.isoformat()) for one in deadlines.of_posting(programme, calendar, rule, "", day)]
        found, asked = after or deadlines.of_date(programme, calendar, rule, day), {"on": day.isoformat()}
    return {"rule": rule.id, **asked, "deadlines": [one.to_dict() for one in found]}


def _ban(ground: Ground, question: Question) -> Answer:
    rule, doctor = ground.case.programme.rule(question.get("rule")), question.doctor
    found = sanction.ban(rule, facts_of(ground.case, doctor).findings)
    asked = {"rule": rule.id, "doctor": doctor}
    if found is None:
        nothing = dict.fromkeys(("from", "until", "months", "cancelled_year"))
        return {**asked, "result": "none", **nothing, "effects": [], "confirmed_by": None}
    return {
        **asked, "result": "banned", "from": found.first.isoformat(),
        "until": found.until.isoformat() if found.until else None, "months": found.months,
        "cancelled_year": found.cancelled_year, "effects": list(found.effects), "confirmed_by": found.confirmed_by,
    }  # fmt: skip


def _funding(ground: Ground, question: Question) -> Answer:
    case, rule = ground.case, ground.case.programme.rule(question.get("rule"))
    if name := question.get("posting"):
        terms = case.posting(name)
        stays = accumulate.stays(ground.history(terms.person_id), terms, case.programme, case.calendar)
        stay = Length(sum(one.months for one in stays), sum(one.days for one in stays))
        asked, persons = {"posting": name}, 1
    else:
        stay, persons = Length(question.get("months"), 0), question.get("persons")
        asked = {"persons": persons}
    amount = funding.amount_text(funding.amount(case.programme, rule, persons, stay))
    return {"rule": rule.id, **asked, "months": stay.months, "days": stay.days, "amount_cny": amount}


ANSWERS: Mapping[str, Callable[[Ground, Question], Answer]] = {
    "deadlines": _deadlines, "ban": _ban, "funding": _funding,
}  # fmt: skip
