"""The evidence grade of one tap (evidence.md §9, version grade-1). Pure: eight inputs in, letter and reasons out.

A stored grade is what this function gives again from the same facts; what comes later (a countersign, a decision on a
flag, an objection, a correction) only changes the inputs.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable
from typing import NamedTuple

from shared.calendar import Calendar, at, days_between, local_date

VERSION = "grade-1"
LETTERS = "ABCD"
DEVICES = ("ok", "young", "none")
CODES = ("fresh", "kiosk", "poster", "none")
WINDOWS = ("w15", "w24", "w72", "over")
LOCATIONS = ("inside", "outside", "undetermined", "none")
SIGNATURES = ("i24", "i72", "off", "late")
"""`late`: an independent signature that came too late for both; the table treats it as none."""

_W15, _W24, _W72 = dt.timedelta(minutes=15), dt.timedelta(hours=24), dt.timedelta(hours=72)


class Inputs(NamedTuple):
    """K device, Q code, W window, L location, S signatures (one may satisfy several), R red flags, O objections, X.

    `red`: codes of red flags nobody has decided; `disputed`: an objection against presence is open; `upheld`: a red flag
    or such an objection was upheld; `corrected`: the time stems from an approved correction.
    """

    device: str = "none"
    code: str = "none"
    window: str = "over"
    location: str = "none"
    signed: frozenset[str] = frozenset()
    red: tuple[str, ...] = ()
    disputed: bool = False
    upheld: bool = False
    corrected: bool = False


class Graded(NamedTuple):
    """A to D, whether the tap counts, the reason code, the red flags behind a D, and the codes of what is missing."""

    grade: str
    counts: bool
    reason: str
    flags: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    version: str = VERSION


@functools.lru_cache(maxsize=4096)
def grade(inputs: Inputs, version: str = VERSION) -> Graded:
    """The grade by the decision table, first match wins. ValueError for a version this product does not know."""
    if version != VERSION:
        raise ValueError(f"no such grade version: {version}")
    letter, counts, reason = _doubted(inputs) or _strong(inputs) or _weak(inputs)
    lists = letter in "BC" and reason != "C-CORRECTED"
    return Graded(letter, counts, reason, inputs.red if reason == "D-FLAG" else (), _missing(inputs) if lists else ())


def _doubted(on: Inputs) -> tuple[str, bool, str] | None:
    """Rows 1 to 4: decided or undecided doubts, then corrections."""
    if on.upheld:
        return "D", False, "D-UPHELD"
    if on.red:
        return "D", False, "D-FLAG"
    if on.disputed:
        return "D", False, "D-OBJECTION"
    return ("C", True, "C-CORRECTED") if on.corrected else None


def _strong(on: Inputs) -> tuple[str, bool, str] | None:
    """Rows 5 to 11: grades A and B. Without a device key there is neither."""
    if on.device == "none":
        return None
    ok, near = on.device == "ok", on.window in ("w15", "w24")
    rows = (
        (ok and on.code == "fresh" and on.window == "w15" and on.location == "inside", "A-CODE-GEO"),
        (ok and on.code == "fresh" and on.window == "w15" and "i24" in on.signed, "A-CODE-SIGN"),
        (ok and on.code == "kiosk" and on.window != "over" and "i72" in on.signed, "A-KIOSK-SIGN"),
        (on.code == "fresh" and near, "B-CODE"),
        (on.code == "kiosk" and on.window != "over", "B-KIOSK"),
        (near and on.location == "inside", "B-GEO"),
        (near and "i24" in on.signed, "B-SIGN"),
    )
    return next(((reason[0], True, reason) for holds, reason in rows if holds), None)


def _weak(on: Inputs) -> tuple[str, bool, str]:
    """Rows 12 and 13: a signature from outside the clinic makes it count."""
    return ("C", True, "C-SIGN-OFF") if "off" in on.signed else ("C", False, "C-WEAK")


def _missing(on: Inputs) -> tuple[str, ...]:
    """What would have made more of it. A kiosk code needs a signature, not a location, and has 72 hours."""
    kiosk = on.code == "kiosk"
    wanted = "i72" if kiosk else "i24"
    unsigned = "countersign-late" if on.signed - {"off"} else "no-countersign"
    found = (
        {"none": "no-device", "young": "device-young"}.get(on.device),
        {"none": "no-code", "poster": "poster-only"}.get(on.code),
        "window-72h" if on.window == "over" else "window-24h" if on.window == "w72" and not kiosk else None,
        None if kiosk or on.location == "inside" else f"loc-{on.location}",
        None if wanted in on.signed else unsigned,
    )
    return tuple(code for code in found if code)


def window_class(window: dt.timedelta | None) -> str:
    """The class of received_at − lower bound: ≤ 15 min, ≤ 24 h, ≤ 72 h, else (or without a bound) over (§6.3)."""
    if window is None or window > _W72:
        return "over"
    return "w15" if window <= _W15 else "w24" if window <= _W24 else "w72"


def weakest(found: Iterable[Graded]) -> Graded | None:
    """The weakest of several; of two with one letter the one that does not count. None of none."""
    return max(found, key=lambda each: (each.grade, not each.counts), default=None)


def signature_classes(
    calendar: Calendar, signed_at: dt.datetime, effective_at: dt.datetime, received_at: dt.datetime, *, off: bool
) -> frozenset[str]:
    """What a countersign given at `signed_at` satisfies: i24, i72, late for an independent one, off for one from outside.

    Hours of rest days do not count; i72 lasts at least until 24 h after the tap was received. Source: evidence.md §9.
    """
    if off:
        return frozenset({"off"}) | signature_classes(calendar, signed_at, effective_at, received_at, off=False)
    since = working_time(calendar, effective_at, signed_at)
    found = {"i24"} if since <= _W24 else set()
    if since <= _W72 or working_time(calendar, received_at, signed_at) <= _W24:
        found.add("i72")
    return frozenset(found or {"late"})


def working_time(calendar: Calendar, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
    """The time from start to end without what falls on rest days (Shanghai dates); nothing where end is earlier."""
    spent = dt.timedelta()
    for day in days_between(local_date(start), local_date(end)):
        if calendar.is_workday(day):
            midnight = at(day, dt.time())
            spent += max(dt.timedelta(), min(end, midnight + dt.timedelta(days=1)) - max(start, midnight))
    return spent
