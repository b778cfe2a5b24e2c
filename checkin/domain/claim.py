"""What the phone says about time: kept as a claim, never an order of things (evidence.md §6.3)."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from shared.attendance.flags import claim_in_range

TEN_YEARS = dt.timedelta(days=3650)
"""A clock this far off is absurd by itself (leap days aside), even where `sent_at` would correct it."""


class Claim(NamedTuple):
    """`at`: the claimed instant corrected by the skew, None when absent or absurd; skew_ms: None without `sent_at`."""

    at: dt.datetime | None
    skew_ms: int | None
    absurd: bool = False


def read(device_time: dt.datetime | None, sent_at: dt.datetime | None, received_at: dt.datetime) -> Claim:
    """Judge the phone's clock: skew is received − sent of one request, the only skew that no repeat can fake.

    A clock ten years off, or a claim more than 5 min in the future, is absurd: it is flagged and not used.
    """
    skew = received_at - sent_at if sent_at else None
    skew_ms = None if skew is None else skew // dt.timedelta(milliseconds=1)
    if device_time is None:
        return Claim(None, skew_ms)
    if abs(device_time - received_at) >= TEN_YEARS or (skew is not None and abs(skew) >= TEN_YEARS):
        return Claim(None, skew_ms, absurd=True)
    at = device_time + (skew or dt.timedelta())
    return Claim(at, skew_ms) if claim_in_range(at, received_at) else Claim(None, skew_ms, absurd=True)
