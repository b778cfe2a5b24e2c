"""Flags of attendance (evidence.md §8, version flags-1). Pure; each flag carries the evidence ids that raised it.

Red keeps an event out of every figure until a person has decided; amber only removes the input it concerns or marks.
Here: the flags that can be told from what is recorded without device keys and location.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from shared.attendance.session import Interval

VERSION = "flags-1"
RED = frozenset({
    "device_shared", "device_fork", "device_revoked", "travel", "two_places", "code_foreign", "code_revoked",
    "beacon_bad", "spot_missed",
})  # fmt: skip
"""Every red code of the table; any other code is amber."""

SKEW_LIMIT = dt.timedelta(seconds=120)
FUTURE_LIMIT = dt.timedelta(minutes=5)
LATE_SYNC = dt.timedelta(hours=24)
OVERLAP_LIMIT = dt.timedelta(minutes=10)
_TEN_YEARS = 10


@dataclass(frozen=True)
class Flag:
    """One raised flag: its code, "red" or "amber", and the ids of the entries that raised it."""

    code: str
    colour: str
    evidence: tuple[str, ...] = ()


def is_red(code: str) -> bool:
    """Whether a flag of this code keeps the event out of the figures until it is decided."""
    return code in RED


def counts(codes: Iterable[str], dismissed: Iterable[str] = ()) -> bool:
    """Whether an event takes part in figures: no red flag that nobody has dismissed."""
    return not (RED & set(codes)) - set(dismissed)


def code_flags(clinic_id: str, posting_clinics: Sequence[str], *, revoked: bool) -> tuple[str, ...]:
    """`code_foreign`: the code belongs to a clinic outside the posting; `code_revoked`: poster or key was revoked."""
    foreign = ("code_foreign",) if clinic_id not in posting_clinics else ()
    return foreign + (("code_revoked",) if revoked else ())


def time_flags(
    *, received_at: dt.datetime, claimed_at: dt.datetime | None, skew_ms: int | None, online: bool,
    window: dt.timedelta | None,
) -> tuple[str, ...]:  # fmt: skip
    """`clock_skew` (|skew| > 120 s), `claim_range` (claim outside ±10 years or > 5 min ahead), `late_sync`.

    `claimed_at` is the phone's corrected time, `window` = received_at - proven lower bound (None = no bound);
    `late_sync` is raised for an offline event with a window over 24 h or unbounded. Source: evidence.md §6.3, §8.
    """
    found: list[str] = []
    if skew_ms is not None and abs(dt.timedelta(milliseconds=skew_ms)) > SKEW_LIMIT:
        found.append("clock_skew")
    if claimed_at is not None and not claim_in_range(claimed_at, received_at):
        found.append("claim_range")
    if not online and (window is None or window > LATE_SYNC):
        found.append("late_sync")
    return tuple(found)


def claim_in_range(claimed_at: dt.datetime, received_at: dt.datetime) -> bool:
    """Whether a claimed time may be used: at most ten calendar years back and five minutes ahead of its receipt."""
    day = 28 if (received_at.month, received_at.day) == (2, 29) else received_at.day
    oldest = received_at.replace(year=received_at.year - _TEN_YEARS, day=day)
    return oldest <= claimed_at <= received_at + FUTURE_LIMIT


def two_places(pairs: Sequence[Interval]) -> tuple[Flag, ...]:
    """Presence at two clinics that overlaps by more than ten minutes; a check-in still open proves no presence."""
    found = []
    for one, other in combinations(pairs, 2):
        if one.clinic_id == other.clinic_id or one.left is None or other.left is None:
            continue
        shared = min(one.left.at, other.left.at) - max(one.came.at, other.came.at)
        if shared > OVERLAP_LIMIT:
            taps = (one.came, one.left, other.came, other.left)
            found.append(Flag("two_places", "red", tuple(sorted({tap.entry_id for tap in taps}))))
    return tuple(found)
