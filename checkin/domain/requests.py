"""What a request must say, and its words: corrections, leave, ordered work. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from shared.attendance.session import HALVES, SessionWindows
from shared.calendar import local_date

WHATS = ("missing_in", "missing_out", "wrong_time", "wrong_clinic", "wrong_direction")
REASONS = (
    "forgot", "device_dead", "no_network", "system_outage", "code_display_down", "fence_wrong", "rescue",
    "outreach_other_site", "administrative", "other",
)  # fmt: skip
TEXT_WANTED = frozenset({"rescue", "other"})
LEAVE_TYPES = ("personal", "sick", "emergency", "annual", "marriage", "maternity", "bereavement", "other")
ORDER_KINDS = ("epidemic", "disaster", "government", "meeting", "travel")
MAX_TEXT = 500
FARTHEST_DAYS = 400
"""So far ahead a date may lie: beyond it nothing is planned and no calendar exists."""


def correction_mistake(
    body: Mapping[str, Any], day: dt.date, windows: SessionWindows, now: dt.datetime
) -> tuple[str, str] | None:  # fmt: skip
    """(field, reason in Chinese) of the first thing wrong with a correction request, or None."""
    claimed = claims(body)
    wrong = body["what"].startswith("wrong")
    checks = (
        ("text", "请写明情况", body["reason_code"] in TEXT_WANTED and not (body.get("text") or "").strip()),
        ("claimed_in", "签到和签退要在这一天", any(local_date(at) != day for at in claimed.values())),
        ("claimed_in", "还没有到这个时间", any(at > now for at in claimed.values())),
        ("claimed_out", "签退要晚于签到", len(claimed) == 2 and claimed["out"] <= claimed["in"]),
        ("claimed_in", "请写明实际时间", body["what"] == "wrong_time" and not claimed),
        ("sessions", "这个半天还没有开始", not wrong and any(windows.on(half, day)[0] > now for half in body["sessions"])),
    )  # fmt: skip
    return next(((name, reason) for name, reason, found in checks if found), None)


def claims(body: Mapping[str, Any]) -> dict[str, dt.datetime]:
    """The instants claimed, by direction."""
    given = {way: body.get(f"claimed_{way}") for way in ("in", "out")}
    return {way: dt.datetime.fromisoformat(text) for way, text in given.items() if text}


def sessions_of(named: Collection[str]) -> list[str]:
    """Each session once, the morning first."""
    return [half for half in HALVES if half in named]


def too_far(day: dt.date, today: dt.date) -> bool:
    """Whether a date lies so far ahead that it is a slip of the pen."""
    return (day - today).days > FARTHEST_DAYS
