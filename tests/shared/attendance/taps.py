"""Taps of one invented day, written as `in 07:50 A`."""

from __future__ import annotations

import datetime as dt

from shared.attendance.session import SessionWindows, Tap
from shared.calendar import at

DAY = dt.date(2026, 11, 23)
WINDOWS = SessionWindows((dt.time(8), dt.time(12)), (dt.time(14), dt.time(17, 30)), 180, 30)


def clock(text: str, day: dt.date = DAY) -> dt.datetime:
    """The instant of a wall-clock time of the day."""
    return at(day, dt.time.fromisoformat(text))


def taps(*written: str, day: dt.date = DAY) -> list[Tap]:
    """Taps from `in 07:50` or `out 12:00 B`; the entry id says when and where."""
    found = []
    for text in written:
        direction, time, *clinic = text.split()
        place = clinic[0] if clinic else "A"
        found.append(Tap(f"{direction}-{time}-{place}", direction, place, clock(time, day)))
    return found
