"""When a message may go out: quiet hours, rest days, the spread over minutes (reminders.md §2). Pure."""

from __future__ import annotations

import datetime as dt
import hashlib

from shared.calendar import Calendar, at, local, local_date

QUIET_FROM, QUIET_TO, MORNING = dt.time(21), dt.time(7), dt.time(7, 20)
SPREAD_MINUTES, SHORT_SPREAD_MINUTES = 7, 3


def spread(due_at: dt.datetime, person_id: str, minutes: int = SPREAD_MINUTES) -> dt.datetime:
    """The due time moved by a stable 0..minutes-1 by hash of the recipient, kept inside minutes 3-27 and 33-57."""
    digest = hashlib.sha256(person_id.encode()).digest()
    moved = due_at + dt.timedelta(minutes=digest[0] % minutes)
    past = moved.minute % 30
    if past < 3:
        return moved + dt.timedelta(minutes=3 - past)
    return moved - dt.timedelta(minutes=past - 27) if past > 27 else moved


def quiet(now: dt.datetime, hours: tuple[dt.time, dt.time] = (QUIET_FROM, QUIET_TO)) -> bool:
    """Whether an instant lies in the quiet hours [from, to)."""
    first, last = hours
    time = local(now).time()
    return first <= time < last if first <= last else time >= first or time < last


def morning_after(now: dt.datetime) -> dt.datetime:
    """07:20 of today while it is still to come, else of tomorrow."""
    today = at(local_date(now), MORNING)
    return today if now < today else today + dt.timedelta(days=1)


def next_workday_morning(calendar: Calendar, now: dt.datetime) -> dt.datetime:
    """07:20 of the next workday."""
    return at(calendar.add_workdays(local_date(now), 1), MORNING)


def half_of(now: dt.datetime) -> str:
    """The half of the day: am before 13:00."""
    return "am" if local(now).hour < 13 else "pm"
