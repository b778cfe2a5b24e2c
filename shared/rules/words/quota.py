"""The sentences that explain a quota, of one period, a month and the running week. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from shared.rules.words.names import METRICS, RESULTS, SHORT_UNITS, UNITS, WAIVED
from shared.rules.words.times import near

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
        days = "、".join(near(day, line.room[0][0]) for day, _ in line.room)
        return f";{days}{'各' if len(line.room) > 1 else ''}可补 {each} {short}"
    return f";到{line.room[-1][0].month}月{line.room[-1][0].day}日还有 {len(line.room)} 个工作日可补"


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


def week_part(value: str, metric: str, number: int | None, threshold: int) -> str:
    """What one state says in the week's line: 「门诊 1/3」; empty when nothing is owed."""
    return "" if value == "waived" or number is None else f"{METRICS[metric]} {number}/{threshold}"


def week_line(parts: Sequence[str]) -> str:
    """The line of the scan page: 「本周门诊 1/3 · 查房 0/2」; empty without parts."""
    return f"本周{' · '.join(parts)}" if parts else ""
