"""X01: the physician is asked to answer a spot check (reminders.md §3). Class NOW: at once, never after its deadline."""

from __future__ import annotations

import datetime as dt

from notifier.domain.wording import Words
from shared.attendance.spot import Window
from shared.calendar import local

TYPE = "X01"
TOLERANCE = dt.timedelta(minutes=5)
"""A notice that stands in the inbox later than this after the issue leaves too little of the 30 minutes: it is none."""


def words(check_id: str, window: Window, why: str) -> Words:
    """The words of one check; the times in them are those of the check, so that nothing in them says "now"."""
    minutes = (window.deadline - window.issued_at) // dt.timedelta(minutes=1)
    return Words(
        title=f"抽查:请在 {minutes} 分钟内应答",
        text=f'{local(window.deadline):%H:%M} 前扫门诊码应答;正在接诊请点"正在接诊/抢救",{local(window.busy_until):%H:%M} 前都可以点。',
        why=why, url=f"/app/spot/{check_id}",
    )  # fmt: skip


def why(origin: str) -> str:
    """Why the reader got it."""
    return {"drawn": "系统按事先公布的种子随机抽查", "random": "管理单位随机抽查", "named": "管理单位发起抽查"}[origin]


def subject(check_id: str) -> str:
    """`spot:<id>`."""
    return f"spot:{check_id}"


def in_time(window: Window, now: dt.datetime) -> bool:
    """Whether a notice delivered now still leaves the physician his time."""
    return now <= window.issued_at + TOLERANCE
