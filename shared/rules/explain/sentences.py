"""Chinese sentences for answers that count, date or pay: quota, month, deadlines, growth, ban, funding. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from shared.roles import ROLES
from shared.rules import words
from shared.rules.load import Rule

Answer = Mapping[str, Any]
HALVES = {"am": "上午", "pm": "下午"}
_EACH = {"id": "编号", "person": "人员"}


def result(answer: Answer) -> str:
    """A result in words, with both readings where they differ."""
    text = words.RESULTS[answer["result"]]
    if "best" in answer and answer["best"]["result"] != answer["worst"]["result"]:
        return f"{text}(最好{words.RESULTS[answer['best']['result']]},最差{words.RESULTS[answer['worst']['result']]})"
    return text


def _quota(answer: Answer, rule: Rule) -> list[str]:
    kind, unit, metric = rule.get("period"), words.UNITS[rule.get("unit")], words.METRICS[rule.get("metric")]
    title = words.kinds.period(kind, answer["period"])
    span = f"({answer['from']} 至 {answer['to']})" if answer["from"] else ""
    lines = [f"  {title}{span}{metric},应{words.OPS[rule.get('op')]} {answer['threshold']} {unit}{_prorated(answer)}:{result(answer)}"]
    for group in answer["groups"]:
        name = "".join(words.slug("per", key, rule.id) + " " for key in group["key"].values())
        value = "没有数字" if group["value"] is None else f"{group['value']} {unit}"
        own = f",{words.RESULTS[group['result']]}" if group["key"] else ""
        lines.append(f"    {name or '共 '}{value}{own}")
    return lines + [f"    {_item(item)}" for item in answer.get("items", ())]


def _prorated(answer: Answer) -> str:
    """What is left of the threshold in a week with fewer workdays."""
    effective, n = answer["effective_threshold"], answer.get("n_workdays")
    if n is None or effective in (None, answer["threshold"]):
        return ""
    return f",按应出勤工作日 {n} 天折算为 {effective}"


def _item(item: Answer) -> str:
    name = next((f"{_EACH[key]} {item[key]}," for key in _EACH if key in item), "")
    dates = item["date"] if "date" in item else f"{item['from']} 至 {item['to']}"
    size = f"{item['half_days']} 个半天" if "half_days" in item else ""
    size = size or (f"{item['months']} 个月 {item['days']} 天" if "months" in item else f"{item['value']} 元")
    return f"{name}{dates},{size},{'计入' if item['qualifies'] else '不计入'}"


def _month(answer: Answer, rule: Rule) -> list[str]:
    unit, metric = rule.get("unit"), rule.get("metric")
    short = [(words.span(*_days(week)), lack["missing"]) for lack in answer["deficits"]
             for week in answer["weeks"] if week["week"] == lack["week"]]  # fmt: skip
    met, judged, total = answer["weeks_met"], answer["weeks_evaluated"], answer["value_by_date"]
    lines = [f"  {words.month_sentence(answer['period'], metric, unit, met, judged, total, short)}"]
    for week in answer["weeks"]:
        number = "" if week["value"] is None else f"{week['value']}/{week['effective_threshold']} {words.UNITS[unit]},"
        lines.append(f"    {words.span(*_days(week))}:{number}{words.RESULTS[week['result']]}")
    return lines


def _days(week: Answer) -> tuple[dt.date, dt.date]:
    return dt.date.fromisoformat(week["from"]), dt.date.fromisoformat(week["to"])


def _deadlines(answer: Answer, rule: Rule) -> list[str]:
    doc = words.slug("doc", rule.get("doc"), rule.id)
    if not answer["deadlines"]:
        return [f"  {doc}:没有期限"]
    return [f"  {_deadline(doc, one)}" for one in answer["deadlines"]]


def _deadline(doc: str, one: Answer) -> str:
    about = f"派驻 {one['posting']} 的{doc}" if "posting" in one else f"{_period(one['period'])}{doc}"
    moved = "" if one["effective"] == one["nominal"] else f",因休息日调为 {one['effective']}"
    cutoff = f",数据截至 {one['cutoff']}" if one["cutoff"] else ""
    basis = words.BASES[one["due_basis"]]
    doubt = ";所涉年份的放假安排尚未公布" if one["provisional"] else ""
    reminders = "、".join(dict.fromkeys(one["reminders"]))
    return (
        f"{about}:{one['nominal']} 前{f'({basis})' if basis else ''}{moved}{cutoff};提醒 {reminders},"
        f"逾期 {one['escalate_on']} 上报{doubt}"
    )


def _period(name: str) -> str:
    """A period by its own form: 2026年, 2026年11月, 2026年第2季度, a date as it is."""
    forms = {4: "year", 10: "day"}
    kind = forms.get(len(name)) or ("quarter" if "Q" in name else "half_year" if "H" in name else "month")
    return words.kinds.period(kind, name) or f"{name} "


def _growth(answer: Answer, rule: Rule) -> list[str]:
    figures = [f"{year} 年{'未报' if value is None else f' {value}'}"
               for year, value in ((answer["year"] - 1, answer["base"]), (answer["year"], answer["value"]))]  # fmt: skip
    percent = f",增长 {answer['percent']}%" if answer["percent"] is not None else ""
    limit = f",应{words.OPS[rule.get('op')]} {answer['threshold']}%" if answer["threshold"] is not None else ""
    return [f"  {words.METRICS[rule.get('metric')]}:{'、'.join(figures)}{percent}{limit}:{result(answer)}"]


def _ban(answer: Answer, rule: Rule) -> list[str]:
    if answer["result"] == "none":
        return [f"  医师 {answer['doctor']}:没有经{_level(rule)}查实的认定,不作处理"]
    effects = "、".join(words.slug("effects", name, rule.id) for name in answer["effects"])
    until = f",{answer['months']} 个月,至 {answer['until']}(含当日)" if answer["until"] else ""
    return [f"  医师 {answer['doctor']}:{answer['from']} 由 {answer['confirmed_by']} 查实{until};{effects}"]


def _level(rule: Rule) -> str:
    """Who must have confirmed at least: 县级卫健部门."""
    role = {"supporter": "supporter_admin"}.get(rule.get("confirm_by"), f"{rule.get('confirm_by')}_officer")
    return f"{ROLES[role].label}或以上"


def _funding(answer: Answer, _: Rule) -> list[str]:
    who = f"派驻 {answer['posting']}" if "posting" in answer else f"{answer['persons']} 人"
    return [f"  {who},{answer['months']} 个月 {answer['days']} 天:补助 {answer['amount_cny']} 元"]


SENTENCES: Mapping[str, Callable[[Answer, Rule], list[str]]] = {
    "quota": _quota, "month": _month, "deadlines": _deadlines, "growth": _growth, "ban": _ban, "funding": _funding,
}  # fmt: skip
"""What is said of an answer below the clause it is about."""
