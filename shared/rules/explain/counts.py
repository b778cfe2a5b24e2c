"""Answers that count: quota, month, growth (continuity.md §6.5). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from shared import calendar as cal
from shared.rules import metrics, quota
from shared.rules.case.model import Question
from shared.rules.case.record import facts_of
from shared.rules.explain.ground import Ground
from shared.rules.facts import Item
from shared.rules.inquiry import Inquiry, Subject
from shared.rules.kinds import evaluate, growth
from shared.rules.load import Rule
from shared.rules.result import MET, NOT_MET, WAIVED

Answer = dict[str, Any]


def inquiry_of(ground: Ground, rule: Rule, period: str, doctor: str | None) -> Inquiry:
    """The question about one rule and period: of one physician, or of the whole case as the subject."""
    case = ground.case
    histories = tuple([ground.history(doctor)] if doctor else ground.histories())
    postings = [posting for history in histories for posting in history.postings]
    ground.matching(rule, postings)
    one = postings[0] if postings else None
    known = {"recipient_level": one.recipient_level, "supporter": one.supporter_id, "mode": one.mode} if one else {}
    subject = Subject(rule.subject, doctor or "case", known)
    return Inquiry(case.programme, case.calendar, rule, subject, period, histories, facts_of(case, doctor), case.as_of)


def _quota(ground: Ground, question: Question) -> Answer:
    rule, period = ground.case.programme.rule(question.get("rule")), question.get("period")
    doctor = question.doctor if rule.subject == "doctor" else None
    asked = inquiry_of(ground, rule, period, doctor)
    found = evaluate(asked)
    matched = asked.matching()[0] or asked
    days = matched.days()
    who = {"doctor": doctor} if doctor else {"subject": question.get("subject")} if question.get("subject") else {}
    weekly = {"n_workdays": found.n_workdays} if rule.get("period") == "week" and doctor else {}
    items = {"items": _items(matched)} if rule.get("each") else {}
    readings = {name: {"result": value} for name, value in (("best", found.best), ("worst", found.worst)) if value}
    numbers: Mapping[str, int | None] = found.groups or {"": found.number}
    if found.value == WAIVED and rule.get("metric") in metrics.COUNTED:
        numbers = quota.tally(metrics.items(matched), metrics.groups(matched), hoped=False)
    return {
        "rule": rule.id, **who, "period": period, "from": _iso(days[0] if days else None), "to": _iso(days[-1] if days else None),
        "threshold": rule.get("value"), **weekly, "effective_threshold": found.effective_threshold,
        "groups": _groups(matched, numbers, found.effective_threshold, found.value), **items,
        "result": found.value, "provisional": found.provisional, **readings,
    }  # fmt: skip


def _groups(inquiry: Inquiry, numbers: Mapping[str, int | None], threshold: int | None, value: str) -> list[Answer]:
    """Each group with its own result; one without a name is the whole."""
    per = inquiry.rule.get("per")
    key = per[0] if per in (["clinic"], ["specialty"], ["doctor"]) else "group"
    found = []
    for group, number in numbers.items():
        known = number is not None and threshold is not None
        holds = known and quota.holds(inquiry.rule.get("op"), number, threshold)
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
             "qualifies": metrics.lasts(stay, each)}
            for stay, length in stays
        ]  # fmt: skip
    kept = {item.day for item in metrics.items(inquiry)}
    logged = [item for item in inquiry.facts.items if item.metric == inquiry.rule.get("metric") and item.date in days]
    if each["metric"] == "donated_drug_value":
        return [{"id": i.id, "date": _iso(i.date), "value": i.value, "qualifies": quota.holds(each["op"], i.value, each["value"])}
                for i in logged]  # fmt: skip
    held: dict[dt.date, list[Item]] = {}
    for item in logged:
        held.setdefault(item.date, []).append(item)
    return [{"date": _iso(day), "half_days": len(metrics.halves_of(found)), "qualifies": day in kept}
            for day, found in sorted(held.items())]  # fmt: skip


def _month(ground: Ground, question: Question) -> Answer:
    rule, month, doctor = ground.case.programme.rule(question.get("rule")), question.get("period"), question.doctor
    matched = inquiry_of(ground, rule, "", doctor).matching()[0]
    weeks, deficits = [], []
    for week in cal.weeks_of_month(month):
        found = evaluate(inquiry_of(ground, rule, week, doctor))
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


def _growth(ground: Ground, question: Question) -> Answer:
    rule, year = ground.case.programme.rule(question.get("rule")), question.get("year")
    found = growth.evaluate(inquiry_of(ground, rule, str(year), None))
    return {"rule": rule.id, "year": year, **found.detail, "threshold": found.threshold, "result": found.value}


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


ANSWERS: Mapping[str, Callable[[Ground, Question], Answer]] = {"quota": _quota, "month": _month, "growth": _growth}
