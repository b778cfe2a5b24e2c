"""Presence in a session, from the day's taps."""

from __future__ import annotations

import datetime as dt

import pytest

from services.worklog.domain.presence import clinic_of_session
from shared.attendance.session import SessionWindows, Tap
from shared.calendar import at

DAY = dt.date(2026, 11, 23)
WINDOWS = SessionWindows((dt.time(8), dt.time(12)), (dt.time(14), dt.time(17, 30)), 180, 30)


def taps(*moments: str) -> list[Tap]:
    """Taps like "in 07:50 c1"."""
    found = []
    for moment in moments:
        direction, time, clinic = moment.split()
        found.append(Tap(moment, direction, clinic, at(DAY, dt.time.fromisoformat(time))))
    return found


@pytest.mark.parametrize(("day", "am", "pm"), [
    ([], None, None),
    (["in 07:50 c1", "out 12:01 c1"], "c1", None),
    (["in 07:50 c1"], "c1", "c1"),  # still there, as far as anybody knows
    (["in 07:50 c1", "out 17:31 c1"], "c1", "c1"),
    (["in 13:50 c1"], None, "c1"),
    (["in 12:00 c1", "out 14:00 c1"], None, None),
    (["in 07:00 c1", "out 08:00 c1"], None, None),
    (["in 07:50 c1", "out 12:01 c1", "in 13:55 c2"], "c1", "c2"),
    (["out 09:00 c1"], None, None),
])  # fmt: skip
def test_clinic_of_session(day: list[str], am: str | None, pm: str | None) -> None:
    found = taps(*day)
    assert clinic_of_session(WINDOWS, found, DAY, "am") == am
    assert clinic_of_session(WINDOWS, found, DAY, "pm") == pm


def test_a_tap_that_does_not_count_is_no_presence() -> None:
    flagged = Tap("t", "in", "c1", at(DAY, dt.time(8)), counts=False)
    assert clinic_of_session(WINDOWS, [flagged], DAY, "am") is None
