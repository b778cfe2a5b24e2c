"""What a question may hold, and whether it fits the programme (continuity.md §6.5). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.rules import periods
from shared.rules.case import shape
from shared.rules.case.model import Case, Path, Question
from shared.rules.case.shape import Field, Notes

_doctor, _rule, _asked_rule = Field(shape.text, "D1"), Field(shape.text), Field(shape.text, required=True)
_months, _year = shape.integer(1), Field(shape.integer(2000))
_SCOPES = frozenset({"recipient", "pair", "programme", "team_slot"})

FIELDS: Mapping[str, Mapping[str, Field]] = {
    "continuity": {"rule": _rule, "months": Field(_months), "doctor": _doctor, "seat": Field(shape.text),
                   "scope": Field(shape.one_of(_SCOPES))},
    "accumulate": {"rule": _asked_rule, "doctor": _doctor},
    "quota": {"rule": _asked_rule, "period": Field(shape.text, required=True), "doctor": Field(shape.text),
              "subject": Field(shape.text)},
    "month": {"rule": _asked_rule, "period": Field(shape.text, required=True), "doctor": _doctor},
    "coverage": {"seat": Field(shape.text, required=True), "rule": _rule, "from": Field(shape.date), "to": Field(shape.date)},
    "deadlines": {"rule": _asked_rule, "year": _year, "posting": Field(shape.text), "on": Field(shape.date)},
    "growth": {"rule": _asked_rule, "year": Field(shape.integer(2000), required=True)},
    "ban": {"rule": _asked_rule, "doctor": _doctor},
    "due": {"start": Field(shape.date, required=True), "months": Field(_months, required=True)},
    "day": {"doctor": _doctor, "date": Field(shape.date, required=True)},
    "funding": {"rule": _asked_rule, "posting": Field(shape.text), "persons": Field(shape.integer(1)), "months": Field(_months)},
}  # fmt: skip
_KINDS = {"deadlines": "document", "ban": "sanction", "month": "quota"}
_ONE_OF = {"continuity": ("rule", "months"), "deadlines": ("year", "posting", "on"), "funding": ("posting", "persons")}


def question_of(value: Any, place: int, notes: Notes) -> Question | None:
    """One question with its values read, or None after noting what is wrong with it."""
    path: Path = ("questions", place)
    if not isinstance(value, dict):
        notes.add(path, "type", "应为对象")
        return None
    ask = value.get("ask")
    if not isinstance(ask, str):
        notes.add((*path, "ask"), "key_missing" if "ask" not in value else "type", "缺少问题类型 ask")
        return None
    if ask not in FIELDS:
        notes.add((*path, "ask"), "ask_unknown", f"不认识的问题“{ask}”,可用:{'、'.join(FIELDS)}")
        return None
    before = len(notes.found)
    given = {key: item for key, item in value.items() if key != "ask"}
    keys = shape.table(given, path, notes, FIELDS[ask])
    needed = _ONE_OF.get(ask)
    if needed and not any(name in given for name in needed):
        notes.add((*path, needed[0]), "key_missing", f"需要 {' 或 '.join(needed)} 其中一项")
    if ask == "funding" and "persons" in given and "months" not in given:
        notes.add((*path, "months"), "key_missing", "缺少必填项“months”")
    return None if keys is None or len(notes.found) > before else Question(ask, keys, place)


def check_question(case: Case, question: Question, notes: Notes) -> None:
    """Note a rule the programme lacks, a rule of another kind, an unknown seat or posting, a period that does not fit."""
    path, keys = ("questions", question.place), question.keys
    rules = {rule.id: rule for rule in case.programme.rules}
    rule = rules.get(keys.get("rule") or "")
    if keys.get("rule") and rule is None:
        notes.add((*path, "rule"), "rule_unknown", f"项目没有规则“{keys['rule']}”")
    elif rule and rule.kind != _KINDS.get(question.ask, question.ask):
        notes.add((*path, "rule"), "rule_kind", f"{rule.id} 是 {rule.kind} 规则,不能这样提问")
    elif rule and (question.ask, rule.get("period")) != ("month", "week") and question.ask == "month":
        notes.add((*path, "rule"), "rule_kind", f"{rule.id} 不按周考核")
    elif rule and question.ask == "ban" and rule.get("ban_months") is None:
        notes.add((*path, "rule"), "rule_kind", f"{rule.id} 没有规定期限")
    elif rule and question.ask in ("quota", "month"):
        _check_period(question, "month" if question.ask == "month" else rule.get("period"), path, notes)
    seats = {one.terms.seat_id for one in case.postings}
    if keys.get("seat") and keys["seat"] not in seats:
        notes.add((*path, "seat"), "seat_unknown", f"没有席位“{keys['seat']}”")
    scope = keys.get("scope") or (rule.get("scope") if rule and question.ask == "continuity" else None)
    if scope == "team_slot" and not keys.get("seat"):
        notes.add((*path, "seat"), "key_missing", "缺少必填项“seat”")
    if keys.get("posting") and keys["posting"] not in {one.terms.id for one in case.postings}:
        notes.add((*path, "posting"), "posting_unknown", f"没有派驻“{keys['posting']}”")
    if (keys.get("from") and keys.get("to")) and keys["to"] < keys["from"]:
        notes.add((*path, "to"), "date_order", "结束早于开始")
    if keys.get("year") and keys["year"] not in shape.YEARS:
        notes.add((*path, "year"), "year_range", f"年份应在 {shape.YEARS[0]} 到 {shape.YEARS[-1]} 之间")


def _check_period(question: Question, kind: str, path: tuple[str | int, ...], notes: Notes) -> None:
    name = question.keys["period"]
    if kind in periods.UNDATED:
        return
    try:
        periods.period(kind, name)
    except ValueError:
        notes.add((*path, "period"), "period_format", f"“{name}”不是该规则的周期")
