"""异常 (experience.md §8 table B): what somebody still has to look at, and what stands out, by date and person."""

from __future__ import annotations

from typing import Any

from services.reports.domain.diaries import is_missing
from services.reports.domain.source import HALF_WORDS, HALVES, MonthSource, PostingLine
from shared.attendance.words import ABOUT
from shared.calendar import local
from shared.progress.fold import DayFact, HalfFact

REASONS = {
    "window_open": "补签期未满", "decision_pending": "申请待审", "no_scan": "没有签到记录", "short": "时长不足",
    "open": "没有签退", "split_session": "一个半天分在两处,都不足时长", "leave_late": "请假提交过晚",
    "leave_level": "请假审批级别不够", "leave_refused": "请假未获批准", "order_issuer": "抽调文件级别不够",
    "correction_late": "补签提交过晚", "correction_limit": "补签超过每月次数", "correction_refused": "补签未获批准",
    "spot_missed": "抽查判定为未找到",
    "weak_evidence": "签到证据不足,没有他人确认",
}  # fmt: skip


def anomalies(source: MonthSource) -> list[dict[str, Any]]:
    """Rows by date, then roster order: {date, half, name, kind, text, open}; `open` = somebody must still decide."""
    rows = [
        {"date": fact.date.isoformat(), "name": posting.name, **row}
        for posting in source.postings
        for fact in source.facts(posting)
        for row in _of_day(source, posting, fact)
    ]
    return sorted(rows, key=lambda row: row["date"])


def _of_day(source: MonthSource, posting: PostingLine, fact: DayFact) -> list[dict[str, Any]]:
    found = [row for half in HALVES for row in _of_half(source, fact, half)]
    if is_missing(source, fact):
        found.append(_anomaly("", "日志缺交", "到岗日的日志超过时限未交", False))
    seen = {flag for half in fact.halves.values() for flag in half.flags}
    return found + [_flag("", flag) for flag in fact.flags if flag not in seen]


def _of_half(source: MonthSource, fact: DayFact, half: str) -> list[dict[str, Any]]:
    state, found = fact.halves[half], []
    if source.on_duty(fact, half) and state.status not in ("A", "O", "L"):
        kind = "未到" if state.status == "X" else "待定"
        found.append(_anomaly(half, kind, REASONS.get(state.reason or "", "没有签到记录"), state.status != "X"))
    if state.status == "A" and state.late:
        found.append(_anomaly(half, "迟到", f"{_clock(state)}签到", False))
    if state.outpatient and state.outpatient.get("unattended"):
        found.append(_anomaly(half, "门诊无到岗", "有门诊登记,没有到岗记录", state.status == "P"))
    return found + [_flag(half, flag) for flag in state.flags]


def _flag(half: str, flag: str) -> dict[str, Any]:
    return _anomaly(half, "提示", ABOUT.get(flag, flag), False)


def _anomaly(half: str, kind: str, text: str, is_open: bool) -> dict[str, Any]:
    return {"half": HALF_WORDS.get(half, ""), "kind": kind, "text": text, "open": is_open}


def _clock(state: HalfFact) -> str:
    return f"{local(state.in_at):%H:%M} " if state.in_at else ""
