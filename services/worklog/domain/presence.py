"""Whether a session was attended, as far as the day's taps show it now. Pure; the fold looks again later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from shared.attendance.session import SessionWindows, Tap, intervals


def clinic_of_session(windows: SessionWindows, taps: Sequence[Tap], day: dt.date, session: str) -> str | None:
    """The clinic at which a presence touches the session, or None. An open check-in touches what follows it."""
    start, end = windows.on(session, day)
    for interval in intervals(taps):
        if interval.came.at < end and (interval.left is None or interval.left.at > start):
            return interval.clinic_id
    return None
