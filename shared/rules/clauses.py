"""Validate one [[rule]]: common keys, the keys of its kind, and how they hang together (rules.md §2-3, §7). Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from shared.rules import schema
from shared.rules import values as v
from shared.rules.schema import COMMON, EACH_UNITS, KIND_UNITS, KINDS, METRICS
from shared.rules.values import Finding, Key, optional, table_findings

_OWN = ("id", "kind", "quote", "where", "due")
ROLLS = ("backward", "forward")
_ROLL = v.one_of(ROLLS)
_DUE_FORMS: Mapping[str, Mapping[str, Key]] = {
    "on": {"on": Key(v.either(v.day_text(), v.list_of(v.day_text()))), "roll": Key(_ROLL)},
    "every": {
        "every": Key(v.one_of({"month", "quarter", "half_year", "attended_day"})),
        "day": Key(v.integer(-1, 31)), "after_period": optional(v.boolean), "roll": Key(_ROLL),
    },
    "attended_day": {"every": Key(v.text), "within_hours": Key(v.integer(1))},
    "after": {"after": Key(v.one_of({"posting_end"})), "workdays": Key(v.integer(0))},
    "before": {"before": Key(v.one_of({"promotion_application"}))},
}  # fmt: skip
_DUE_KEYS = frozenset(key for keys in _DUE_FORMS.values() for key in keys)
_texts = v.either(v.text, v.list_of(v.text))


def rule_findings(rule: object, modes: Collection[str]) -> Iterator[Finding]:
    """Every problem of one rule; `modes` are the mode ids of the file."""
    if not isinstance(rule, dict):
        yield "", "type", "应为表"
        return
    kind = rule.get("kind")
    known = kind if isinstance(kind, str) and kind in KINDS else None
    yield from _identity(rule, known)
    yield from _quote(rule)
    body = {key: value for key, value in rule.items() if key not in _OWN}
    of_kind = KINDS[known] if known else {key: optional(_anything) for key in body if key not in COMMON}
    yield from table_findings(body, {**COMMON, **of_kind})
    if "where" in rule:
        yield from _where(rule["where"], modes)
    if known == "document" or "due" in rule:
        yield from _due_key(rule, known)
    if known:
        yield from _together(rule, known)


def _anything(value: object) -> Iterator[Finding]:
    yield from ()


def _identity(rule: Mapping[str, Any], known: str | None) -> Iterator[Finding]:
    if "id" not in rule:
        yield "id", "key_missing", "缺少必填项"
    elif not isinstance(rule["id"], str) or not schema.RULE_ID.match(rule["id"]):
        yield "id", "id_format", f"编号“{rule['id']}”应如 ZZ-09a"
    if "kind" not in rule:
        yield "kind", "key_missing", "缺少必填项"
    elif known is None:
        yield "kind", "kind_unknown", f"不认识的规则类型“{rule['kind']}”{v.allowed(KINDS, rule['kind'])}"


def _quote(rule: Mapping[str, Any]) -> Iterator[Finding]:
    quote = rule.get("quote")
    if "quote" not in rule:
        yield "quote", "key_missing", "缺少必填项"
    elif not isinstance(quote, str):
        yield "quote", "type", "应为文字"
    elif not any(mark.isalnum() for mark in quote):
        yield "quote", "quote_empty", "原文引用为空"


def _where(where: object, modes: Collection[str]) -> Iterator[Finding]:
    if not isinstance(where, dict):
        yield "where", "type", "应为表"
        return
    rank = v.one_of((*schema.TITLE_RANKS, *(f">={name}" for name in schema.TITLE_RANKS)))
    level = v.one_of(schema.RECIPIENT_LEVELS)
    checks = {
        "mode": _texts, "specialty": _texts, "supporter": _texts, "channel": _texts,
        "title_rank": v.either(rank, v.list_of(v.one_of(schema.TITLE_RANKS))),
        "recipient_level": v.either(level, v.list_of(level)),
    }  # fmt: skip
    for key, code, message in table_findings(where, {key: optional(check) for key, check in checks.items()}):
        yield f"where.{key}", code, message
    named = where.get("mode", [])
    for mode in named if isinstance(named, list) else [named]:
        if isinstance(mode, str) and mode.strip() and mode not in modes:
            yield "where.mode", "mode_unknown", f"文件中没有方式“{mode}”{v.allowed(modes)}"


def _due_key(rule: Mapping[str, Any], known: str | None) -> Iterator[Finding]:
    due = rule.get("due")
    if known is not None and known != "document":
        yield "due", "key_unknown", "不认识的项"
    elif "due" not in rule:
        yield "due", "key_missing", "缺少必填项"
    elif not isinstance(due, dict):
        yield "due", "type", "应为表"
    else:
        yield from ((f"due.{key}" if key else "due", code, message) for key, code, message in _due(due))


def _due(due: Mapping[str, Any]) -> Iterator[Finding]:
    for key in due:
        if key not in _DUE_KEYS:
            yield key, "key_unknown", f"不认识的项{v.allowed(_DUE_KEYS)}"
    named = [form for form in ("on", "every", "after", "before") if form in due]
    if len(named) != 1:
        yield "", "due_form", "应恰好使用一种期限写法:on、every、after 或 before"
        return
    form = "attended_day" if due.get("every") == "attended_day" else named[0]
    keys = _DUE_FORMS[form]
    if any(key in _DUE_KEYS and key not in keys for key in due):
        yield "", "due_form", "混用了两种期限写法"
    for key, code, message in table_findings({k: x for k, x in due.items() if k in keys}, keys):
        if (key, code) == ("roll", "key_missing"):
            yield "", "due_form", f"缺少 roll{v.allowed(ROLLS)}"
        else:
            yield key, code, message
    if form == "every" and due.get("day") == 0:
        yield "day", "value", "应为 1 到 31 或 -1"


def _together(rule: Mapping[str, Any], kind: str) -> Iterator[Finding]:
    metric = METRICS.get(rule["metric"]) if isinstance(rule.get("metric"), str) else None
    unit = rule.get("unit") if isinstance(rule.get("unit"), str) else None
    fixed = KIND_UNITS.get(kind)
    if unit in schema.UNITS and ((metric and unit != metric.unit) or (fixed and unit != fixed)):
        yield "unit", "unit_metric", f"单位应为 {fixed or (metric and metric.unit)}"
    if kind == "quota":
        yield from _quota(rule, metric)
    if kind == "funding" and not ("amount" in rule or "uses" in rule):
        yield "amount", "key_missing", "amount 和 uses 至少要有一项"
    if kind == "sanction" and "confirm_by" not in rule:
        banned = "ban_months" in rule
        message = "处理须由指定级别确认"
        yield "confirm_by", ("ban_without_confirm" if banned else "key_missing"), message + v.allowed(schema.CONFIRMERS)
    yield from _spans(rule)


def _quota(rule: Mapping[str, Any], metric: schema.Metric | None) -> Iterator[Finding]:
    if "period" not in rule:
        yield "period", "period_missing", "缺少考核周期"
    if rule.get("period") == "week" and rule.get("op") in list(schema.OPS - {">="}):
        yield "op", "period_op", "按周的规则只能用 >="
    each = rule.get("each")
    if each is None:
        return
    if metric and not metric.items:
        yield "each", "each_without_items", "该指标没有可逐项筛选的记录"
    if isinstance(each, dict) and each.get("metric") in list(EACH_UNITS):
        units = EACH_UNITS[each["metric"]]
        if each.get("unit") in list(schema.UNITS - units):
            yield "each.unit", "unit_metric", f"单位应为 {'或'.join(sorted(units))}"


def _spans(rule: Mapping[str, Any]) -> Iterator[Finding]:
    for first, last in (("start", "end"), ("window_from", "window_to")):
        texts = rule.get(first), rule.get(last)
        if not all(isinstance(text, str) and text for text in texts):
            continue
        start, end = (v.real_day(str(text)) for text in texts)
        same_form = str(texts[0]).startswith("--") == str(texts[1]).startswith("--")
        if start and end and same_form and start > end:
            yield last, "date_order", "结束早于开始"
