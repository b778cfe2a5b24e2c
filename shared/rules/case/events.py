"""The events of a case: fourteen kinds, each with its keys (continuity.md §6.3). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.attendance.session import HALVES
from shared.rules import schema
from shared.rules.case import fields as f
from shared.rules.case.fields import Field, given, optional, required
from shared.rules.case.model import NOWHERE, Event
from shared.rules.case.postings import ordered, unique
from shared.rules.case.problem import Problems
from shared.rules.days import HalfDay

LEAVE_TYPES = ("personal", "sick", "emergency", "annual", "marriage", "maternity", "bereavement", "other")
ORDER_KINDS = ("epidemic", "disaster", "government", "rescue", "meeting", "travel")
DECISIONS = ("approved", "refused", "pending")
FINDINGS = ("suspected", "under_review", "confirmed", "rejected")
GRADES = ("A", "B", "C", "D")
_BOTH = (*HALVES, "both")


def _ref(value: Any, path: str, problems: Problems) -> Any:
    return value if isinstance(value, bool) else f.text(value, path, problems)


_COMMON: Mapping[str, Field] = {"kind": required(f.text), "id": given(f.text), "doctor": given(f.text)}
_WHEN: Mapping[str, Field] = {
    "date": given(f.date), "from": given(f.date), "to": given(f.date), "half": given(f.one_of(_BOTH)),
    "from_half": given(f.one_of(HALVES)), "to_half": given(f.one_of(HALVES)),
}  # fmt: skip
_DAY: Mapping[str, Field] = {"date": required(f.date)}
_DECIDED: Mapping[str, Field] = {"decision": given(f.one_of(DECISIONS))}
_CLINIC: Mapping[str, Field] = {"clinic": optional(f.text)}
_TIMES: Mapping[str, Field] = {"in": optional(f.clock), "out": optional(f.clock)}

KINDS: Mapping[str, Mapping[str, Field]] = {
    "present": {**_WHEN, **_CLINIC, "record_ref": optional(_ref)},
    "absent": _WHEN,
    "scan": {
        **_DAY, **_CLINIC, **_TIMES, "grade": given(f.one_of(GRADES)), "countersigned": given(f.boolean),
    },
    "correction": {
        **_DAY, **_CLINIC, **_TIMES, **_DECIDED, "half": optional(f.one_of(_BOTH)), "filed_at": required(f.instant),
        "decided_at": optional(f.instant), "decided_by": given(f.text), "reason": optional(f.text),
    },
    "leave": {
        **_WHEN, **_DECIDED, "leave_type": given(f.one_of(LEAVE_TYPES)), "filed_at": optional(f.instant),
        "approved_by": optional(f.one_of(sorted(schema.APPROVERS))), "approved_at": optional(f.instant),
    },
    "ordered": {
        **_WHEN, "order_kind": given(f.one_of(ORDER_KINDS)), "doc_no": optional(f.text),
        "issuer": given(f.one_of(schema.ISSUERS)),
    },
    "substitute": {**_WHEN, "seat": required(f.text), "for": optional(f.text)},
    "outpatient": {**_DAY, **_CLINIC, "half": required(f.one_of(HALVES)), "visits": optional(f.integer(0))},
    "item": {
        **_DAY, **_CLINIC, "metric": required(f.one_of(sorted(schema.METRICS))), "value": given(f.integer(0)),
        "group": optional(f.text), "recipient": optional(f.text), "half": optional(f.one_of(_BOTH)),
        "channel": optional(f.text), "title": optional(f.text),
    },
    "stay": {
        **_CLINIC, "from": required(f.date), "to": required(f.date), "person": optional(f.text),
        "recipient": optional(f.text),
    },
    "figure": {
        "metric": required(f.one_of(sorted(schema.METRICS))), "period": required(f.text),
        "value": optional(f.integer(0)),
    },
    "finding": {
        "trigger": required(f.text), "decision": given(f.one_of(FINDINGS)), "confirmed_on": optional(f.date),
        "by_role": optional(f.text), "officer": optional(f.text),
    },
}  # fmt: skip
_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "scan": {"grade": "A", "countersigned": False},
    "correction": {"decision": "approved", "decided_by": "recipient_admin"},
    "leave": {"decision": "approved", "leave_type": "personal"},
    "ordered": {"order_kind": "government", "issuer": "county"},
    "item": {"value": 1},
    "finding": {"decision": "suspected"},
}
_SPANNING = frozenset(name for name, keys in KINDS.items() if "from_half" in keys)


def read_events(value: Any, problems: Problems) -> list[dict[str, Any]]:
    """The events as typed keys, defaults filled in; those of an unknown kind are left out."""
    if not isinstance(value, list):
        problems.add("events", "type", "应为列表")
        return []
    seen: set[str] = set()
    found = []
    for index, item in enumerate(value):
        path = f"events[{index}]"
        kind = item.get("kind") if isinstance(item, dict) else None
        if not isinstance(item, dict) or not isinstance(kind, str) or kind not in KINDS:
            _unknown(item, kind, path, problems)
            continue
        told = f.read_object(item, path, problems, {**_COMMON, **KINDS[kind]})
        told = {"id": f"E{index + 1}", "doctor": "D1", **_DEFAULTS.get(kind, {}), **told, "path": path}
        unique(told["id"], path, seen, problems)
        _check(item, told, problems)
        found.append(told)
    return found


def _unknown(item: Any, kind: Any, path: str, problems: Problems) -> None:
    if not isinstance(item, dict):
        problems.add(path, "type", "应为对象")
    elif "kind" not in item:
        problems.add(f"{path}.kind", "key_missing", "缺少必填项“kind”")
    elif isinstance(kind, str):
        problems.add(f"{path}.kind", "value", f"“{kind}”不在允许的取值中:{'、'.join(KINDS)}")
    else:
        problems.add(f"{path}.kind", "type", "应为文字")


def _check(item: Mapping[str, Any], told: Mapping[str, Any], problems: Problems) -> None:
    if told["kind"] in _SPANNING:
        _check_span(item, told, problems)
    elif told["kind"] == "stay":
        ordered(told, "from", "to", problems)
    elif told["kind"] in ("scan", "correction"):
        _check_times(item, told, problems)


def _check_span(item: Mapping[str, Any], told: Mapping[str, Any], problems: Problems) -> None:
    """Either `date` or `from` and `to`; `half` or, for a range, `from_half` and `to_half`."""
    path = told["path"]
    ranged = [key for key in ("from", "to") if key in item]
    if "date" in item:
        for key in ranged:
            problems.add(f"{path}.{key}", "value", "写了 date 就不能再写 from 或 to")
    elif not ranged:
        problems.add(f"{path}.date", "key_missing", "缺少 date,或 from 和 to")
    elif len(ranged) == 1:
        missing = "to" if ranged == ["from"] else "from"
        problems.add(f"{path}.{missing}", "key_missing", f"缺少必填项“{missing}”")
    for key in ("from_half", "to_half"):
        if key in item and "half" in item:
            problems.add(f"{path}.half", "half_conflict", "half 与 from_half、to_half 只能写一种")
        elif key in item and "date" in item:
            problems.add(f"{path}.{key}", "value", f"{key} 只用于 from 到 to 的时段")
    first, last = told.get("from"), told.get("to")
    if first is not None and last is not None:
        halves = told.get("from_half", "am"), told.get("to_half", "pm")
        if last < first or (first == last and halves == ("pm", "am")):
            problems.add(f"{path}.to", "date_order", "结束早于开始")


def _check_times(item: Mapping[str, Any], told: Mapping[str, Any], problems: Problems) -> None:
    path, start, end = told["path"], told.get("in"), told.get("out")
    if start is not None and end is not None and end < start:
        problems.add(f"{path}.out", "date_order", "签退早于签到")
    if told["kind"] != "correction":
        return
    timed = item.get("in") is not None or item.get("out") is not None
    if not timed and item.get("half") is None:
        problems.add(f"{path}.half", "key_missing", "补正要写 in、out 或 half")
    elif timed and item.get("half") is not None:
        problems.add(f"{path}.half", "value", "补正写了时间就不能再写 half")


def event_of(told: Mapping[str, Any]) -> Event:
    """The event as a value."""
    first, last, only = _span(told)
    rest = {key: value for key, value in told.items() if key not in ("kind", "id", "doctor", "path")}
    return Event(told["kind"], told["id"], told["doctor"], told["path"], first, last, only, rest)


def _span(told: Mapping[str, Any]) -> tuple[HalfDay, HalfDay, str | None]:
    if "date" not in told and "from" not in told:
        return NOWHERE, NOWHERE, None
    start, end = told.get("date") or told["from"], told.get("date") or told["to"]
    half = told.get("half") or "both"
    only = None if half == "both" else half
    return (start, only or told.get("from_half", "am")), (end, only or told.get("to_half", "pm")), only
