"""Half-day sessions: in or out, pairs, minutes (continuity.md §1.2, evidence.md §6.4). Pure.

Everything here looks at one date of one posting. A forgotten check-out of another day can change nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shared.attendance.grade import Graded
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
    """One recorded check-in or check-out as the fold sees it; `counts` is False while a red flag is undecided
    or the evidence is too weak; `grade` None: recorded before there were grades."""

    entry_id: str
    direction: str
    clinic_id: str
    at: dt.datetime
    counts: bool = True
    flags: tuple[str, ...] = ()
    corrected: bool = False
    grade: Graded | None = None


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
    pairs: tuple[Interval, ...] = ()

    def half(self, name: str) -> HalfAttendance | None:
        """The session "am" or "pm"."""
        return self.am if name == "am" else self.pm


def next_direction(windows: SessionWindows, taps: Iterable[Tap], at: dt.datetime) -> tuple[str, str]:
    """The action a page offers at this instant, ("in" | "out", "am" | "pm"), from the taps at this clinic.

    Taps of another date are ignored, so a forgotten check-out yesterday changes nothing. Source: evidence.md §6.4.
    """
    wall = local(at)
    opened = is_open(tap for tap in taps if local(tap.at).date() == wall.date() and tap.at <= at)
    _, noon, pm_middle = turning_points(windows)
    morning = "out" if opened else "in"
    afternoon = "in" if wall.time() < pm_middle else "out"  # open or not: one pair may serve both sessions
    return (morning, "am") if wall.time() < noon else (afternoon, "pm")


def turning_points(windows: SessionWindows) -> tuple[dt.time, dt.time, dt.time]:
    """Middle of the morning, of the noon gap and of the afternoon (sample: 10:00, 13:00, 15:45)."""
    return (
        _middle(windows.am[0], windows.am[1]),
        _middle(windows.am[1], windows.pm[0]),
        _middle(windows.pm[0], windows.pm[1]),
    )


def session_of(windows: SessionWindows, at: dt.datetime) -> str:
    """The session an instant is named after: the middle of the noon gap parts the day. Minutes do not follow it."""
    return "am" if local(at).time() < turning_points(windows)[1] else "pm"


def label(direction: str, session: str) -> str:
    """The words on the button: 签到(上午), 签退(下午). KeyError for anything but in/out and am/pm."""
    return f"{_WORDS[direction]}({_WORDS[session]})"


def is_open(taps: Iterable[Tap]) -> bool:
    """Whether there is an `in` without a later `out` among the taps of one date and clinic."""
    last = max(taps, key=_order, default=None)
    return last is not None and last.direction == "in"


def intervals(taps: Iterable[Tap]) -> tuple[Interval, ...]:
    """Pair the counting taps of one date, clinic by clinic.

    The earliest `in` opens, later ones change nothing until an `out` closes; an `out` without an open `in` opens
    nothing (evidence.md §6.4). Order of the input does not matter.
    """
    opened: dict[str, Tap] = {}
    found: list[Interval] = []
    for tap in sorted((tap for tap in taps if tap.counts), key=_order):
        if tap.direction == "in":
            opened.setdefault(tap.clinic_id, tap)
        elif came := opened.pop(tap.clinic_id, None):
            found.append(Interval(tap.clinic_id, came, tap))
    found += [Interval(clinic, came, None) for clinic, came in opened.items()]
    return tuple(sorted(found, key=lambda pair: _order(pair.came)))


def pair_day(windows: SessionWindows, taps: Iterable[Tap]) -> DayAttendance:
    """Pair the counting taps of one date and give each session its clinic and minutes (continuity.md §1.2).

    Raises ValueError when the taps are of more than one Shanghai date: an interval never crosses midnight.
    """
    pairs = intervals(taps)
    dates = {local(tap.at).date() for pair in pairs for tap in (pair.came, pair.left) if tap}
    if len(dates) > 1:
        raise ValueError("taps of one date only")
    if not dates:
        return DayAttendance()
    day = dates.pop()
    am, pm = (_half(windows, half, day, pairs) for half in HALVES)
    return DayAttendance(am, pm, any(pair.left is None for pair in pairs), pairs)


def _half(windows: SessionWindows, half: str, day: dt.date, pairs: Sequence[Interval]) -> HalfAttendance | None:
    start, end = windows.on(half, day)
    present = [pair for pair in pairs if _overlap(pair, start, end) or _opens(windows, pair) == half]
    if not present:
        return None
    spent: dict[str, dt.timedelta] = {}
    for pair in present:
        spent[pair.clinic_id] = spent.get(pair.clinic_id, dt.timedelta()) + _overlap(pair, start, end)
    minutes = {clinic: time // dt.timedelta(minutes=1) for clinic, time in spent.items()}
    reached = [clinic for clinic in spent if minutes[clinic] >= windows.min_minutes]
    # `present` is in order of check-in and max() keeps the first of equals: a tie goes to the earlier check-in
    clinic = max(reached or spent, key=lambda name: minutes[name])
    here = [pair for pair in present if pair.clinic_id == clinic]
    taps = [tap for pair in here for tap in (pair.came, pair.left) if tap]
    closed = [pair.left.at for pair in here if pair.left]
    worked = {name: count for name, count in minutes.items() if spent[name]}
    flags = ("two_clinics",) if len(reached) > 1 else ("split_session",) if len(worked) > 1 and not reached else ()
    return HalfAttendance(
        half=half, clinic_id=clinic, minutes=minutes[clinic], attended=bool(reached),
        late=here[0].came.at > start + dt.timedelta(minutes=windows.late_after_minutes),
        in_at=here[0].came.at, out_at=max(closed, default=None), open=len(closed) < len(here),
        corrected=any(tap.corrected for tap in taps), by_clinic=worked, flags=flags,
        evidence=tuple(sorted({tap.entry_id for tap in taps})),
    )  # fmt: skip


def _overlap(pair: Interval, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
    if pair.left is None:
        return dt.timedelta()
    return max(dt.timedelta(), min(pair.left.at, end) - max(pair.came.at, start))


def _opens(windows: SessionWindows, pair: Interval) -> str | None:
    """The session an interval that is still open is shown in: the first one it can still serve."""
    if pair.left is not None:
        return None
    return "am" if local(pair.came.at).time() < windows.am[1] else "pm"


def _middle(first: dt.time, second: dt.time) -> dt.time:
    seconds = (first.hour * 60 + first.minute + second.hour * 60 + second.minute) * 30
    return dt.time(seconds // 3600, seconds % 3600 // 60, seconds % 60)


def _order(tap: Tap) -> tuple[dt.datetime, int, str]:
    # of one instant the `out` comes first, so that leaving and coming back at once loses no minute
    return tap.at, 0 if tap.direction == "out" else 1, tap.entry_id
