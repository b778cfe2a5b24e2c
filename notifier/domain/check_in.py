"""D01: a duty session has begun 15 minutes ago and nobody checked in (reminders.md §3). Decided when planned and when sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from notifier.domain.wording import SESSIONS, Words
from shared.attendance.session import HALVES, Interval, SessionWindows, Tap, intervals
from shared.calendar import local_date
from shared.rules.days import Order, Slip

TYPE = "D01"
AFTER_START = dt.timedelta(minutes=15)
PLANNED_UNTIL = dt.timedelta(minutes=30)
USEFUL_FOR = dt.timedelta(minutes=30)

WAITS = "unsent"
"""The one silence that is no answer: the phone holds records of the session that have not arrived."""


@dataclass(frozen=True)
class Presence:
    """What decides whether the physician of one posting is owed the reminder for one session of a date.

    `duty`: the session is a duty half-day. `clinics`: where it is owed. `asked` and `noted`: sessions with a correction
    request or a supervisor's note on file. `unsent`: the phone reported records of this session it could not send. `next_clinics`: where the
    afternoon is owed, seen from the morning.
    """

    windows: SessionWindows
    day: dt.date
    half: str
    duty: bool
    clinics: frozenset[str]
    taps: tuple[Tap, ...] = ()
    slips: tuple[Slip, ...] = ()
    orders: tuple[Order, ...] = ()
    asked: frozenset[str] = frozenset()
    noted: frozenset[str] = frozenset()
    unsent: bool = False
    next_clinics: frozenset[str] = frozenset()


def due_sessions(windows: SessionWindows, now: dt.datetime) -> list[str]:
    """The sessions of today that began 15 to 30 minutes ago: the ones to plan reminders for."""
    today = local_date(now)
    return [half for half in HALVES if AFTER_START <= now - windows.on(half, today)[0] <= PLANNED_UNTIL]


def due_at(windows: SessionWindows, day: dt.date, half: str) -> dt.datetime:
    """When the reminder is due."""
    return windows.on(half, day)[0] + AFTER_START


def words(windows: SessionWindows, day: dt.date, half: str) -> Words:
    """The words of one session."""
    session, start = SESSIONS[half], f"{windows.of(half)[0]:%H:%M}"
    return Words(
        title=f"{session}还没有签到记录", text="到院后扫门诊的码即可。已签到请点此查看。",
        why=f"{day.month}月{day.day}日{session}有出诊安排,{start} 开始后 15 分钟没有签到记录", url="/app/today",
    )  # fmt: skip


def silence(presence: Presence) -> str | None:
    """Why nothing is owed now, or None when the reminder is owed.

    no-duty (rest day or no rostered session), checked-in, leave (filed and not refused), ordered-work, correction,
    noted, unsent.
    """
    half = (presence.day, presence.half)
    if not presence.duty:
        return "no-duty"
    if attended(presence):
        return "checked-in"
    if any(slip.covers(half) and slip.decision != "rejected" for slip in presence.slips):
        return "leave"
    if any(order.covers(half) and order.decision != "rejected" for order in presence.orders):
        return "ordered-work"
    if presence.half in presence.asked:
        return "correction"
    if presence.half in presence.noted:
        return "noted"
    return WAITS if presence.unsent else None


def attended(presence: Presence) -> bool:
    """Whether a check-in covers the session."""
    return any(_serves(presence, pair) for pair in intervals(all_count(presence.taps)))


def all_count(taps: Iterable[Tap]) -> list[Tap]:
    """A tap under a red flag is still a check-in: to say there is none would be false."""
    return [replace(tap, counts=True) for tap in taps]


def _serves(presence: Presence, pair: Interval) -> bool:
    """Whether a check-in covers the session: still there when it began, or come since the session before ended.

    One left open by the earlier session covers this one at the same clinic only.
    """
    start, end = presence.windows.on(presence.half, presence.day)
    if pair.came.at >= end or (pair.left is not None and pair.left.at <= start):
        return False
    before_ended = presence.windows.on("am", presence.day)[1]
    fresh = presence.half == "am" or pair.came.at >= before_ended
    return fresh or pair.left is not None or pair.clinic_id in presence.clinics
