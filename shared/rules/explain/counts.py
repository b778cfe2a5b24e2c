"""Answers that count or compute: quota, month, deadlines, growth, ban, funding. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from shared import calendar as cal
from shared.rules import accumulate, deadlines, metrics
from shared.rules.case.halves import history_of
from shared.rules.case.model import Case, Question
from shared.rules.case.record import facts_of
from shared.rules.durations import Length
from shared.rules.explain.warnings import Warnings
from shared.rules.history import History
from shared.rules.inquiry import Inquiry, Subject
from shared.rules.kinds import evaluate, funding, growth, sanction
from shared.rules.load import Rule
from shared.rules.result import MET, NOT_MET, WAIVED

Answer = dict[str, Any]


def inquiry_of(case: Case, rule: Rule, period: str, doctor: str | None) -> Inquiry:
    """The question about one rule and period: of one physician, or of the whole case as the subject."""
    people = [doctor] if doctor else list(dict.fromkeys(one.terms.person_id for one in case.postings))
    histories: tuple[History, ...] = tuple(history_of(case, person) for person in people)
    postings = [posting for history in histories for posting in history.postings]
    one = postings[0] if postings else None
    known = {"recipient_level": one.recipient_level, "supporter": one.supporter_id} if one else {}
    subject = Subject(rule.subject, doctor or "case", known)
    return Inquiry(case.programme, case.calendar, rule, subject, period, histories, facts_of(case, doctor), case.as_of)


def _quota(case: Case, question: Question, _: Warnings) -> Answer:
    rule, period = case.programme.rule(question.keys["rule"]), question.keys["period"]
    doctor = (question.keys["doctor"] or "D1") if rule.subject == "doctor" else None
    asked = inquiry_of(case, rule, period, doctor)
    found = evaluate(asked)
    matched = asked.matching()[0] or asked
    days = matched.days()
    who = {"doctor": doctor} if doctor else {"subject": question.keys["subject"]} if question.keys["subject"] else {}
    weekly = {"n_workdays": found.n_workdays} if rule.get("period") == "week" and doctor else {}
    items = {"items": _items(matched)} if rule.get("each") else {}
    readings = {name: {"result": value} for name, value in (("best", found.best), ("worst", found.worst)) if value}
    return {
        "rule": rule.id, **who, "period": period, "from": _iso(days[0] if days else None), "to": _iso(days[-1] if days else None),
        "threshold": rule.get("value"), **weekly, "effective_threshold": found.effective_threshold,
        "groups": _groups(matched, found.groups or {"": found.number}, found.effective_threshold, found.value), **items,
        "result": found.value, "provisional": found.provisional, **readings,
    }  # fmt: skip


def _groups(inquiry: Inquiry, numbers: Mapping[str, int | None], threshold: int | None, value: str) -> list[Answer]:
    """Each group with its own result; one without a name is the whole."""
    per = inquiry.rule.get("per")
    key = per[0] if per in (["clinic"], ["specialty"], ["doctor"]) else "kind"
    found = []
    for group, number in numbers.items():
        holds = value == WAIVED or (number is not None and threshold is not None and number >= threshold)
        own = value if len(numbers) == 1 or value not in (MET, NOT_MET) else MET if holds else NOT_MET
        found.append({"key": {key: group} if group else {}, "value": number, "result": own})
    return found


def _items(inquiry: Inquiry) -> list[Answer]:
    """Every item `each` looks at, and whether it qualifies."""
    each, days = inquiry.rule.get("each"), frozenset(inquiry.days())
    if inquiry.rule.get("metric") == "trainees_completed":
        stays = [(stay, metrics.stay_length(stay)) for stay in inquiry.facts.stays if stay.last in days]
        return [
            {"person": stay.person, "from": _iso(stay.first), "to": _iso(stay.last), **length.to_dict(),
             "qualifies": length >= Length(each["value"], 0)}
            for stay, length in stays
        ]  # fmt: skip
    kept = {item.day for item in metrics.items(inquiry)}
    logged = [item for item in inquiry.facts.items if item.metric == inquiry.rule.get("metric") and item.date in days]
    sizes: dict[dt.date, set[str]] = {}
    for item in logged:
        sizes.setdefault(item.date, set()).update({item.half} if item.half else {"am", "pm"})
    if each["metric"] == "donated_drug_value":
        return [{"id": i.id, "date": _iso(i.date), "value": i.value, "qualifies": i.date in kept} for i in logged]
    return [{"date": _iso(day), "half_days": len(found), "qualifies": day in kept} for day, found in sorted(sizes.items())]


def _month(case: Case, question: Question, _: Warnings) -> Answer:
    rule, month, doctor = case.programme.rule(question.keys["rule"]), question.keys["period"], question.keys["doctor"]
    matched = inquiry_of(case, rule, "", doctor).matching()[0]
    weeks, deficits = [], []
    for week in cal.weeks_of_month(month):
        found = evaluate(inquiry_of(case, rule, week, doctor))
        days = cal.week_days(week)
        weeks.append({"week": week, "from": _iso(days[0]), "to": _iso(days[-1]), "value": found.number,
                      "effective_threshold": found.effective_threshold, "result": found.value})  # fmt: skip
        if found.value == NOT_MET:
            deficits.append({"week": week, "missing": (found.effective_threshold or 0) - (found.number or 0)})
    judged = [one["result"] for one in weeks if one["result"] in (MET, NOT_MET)]
    return {
        "rule": rule.id, "doctor": doctor, "period": month, "value_by_date": _by_date(matched, rule, month), "weeks": weeks,
        "weeks_evaluated": len(judged), "weeks_met": judged.count(MET), "deficits": deficits,
    }  # fmt: skip


def _by_date(inquiry: Inquiry | None, rule: Rule, month: str) -> int:
    """Half-days of the month by their own dates."""
    if inquiry is None:
        return 0
    dated = replace(rule, keys={**rule.keys, "period": "month"})
    found = metrics.items(replace(inquiry, rule=dated, period=month))
    return len({item.key for item in found if item.sure})


def _deadlines(case: Case, question: Question, _: Warnings) -> Answer:
    rule, keys = case.programme.rule(question.keys["rule"]), question.keys
    programme, calendar = case.programme, case.calendar
    if keys["year"]:
        found, asked = deadlines.of_year(programme, calendar, rule, keys["year"]), {"year": keys["year"]}
    elif keys["posting"]:
        terms = next(one.terms for one in case.postings if one.terms.id == keys["posting"])
        found, asked = deadlines.of_posting(programme, calendar, rule, terms.id, terms.end), {"posting": terms.id}
    else:
        found, asked = deadlines.of_date(programme, calendar, rule, keys["on"]), {"on": keys["on"].isoformat()}
    return {"rule": rule.id, **asked, "deadlines": [one.to_dict() for one in found]}


def _growth(case: Case, question: Question, _: Warnings) -> Answer:
    rule, year = case.programme.rule(question.keys["rule"]), question.keys["year"]
    found = growth.evaluate(inquiry_of(case, rule, str(year), None))
    return {"rule": rule.id, "year": year, **found.detail, "threshold": found.threshold, "result": found.value}


def _ban(case: Case, question: Question, _: Warnings) -> Answer:
    rule, doctor = case.programme.rule(question.keys["rule"]), question.keys["doctor"]
    found = sanction.ban(rule, facts_of(case, doctor).findings)
    asked = {"rule": rule.id, "doctor": doctor}
    if found is None:
        nothing = dict.fromkeys(("from", "until", "months", "cancelled_year"))
        return {**asked, "result": "none", **nothing, "effects": [], "confirmed_by": None}
    return {
        **asked, "result": "banned", "from": found.first.isoformat(), "until": _iso(found.until), "months": found.months,
        "cancelled_year": found.cancelled_year, "effects": list(found.effects), "confirmed_by": found.confirmed_by,
    }  # fmt: skip


def _funding(case: Case, question: Question, _: Warnings) -> Answer:
    rule, keys = case.programme.rule(question.keys["rule"]), question.keys
    if keys["posting"]:
        terms = next(one.terms for one in case.postings if one.terms.id == keys["posting"])
        stays = accumulate.stays(history_of(case, terms.person_id), terms, case.programme, case.calendar)
        stay = Length(sum(one.months for one in stays), sum(one.days for one in stays))
        asked, persons = {"posting": terms.id}, 1
    else:
        stay, persons = Length(keys["months"], 0), keys["persons"]
        asked = {"persons": persons}
    amount = funding.amount_text(funding.amount(case.programme, rule, persons, stay))
    return {"rule": rule.id, **asked, "months": stay.months, "days": stay.days, "amount_cny": amount}


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


ANSWERS: Mapping[str, Callable[[Case, Question, Warnings], Answer]] = {
    "quota": _quota, "month": _month, "deadlines": _deadlines, "growth": _growth, "ban": _ban, "funding": _funding,
}  # fmt: skip
