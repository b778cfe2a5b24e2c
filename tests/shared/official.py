"""The official calendar of 2026 (published 4 Nov 2025) as a value; December 2025 has no exception in it."""

from __future__ import annotations

import datetime as dt

from shared.calendar import Calendar, days_between

HOLIDAYS = (
    ((1, 1), (1, 3)),
    ((2, 15), (2, 23)),
    ((4, 4), (4, 6)),
    ((5, 1), (5, 5)),
    ((6, 19), (6, 21)),
    ((9, 25), (9, 27)),
    ((10, 1), (10, 7)),
)
MAKE_UP = ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))
"""Saturdays and Sundays worked in return (调休)."""

REST = [day for a, b in HOLIDAYS for day in days_between(dt.date(2026, *a), dt.date(2026, *b))]
OFFICIAL = Calendar.of(dict.fromkeys(REST, "rest") | {dt.date(2026, *day): "workday" for day in MAKE_UP}, {2025, 2026})
MONDAY_TO_FRIDAY = Calendar.of({}, ())
