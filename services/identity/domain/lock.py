"""When failures lock a phone number: 5 within 15 minutes lock it for 15 minutes after the fifth (S-11). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

FAILURES = 5
WINDOW = dt.timedelta(minutes=15)
LOCK = dt.timedelta(minutes=15)
REMEMBERED = WINDOW + LOCK
ADDRESS_FAILURES = 60
"""Failures of one address within the window before every further try from there has to wait: a hospital shares one."""


def locked_for(failures: Sequence[dt.datetime], now: dt.datetime) -> int:
    """Seconds the number stays locked, 0 when open. `failures`: newest first; only the newest five matter."""
    if len(failures) < FAILURES:
        return 0
    newest, fifth = failures[0], failures[FAILURES - 1]
    if newest - fifth > WINDOW or now >= newest + LOCK:
        return 0
    return max(1, int((newest + LOCK - now).total_seconds()))
