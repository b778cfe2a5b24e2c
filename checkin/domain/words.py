"""The Chinese sentences of a verdict (experience.md §2, §6.1 PH-01). The phone shows them and never composes its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from shared.attendance.grade import Graded
from shared.attendance.session import SessionWindows
from shared.attendance.words import AMBER, RED, grade_line
from shared.calendar import local

_STRENGTH = {
    "fresh": "证据较充分:扫到的是现场当时的码",
    "kiosk": "证据较充分:现场的码已核对,收到较晚",
    "poster": "证据较弱,已计入:只有固定海报的码",
    "none": "证据较弱,已计入:没有现场的码",
}
_WEEKDAYS = "一二三四五六日"

NOTICES = {
    "stale": "码已更新,请再扫一次,或直接签到(证据较弱)",
    "revoked": "此码已停用。仍可签到,但处理前暂不计入",
    "foreign": "这是 {clinic} 的码,不在您的派驻医疗点。仍可签到,处理前暂不计入",
    "no_posting": "您当前没有派驻任务,未能签到(已留下扫码记录)。请联系医务科",
    "unregistered": '派驻备案尚未确认。仍可签到,记录会标注"未备案"',
    "open_elsewhere": "您在{clinic}还没有签退,可补签",
    "outside": "现在不在出诊时段,仍可记录",
}


def evidence_line(strength: str, flags: Iterable[str], grade: Graded | None = None) -> str:
    """One sentence on how strong a record is; red flags take precedence over everything, amber ones are appended.

    A record from before there were grades is described by the strength of its code alone.
    """
    flags = tuple(flags)
    if grade is not None:
        return grade_line(grade, flags)
    if red := [RED[flag] for flag in flags if flag in RED]:
        return f"有疑点,处理前暂不计入:{'、'.join(red)}。您可以补充说明"
    amber = [AMBER[flag] for flag in flags if flag in AMBER]
    return ";".join([_STRENGTH[strength], *amber])


def now_text(instant: dt.datetime) -> str:
    """「11月23日 周一 07:52」."""
    wall = local(instant)
    return f"{wall.month}月{wall.day}日 周{_WEEKDAYS[wall.weekday()]} {wall:%H:%M}"


def time_text(instant: dt.datetime) -> str:
    """「07:52:04」 on the wall clock of Asia/Shanghai."""
    return f"{local(instant):%H:%M:%S}"


def outside_sessions(windows: SessionWindows, instant: dt.datetime, margin: dt.timedelta) -> bool:
    """Whether an instant lies further than `margin` from both session windows of its date."""
    day = local(instant).date()
    spans = (windows.on(half, day) for half in ("am", "pm"))
    return not any(start - margin <= instant <= end + margin for start, end in spans)
