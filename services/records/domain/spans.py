"""The dates that a named period, a month or a date stands for. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from shared import calendar as cal

_NAMES: tuple[tuple[str, Callable[[str], list[dt.date]]], ...] = (
    (r"\d{4}", cal.year_days), (r"\d{4}-H[12]", cal.half_year_days), (r"\d{4}-Q[1-4]", cal.quarter_days),
    (r"\d{4}-(?:0[1-9]|1[0-2])", cal.month_days), (r"\d{4}-W\d{2}", cal.week_days), (r"\d{4}-\d\d-\d\d/2w", cal.two_weeks_days),
)  # fmt: skip


def span_of(name: str) -> tuple[dt.date, dt.date] | None:
    """First and last date of a period of rules.md §5 or of a date; None for any other text (`once`, a posting's id)."""
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", name):
            return dt.date.fromisoformat(name), dt.date.fromisoformat(name)
        for pattern, days_of in _NAMES:
            if re.fullmatch(pattern, name):
                days = days_of(name)
                return (days[0], days[-1]) if 2000 <= days[0].year <= 2099 else None
    except (ValueError, OverflowError):
        return None
    return None
