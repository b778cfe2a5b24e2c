"""Half-day sessions: in or out, pairs, minutes (continuity.md §1.2, evidence.md §6.4). Pure.

Everything here looks at one date of one posting. A forgotten check-out of another day can change nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from shared.calendar import at as instant_of
from shared.calendar import local

HALVES = ("am", "pm")
_WORDS = {"in": "签到", "out": "签退", "am": "上午", "pm": "下午"}


@dataclass(frozen=True)
class SessionWindows:
    """The session windows of a programme (`[session]`): wall-clock start and end, minutes that make a half-day."""

    am: tuple[dt.time, dt.time]
    pm: tuple[dt.time, dt.time]
    min_minutes: int
    late_after_minutes: int

    def of(self, half: str) -> tuple[dt.time, dt.time]:
        """Start and end of "am" or "pm"."""
        return self.am if half == "am" else self.pm

    def on(self, half: str, day: dt.date) -> tuple[dt.datetime, dt.datetime]:
        """Start and end of a session on a date, as instants."""
        start, end = self.of(half)
        return instant_of(day, start), instant_of(day, end)


@dataclass(frozen=True)
class Tap:
    """One recorded check-in or check-out as the fold sees it; `counts` is False while a red flag is undecided."""

    entry_id: str
    direction: str
    clinic_id: str
    at: dt.datetime
    counts: bool = True
    flags: tuple[str, ...] = ()
    corrected: bool = False


@dataclass(frozen=True)
class Interval:
    """A check-in with the check-out that closes it; `out` None = still open."""

    clinic_id: str
    came: Tap
    left: Tap | None


@dataclass(frozen=True)
class HalfAttendance:
    """What the taps of a date give one session; minutes are whole, at `clinic_id`, inside the window."""

    half: str
    clinic_id: str
    minutes: int
    attended: bool
    late: bool
    in_at: dt.datetime
    out_at: dt.datetime | None
    open: bool
    corrected: bool
    by_clinic: Mapping[str, int]
    flags: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class DayAttendance:
    """Both sessions of a date (None = no presence), whether a check-in is still open, and every interval."""

    am: HalfAttendance | None = None
    pm: HalfAttendance | None = None
    open: bool = False
    pairs: tuple[Interval, ...] = field(default=())

    def half(self, name: str) -> HalfAttendance | None:
        """The session "am" or "pm"."""
        return self.am if name == "am" else self.pm


def next_direction(windows: SessionWindows, taps: Iterable[Tap], at: dt.datetime) -> tuple[str, str]:
    """The action a page offers at this instant, ("in" | "out", "am" | "pm"), from the taps at this clinic.

    Taps of another date are ignored, so a forgotten check-out yesterday changes nothing. Source: evidence.md §6.4.
    """
    wall = local(at)
    today = [tap for tap in taps if local(tap.at).date() == wall.date() and tap.at <= at]
    opened = is_open(today)
    moment = wall.time().replace(tzinfo=None)
    am_middle, noon, pm_middle = turning_points(windows)
    if moment < am_middle:
        return ("out" if opened else "in"), "am"
    if moment < noon:
        return ("out" if opened else "in"), "am"
    if moment < pm_middle:
        return "in", "pm"
    return "out", "pm"


def turning_points(windows: SessionWindows) -> tuple[dt.time, dt.time, dt.time]:
    """Middle of the morning, of the noon gap and of the afternoon (sample: 10:00, 13:00, 15:45)."""
    return (
        _middle(windows.am[0], windows.am[1]),
        _middle(windows.am[1], windows.pm[0]),
        _middle(windows.pm[0], windows.pm[1]),
    )


def label(direction: str, session: str) -> str:
    """The words on the button: 签到(上午), 签退(下午). KeyError for anything but in/out and am/pm."""
    return f"{_WORDS[direction]}({_WORDS[session]})"


def is_open(taps: Iterable[Tap]) -> bool:
    """Whether there is an `in` without a later `out` among the taps of one date and clinic."""
    last = max(taps, key=_order, default=None)
    return last is not None and last.direction == "in"


def pair_day(windows: SessionWindows, taps: Sequence[Tap]) -> DayAttendance:
    """Pair the counting taps of one date and give each session its clinic and minutes."""
    raise NotImplementedError


def _middle(first: dt.time, second: dt.time) -> dt.time:
    minutes = (first.hour * 60 + first.minute + second.hour * 60 + second.minute) * 30
    return dt.time(minutes // 3600, minutes % 3600 // 60, minutes % 60)


def _order(tap: Tap) -> tuple[dt.datetime, int, str]:
    return tap.at, 0 if tap.direction == "in" else 1, tap.entry_id


_ = replace
