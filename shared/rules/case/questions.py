"""The questions of a case: what each kind takes, and the rule and period it must fit (continuity.md §6.5). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from shared.rules.case import fields as f
from shared.rules.case.fields import Field, given, optional, required
from shared.rules.case.model import Question
from shared.rules.case.problem import Problems
from shared.rules.load import Programme, Rule
from shared.rules.periods import period

SCOPES = ("recipient", "pair", "programme", "team_slot")
MOST_MONTHS = 600
_ASK: Mapping[str, Field] = {"ask": required(f.text)}
_RULE: Mapping[str, Field] = {"rule": required(f.text)}
_DOCTOR: Mapping[str, Field] = {"doctor": given(f.text)}
_MONTHS = f.integer(1, MOST_MONTHS)

ASKS: Mapping[str, Mapping[str, Field]] = {
    "continuity": {
        "rule": optional(f.text), "months": optional(_MONTHS), **_DOCTOR, "scope": optional(f.one_of(SCOPES)),
        "seat": optional(f.text),
    },
    "accumulate": {**_RULE, **_DOCTOR},
    "quota": {**_RULE, "period": required(f.text), **_DOCTOR, "subject": given(f.text)},
    "month": {**_RULE, "period": required(f.text), **_DOCTOR},
    "coverage": {"seat": required(f.text), "rule": optional(f.text), "from": given(f.date), "to": given(f.date)},
    "deadlines": {**_RULE, "year": given(f.year), "posting": given(f.text), "on": given(f.date)},
    "growth": {**_RULE, "year": required(f.year)},
    "ban": {**_RULE, **_DOCTOR},
    "due": {"start": required(f.date), "months": required(f.integer(0, MOST_MONTHS))},
    "day": {**_DOCTOR, "date": required(f.date)},
    "funding": {
        **_RULE, "posting": given(f.text), "persons": given(f.integer(0)), "months": given(f.integer(0, MOST_MONTHS)),
    },
}  # fmt: skip
RULE_KINDS: Mapping[str, str] = {
    "continuity": "continuity", "accumulate": "accumulate", "quota": "quota", "month": "quota", "coverage": "coverage",
    "deadlines": "document", "growth": "growth", "ban": "sanction", "funding": "funding",
}  # fmt: skip
_NAMES: Mapping[str, re.Pattern[str]] = {
    "day": re.compile(r"\d{4}-\d{2}-\d{2}"), "week": re.compile(r"\d{4}-W\d{2}"),
    "two_weeks": re.compile(r"\d{4}-\d{2}-\d{2}/2w"), "month": re.compile(r"\d{4}-\d{2}"),
    "quarter": re.compile(r"\d{4}-Q[1-4]"), "half_year": re.compile(r"\d{4}-H[12]"), "year": re.compile(r"\d{4}"),
    "programme": re.compile("programme"), "once": re.compile("once"),
}  # fmt: skip


def read_questions(value: Any, problems: Problems) -> list[dict[str, Any]]:
    """The questions as typed keys; those that ask something unknown are left out."""
    if not isinstance(value, list):
        problems.add("questions", "type", "应为列表")
        return []
    if not value:
        problems.add("questions", "value", "至少要有一个问题")
    found = []
    for index, item in enumerate(value):
        path = f"questions[{index}]"
        ask = item.get("ask") if isinstance(item, dict) else None
        if isinstance(ask, str) and ask in ASKS:
            told = f.read_object(item, path, problems, {**_ASK, **ASKS[ask]})
            found.append({"raw": item, **told, "path": path})
        elif not isinstance(item, dict):
            problems.add(path, "type", "应为对象")
        elif "ask" not in item:
            problems.add(f"{path}.ask", "key_missing", "缺少必填项“ask”")
        elif isinstance(ask, str):
            problems.add(f"{path}.ask", "ask_unknown", f"不认识的问题“{ask}”")
        else:
            problems.add(f"{path}.ask", "type", "应为文字")
    return found


def check_question(
    told: Mapping[str, Any], programme: Programme | None, postings: Mapping[str, Mapping[str, Any]], problems: Problems
) -> None:
    """What a question names must exist and fit: rule and its kind, seat, posting, period, and one way of asking."""
    path = told["path"]
    _one_way(told, problems)
    seats = {posting.get("seat") for posting in postings.values()}
    if told.get("seat") is not None and told["seat"] not in seats:
        problems.add(f"{path}.seat", "seat_unknown", f"没有席位“{told['seat']}”的派驻")
    if "posting" in told and told["posting"] not in postings:
        problems.add(f"{path}.posting", "posting_unknown", f"没有派驻“{told['posting']}”")
    rule = _rule(told, programme, problems)
    if told["ask"] == "continuity":
        scope = told.get("scope") or (rule.get("scope") if rule else None)
        if scope == "team_slot" and "seat" not in told["raw"]:
            problems.add(f"{path}.seat", "key_missing", "按席位计算连续驻点时要写 seat")
    if told["ask"] == "quota" and rule is not None:
        _whose(told, rule, problems)
    if told["ask"] in ("quota", "month") and "period" in told and rule is not None:
        kind = "month" if told["ask"] == "month" else rule.get("period")
        _period(told["period"], kind, f"{path}.period", postings, problems)


def _one_way(told: Mapping[str, Any], problems: Problems) -> None:
    """Exactly one of the ways a question may be put."""
    ways: dict[str, tuple[tuple[str, ...], ...]] = {
        "continuity": (("rule",), ("months",)),
        "deadlines": (("year",), ("posting",), ("on",)),
        "funding": (("posting",), ("persons", "months")),
    }
    path, raw = told["path"], told["raw"]
    options = ways.get(told["ask"], ())
    used = [option for option in options if any(raw.get(key) is not None for key in option)]
    if options and not used:
        problems.add(f"{path}.{options[0][0]}", "key_missing", f"要写 {' 或 '.join('+'.join(way) for way in options)}")
    for extra in used[1:]:
        problems.add(f"{path}.{extra[0]}", "value", f"{'+'.join(used[0])} 和 {'+'.join(extra)} 只能写一种")
    for key in used[0] if used else ():
        if raw.get(key) is None:
            problems.add(f"{path}.{key}", "key_missing", f"缺少必填项“{key}”")
    if told.get("from") and told.get("to") and told["to"] < told["from"]:
        problems.add(f"{path}.to", "date_order", "结束早于开始")


def _rule(told: Mapping[str, Any], programme: Programme | None, problems: Problems) -> Rule | None:
    if programme is None or told.get("rule") is None:
        return None
    path = f"{told['path']}.rule"
    try:
        rule = programme.rule(told["rule"])
    except KeyError:
        problems.add(path, "rule_unknown", f"项目中没有规则“{told['rule']}”")
        return None
    if rule.kind == RULE_KINDS[told["ask"]] and _answers(told, rule):
        return rule
    problems.add(path, "rule_kind", f"规则“{rule.id}”不能回答这个问题")
    return None


def _answers(told: Mapping[str, Any], rule: Rule) -> bool:
    """Whether the rule carries what the question asks about."""
    if told["ask"] == "month":
        return bool(rule.get("period") == "week")
    if told["ask"] == "funding":
        return rule.get("amount") is not None
    if told["ask"] == "ban":
        return rule.get("ban_months") is not None
    if told["ask"] == "deadlines":
        return _due_fits(told["raw"], rule.get("due"))
    return True


def _due_fits(raw: Mapping[str, Any], due: Mapping[str, Any]) -> bool:
    """A dated rule is asked by year, one that hangs on a posting, an application or an attended day by that."""
    dated = "on" in due or due.get("every") in ("month", "quarter", "half_year")
    ways = {"year": dated, "posting": due.get("after") == "posting_end", "on": not dated}
    return next((fits for key, fits in ways.items() if key in raw), True)


def _whose(told: Mapping[str, Any], rule: Rule, problems: Problems) -> None:
    key = "subject" if rule.subject == "doctor" else "doctor"
    if key in told:
        problems.add(f"{told['path']}.{key}", "key_unknown", f"规则“{rule.id}”的对象不用 {key} 指明")


def _period(
    name: str, kind: str, path: str, postings: Mapping[str, Mapping[str, Any]], problems: Problems
) -> None:
    if kind in ("posting", "posting_start"):
        if name not in postings:
            problems.add(path, "posting_unknown", f"没有派驻“{name}”")
        return
    pattern = _NAMES[kind]
    if not pattern.fullmatch(name) or not _exists(kind, name):
        problems.add(path, "period_format", f"“{name}”不是这条规则的考核周期({PERIOD_FORMS[kind]})")
    elif name[:4].isdigit() and not f.FIRST_YEAR <= int(name[:4]) <= f.LAST_YEAR:
        problems.add(path, "year_range", f"年份应在 {f.FIRST_YEAR} 到 {f.LAST_YEAR} 之间")


PERIOD_FORMS: Mapping[str, str] = {
    "day": "如 2026-11-16", "week": "如 2026-W47", "two_weeks": "如 2026-11-16/2w", "month": "如 2026-11",
    "quarter": "如 2026-Q4", "half_year": "如 2026-H1", "year": "如 2026", "programme": "programme", "once": "once",
}  # fmt: skip


def _exists(kind: str, name: str) -> bool:
    if kind in ("programme", "once"):
        return True
    try:
        return bool(period(kind, name))
    except (ValueError, OverflowError):
        return False


def question_of(told: Mapping[str, Any]) -> Question:
    """The question as a value."""
    rest = {key: value for key, value in told.items() if key not in ("ask", "path", "raw")}
    return Question(told["ask"], told["path"], rest)
