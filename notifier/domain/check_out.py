"""D02: a session has ended five minutes ago and the check-in is still open (reminders.md §3). Pure."""

from __future__ import annotations

import datetime as dt

from notifier.domain.check_in import PLANNED_UNTIL, Presence, all_count
from notifier.domain.wording import SESSIONS, Words
from shared.attendance.session import HALVES, SessionWindows, intervals
from shared.calendar import local_date

TYPE = "D02"
AFTER_END = dt.timedelta(minutes=5)
USEFUL_FOR = dt.timedelta(minutes=30)


def due_sessions(windows: SessionWindows, now: dt.datetime) -> list[str]:
    """The sessions of today that ended 5 to 30 minutes ago."""
    today = local_date(now)
    return [half for half in HALVES if AFTER_END <= now - windows.on(half, today)[1] <= PLANNED_UNTIL]


def due_at(windows: SessionWindows, day: dt.date, half: str) -> dt.datetime:
    """When it is due."""
    return windows.on(half, day)[1] + AFTER_END


def silence(presence: Presence) -> str | None:
    """Why nothing is owed: no-duty, goes-on (the next session follows at the same clinic), not-in, leave, correction, noted,
    unsent."""
    half = (presence.day, presence.half)
    if not presence.duty:
        return "no-duty"
    end = presence.windows.on(presence.half, presence.day)[1]
    still = [pair for pair in intervals(all_count(presence.taps)) if pair.left is None and pair.came.at < end]
    if not still:
        return "checked-out"
    if presence.half == "am" and presence.next_clinics & {pair.came.clinic_id for pair in still}:
        return "goes-on"
    for reason, covers in (("leave", presence.slips), ("ordered-work", presence.orders)):
        if any(one.covers(half) and one.decision != "rejected" for one in covers):
            return reason
    if presence.half in presence.asked:
        return "correction"
    return "noted" if presence.half in presence.noted else "unsent" if presence.unsent else None


def words(windows: SessionWindows, day: dt.date, half: str) -> Words:
    """The words of one session."""
    end = f"{windows.of(half)[1]:%H:%M}"
    return Words(
        title=f"{SESSIONS[half]}还没有签退", text="离开前扫门诊的码签退。已离开可申请补签。",
        why=f"{day.month}月{day.day}日{SESSIONS[half]} {end} 结束,签到后没有签退记录", url="/app/today",
    )  # fmt: skip
