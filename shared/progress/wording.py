"""The Chinese words of requests: what is asked, why, what may be answered (experience.md PH-09, SV-01). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from shared.calendar import local
from shared.rules import words

KINDS = {"correction": "补签", "leave": "请假", "ordered_work": "抽调", "handover": "交接"}
HALVES = {"am": "上午", "pm": "下午"}
CORRECTION_REASONS = {
    "forgot": "忘记签到", "device_dead": "手机故障", "no_network": "没有网络", "system_outage": "系统故障",
    "code_display_down": "现场没有码", "fence_wrong": "定位范围有误", "rescue": "抢救/急诊", "outreach_other_site": "外出巡诊",
    "administrative": "行政安排", "other": "其他",
}  # fmt: skip
STATES = {
    "correction": {"requested": "待审批", "approved": "已批准", "returned": "退回补充", "rejected": "未通过", "withdrawn": "已撤回",
                   "superseded": "已重新提交"},
    "leave": {"requested": "已提交", "endorsed": "待上级批准", "approved": "已批准", "returned": "退回补充", "rejected": "未通过",
              "cancelled": "已撤回", "closed": "已销假", "superseded": "已重新提交"},
    "ordered_work": {"filed": "待认定", "accepted": "已认定", "rejected": "未认定", "revoked": "已撤销"},
}  # fmt: skip
DECISIONS = {
    "approved": "同意", "accepted": "认定", "endorsed": "同意并转上级", "returned": "退回补充", "rejected": "不同意", "signed": "确认交接",
    "withdrawn": "撤回", "revoked": "撤销",
}  # fmt: skip
ENDED = {"completed": "期满", "rotation": "轮换", "illness": "因病", "ordered": "指令性任务", "other": "其他"}
"""Why a posting ended."""
_WHAT = {
    "missing_in": "补签到", "missing_out": "补签退", "wrong_time": "更正时间", "wrong_clinic": "更正医疗点",
    "wrong_direction": "更正签到方向",
}  # fmt: skip


def day_text(day: dt.date) -> str:
    """11月23日."""
    return f"{day.month}月{day.day}日"


def asked(kind: str, told: Mapping[str, Any], half_days: int | None = None) -> str:
    """What a request asks, in one line, from the payload of its fact."""
    if kind == "correction":
        day = day_text(dt.date.fromisoformat(told["service_date"]))
        return f"{day} {'、'.join(HALVES[half] for half in told['sessions'])} {_claimed(told)}"
    if kind == "leave":
        length = f",{_workdays(half_days)} 个工作日" if half_days is not None else ""
        return f"{words.REASONS[told['type']]} {span(told)}{length}"
    if kind == "ordered_work":
        return f"{words.REASONS[told['kind']]} {span(told)},{told['issuer']}《{told['doc_no']}》"
    return "席位交接待签字"


def span(told: Mapping[str, Any]) -> str:
    """From the first half-day to the last."""
    ends = [
        (dt.date.fromisoformat(told[name]), told.get(f"{name}_session") or usual)
        for name, usual in (("from", "am"), ("to", "pm"))
    ]
    first, last = (f"{day_text(day)}{HALVES[half]}" for day, half in ends)
    return first if first == last else f"{first}至{last}"


def _claimed(told: Mapping[str, Any]) -> str:
    claimed = told.get("claimed_at")
    if not isinstance(claimed, Mapping) or not claimed:
        return _WHAT[told["what"]] if told["what"].startswith("wrong") else "补签(整个半天)"
    ways = {"in": "签到", "out": "签退"}
    times = "、".join(
        f"{ways[way]} {local(dt.datetime.fromisoformat(at)):%H:%M}" for way, at in sorted(claimed.items())
    )
    return f"{_WHAT[told['what']]}:{times}" if told["what"] == "wrong_time" else f"补{times}"


def _workdays(half_days: int) -> str:
    return f"{half_days // 2}" if half_days % 2 == 0 else f"{half_days / 2:.1f}"


def reason(kind: str, told: Mapping[str, Any]) -> str:
    """Why, as it was given: the reason's words and the text."""
    text = (told.get("text") or "").strip()
    if kind == "correction":
        return "。".join(part for part in (CORRECTION_REASONS[told["reason_code"]], text) if part)
    return text


def leave_effect(
    used: int, cap: int, earliest: str | None, *, broken: Sequence[str] = (), before: str | None = None
) -> str:
    """PH-10: leave counted with this one (half-days) against the cap (workdays), and what becomes of continuity."""
    counted = f"计入请假 {_workdays(used)}/{cap} 天"
    if broken:
        return f"{counted};连续派驻将自 {min(broken)} 起中断"
    if earliest is None:
        return counted
    return f"{counted};连续派驻预计{'顺延到' if before and earliest > before else '仍于'} {earliest} 期满"
