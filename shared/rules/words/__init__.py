"""The Chinese words of rules and results, and the sentences that explain them. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from shared.rules.words.cases import ASKS, BREAKS, EFFECTS, ENDED_BY, FLAGS, REASONS, SCOPES, STATUSES

__all__ = [
    "ASKS", "BASES", "BREAKS", "EFFECTS", "ENDED_BY", "FLAGS", "METRICS", "REASONS", "RESULTS", "SCOPES", "SHORT_UNITS",
    "STATUSES", "UNITS", "WAIVED", "WEEKDAYS", "Line", "month_sentence", "period_title", "quota_sentence", "span",
    "waived_sentence", "week_line", "week_part",
]  # fmt: skip

METRICS = {
    "on_site_half_days": "现场", "outpatient_half_days": "门诊", "on_site_days": "现场指导",
    "activity": "活动", "ward_rounds": "查房", "trainings": "培训", "free_clinics": "义诊", "survey_visits": "调研",
    "city_inspections": "市级督查", "county_checks": "县级检查", "county_evaluations": "县级评估",
    "county_inspections": "县级督查", "fund_inspections": "资金检查", "pair_evaluations": "工作评估",
    "quality_inspections": "质控检查", "self_checks": "自查", "supporter_checks": "支援医院检查",
    "surgeries": "手术", "four_ones": "四个一", "guidelines_made": "诊疗常规", "new_techniques": "新技术",
    "featured_specialties": "特色专科", "trainees_completed": "进修人员", "mentees": "带教", "posted_persons": "派驻人员",
    "posted_non_physician": "非医师派驻人员", "team_size": "团队人数", "team_mid_level_clinicians": "中级以上医师",
    "person_trips": "派驻人次", "pairs_recipients": "对口机构", "centres_level2": "达二级标准的中心",
    "pairs_areas": "对口片区", "beds_managed": "管理病床", "donated_drug_value": "捐赠药品", "arrival_rate": "到岗率",
    "outpatient_emergency_visits": "门急诊人次增长",
}  # fmt: skip
UNITS = {
    "half_day": "个半天", "day": "天", "month": "个月", "time": "次", "case": "例", "person": "人", "person_trip": "人次",
    "person_time": "人次", "hospital": "所", "area": "个片区", "item": "项", "bed": "张", "percent": "%", "CNY": "元",
}  # fmt: skip
SHORT_UNITS = {**UNITS, "half_day": "个"}
"""The unit after a number that already stands in a sentence about half-days."""
RESULTS = {
    "met": "达标", "not_met": "未达标", "open": "进行中", "waived": "免计", "not_applicable": "不适用",
    "not_reported": "未报", "not_evaluable": "无法计算", "provisional": "待定",
}  # fmt: skip
BASES = {"text": "", "inferred": "推定", "local": "本地"}
WAIVED = {"n = 0": "没有应出勤的工作日", "partial_window": "派驻天数不足", "approved": "已批准"}
WEEKDAYS = "一二三四五六日"
_LISTED = 3


@dataclass(frozen=True)
class Line:
    """One group of a quota as a sentence needs it. `room`: the dates on which some may still be added, and how many."""

    number: int
    threshold: int
    place: str = ""
    room: Sequence[tuple[dt.date, int]] = ()


def waived_sentence(title: str, metric: str, reason: str) -> str:
    """Why nothing is owed: 「本周门诊免计:没有应出勤的工作日」; `reason` is a key of WAIVED."""
    return f"{title}{METRICS[metric]}免计:{WAIVED[reason]}"


def quota_sentence(
    title: str, metric: str, unit: str, lines: Sequence[Line], *, over: bool,
    doubt: tuple[int, str, str] | None = None,
) -> str:  # fmt: skip
    """One sentence on a quota, such as 「本周门诊 2/3 个半天,还差 1 个;周四、周五各可补 1 个」.

    `title` names the period (本周, 11月9日至15日); `doubt` of a provisional result: number of pending half-days, best
    and worst result.
    """
    titles = [title, *[""] * (len(lines) - 1)]
    text = ";".join(
        _group(head, metric, unit, line, over=over, final=doubt is None)
        for head, line in zip(titles, lines, strict=True)
    )
    return f"{text};{_doubt(doubt[0])},{_readings(*doubt[1:])}" if doubt else text


def _group(title: str, metric: str, unit: str, line: Line, *, over: bool, final: bool) -> str:
    head = f"{title}{line.place}{METRICS[metric]} {line.number}/{line.threshold} {UNITS[unit]}"
    missing, short = line.threshold - line.number, SHORT_UNITS[unit]
    if missing <= 0:
        return f"{head},已达标" if final else head
    if over:
        return f"{head},差 {missing} {short}" + (",未达标" if final else "")
    return f"{head},还差 {missing} {short}{_room(line, missing, short)}"


def _room(line: Line, missing: int, short: str) -> str:
    if not line.room:
        return ""
    if sum(count for _, count in line.room) < missing:
        return ";剩余时间已不够补齐"
    each = min(missing, min(count for _, count in line.room))
    if len(line.room) <= _LISTED:
        days = "、".join(_near(day, line.room[0][0]) for day, _ in line.room)
        return f";{days}{'各' if len(line.room) > 1 else ''}可补 {each} {short}"
    return f";到{line.room[-1][0].month}月{line.room[-1][0].day}日还有 {len(line.room)} 个工作日可补"


def _near(day: dt.date, first: dt.date) -> str:
    """A date of the running week by its weekday, a later one by its date."""
    weekday = f"周{WEEKDAYS[day.weekday()]}"
    return weekday if day.isocalendar()[:2] == first.isocalendar()[:2] else f"{day.month}月{day.day}日({weekday})"


def _doubt(pending: int) -> str:
    return f"另有 {pending} 个半天待定" if pending else "所在年份的放假安排尚未公布"


def _readings(best: str, worst: str) -> str:
    return f"最好{RESULTS[best]},最差{RESULTS[worst]}" if best != worst else f"暂按{RESULTS[best]}"


def month_sentence(
    month: str, metric: str, unit: str, met: int, evaluated: int, total: int, deficits: Sequence[tuple[str, int]]
) -> str:
    """The roll-up of a weekly quota: weeks met of weeks evaluated, the total by date, the weeks that fall short."""
    head = f"{int(month[5:])}月{METRICS[metric]}:"
    weeks = f"{evaluated} 周中 {met} 周达标" if evaluated else "没有可评定的周"
    short = "".join(f";{title}差 {missing} {SHORT_UNITS[unit]}" for title, missing in deficits)
    return f"{head}{weeks},共 {total} {UNITS[unit]}{short}"


def span(first: dt.date, last: dt.date) -> str:
    """「11月9日至15日」 or 「11月30日至12月6日」."""
    end = f"{last.day}日" if (first.year, first.month) == (last.year, last.month) else f"{last.month}月{last.day}日"
    return f"{first.month}月{first.day}日至{end}"


def period_title(kind: str, first: dt.date, last: dt.date, today: dt.date) -> str:
    """The period as a sentence names it: 本周, 本两周, 本月 while it runs, else its dates."""
    if not first <= today <= last:
        return span(first, last)
    return {"week": "本周", "two_weeks": "本两周", "month": "本月"}[kind]


def week_part(value: str, metric: str, number: int | None, threshold: int) -> str:
    """What one state says in the week's line: 「门诊 1/3」; empty when nothing is owed."""
    return "" if value == "waived" or number is None else f"{METRICS[metric]} {number}/{threshold}"


def week_line(parts: Sequence[str]) -> str:
    """The line of the scan page: 「本周门诊 1/3 · 查房 0/2」; empty without parts."""
    return f"本周{' · '.join(parts)}" if parts else ""
