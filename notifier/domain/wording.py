"""What a rendered reminder is made of (reminders.md §3). Rendered once per key and stored; nothing in it says "now"."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

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


def subject(posting_id: str) -> str:
    """`posting:<id>`."""
    return f"posting:{posting_id}"


def period(day: dt.date, half: str) -> str:
    """`2026-11-23.am`."""
    return f"{day.isoformat()}.{half}"
