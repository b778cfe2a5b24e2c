"""The exact words of reminders (reminders.md §3). Rendered once per key and stored; nothing in them says "now"."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from shared.attendance.session import SessionWindows

SESSIONS = {"am": "上午", "pm": "下午"}
DONE = "已完成"
TITLE_CHARACTERS, LINE_CHARACTERS = 20, 40


@dataclass(frozen=True)
class Words:
    """One rendered reminder: title, text, why the reader got it, and the page that helps."""

    title: str
    text: str
    why: str
    url: str


def check_in(windows: SessionWindows, day: dt.date, half: str) -> Words:
    """D01 for one session."""
    session, start = SESSIONS[half], f"{windows.of(half)[0]:%H:%M}"
    return Words(
        title=f"{session}还没有签到记录",
        text="到院后扫门诊的码即可。已签到请点此查看。",
        why=f"{day.month}月{day.day}日{session}有出诊安排,{start} 开始后 15 分钟没有签到记录",
        url="/app/today",
    )


def key(kind: str, posting_id: str, day: dt.date, half: str, step: int = 1) -> str:
    """The idempotency key `D01|posting:<id>|2026-11-23.am|1`; wording never changes it."""
    return f"{kind}|{subject(posting_id)}|{period(day, half)}|{step}"


def subject(posting_id: str) -> str:
    """`posting:<id>`."""
    return f"posting:{posting_id}"


def period(day: dt.date, half: str) -> str:
    """`2026-11-23.am`."""
    return f"{day.isoformat()}.{half}"
