"""The Chinese sentences of a verdict (experience.md §2, §6.1 PH-01). The phone shows them and never composes its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from shared.attendance.session import SessionWindows
from shared.calendar import local

RED = {
    "code_foreign": "不是您派驻医疗点的码",
    "code_revoked": "此码已停用",
    "device_shared": "这台手机有多人使用",
    "device_fork": "手机记录不连续",
    "device_revoked": "这台手机的绑定已撤销",
    "travel": "两次记录之间距离过远",
    "two_places": "同一时间在两个医疗点有记录",
    "beacon_bad": "时间凭证无效",
}
AMBER = {
    "code_unverified": "8 位码没有对上",
    "clock_skew": "手机时间不准",
    "claim_range": "手机时间异常,按收到时间记",
    "late_sync": "超过 24 小时才传上来",
    "install_mismatch": "扫码与签到不是同一台手机",
    "unregistered": "派驻备案尚未确认",
}
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


def evidence_line(strength: str, flags: Iterable[str]) -> str:
    """One sentence on how strong a record is; red flags take precedence over everything, amber ones are appended."""
    flags = tuple(flags)
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
