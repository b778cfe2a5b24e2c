"""Months between dates, as the source documents count them: the first day is one of them. Pure.

1 January to 30 June is six months (晋卫办医管〔2012〕43号: 2013年1-12月 is one year); 民法典 Art. 201, which leaves the first
day out, is not followed on purpose.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, order=True)
class Length:
    """Whole months and the days that remain."""

    months: int
    days: int

    def to_dict(self) -> dict[str, int]:
        """JSON form."""
        return {"months": self.months, "days": self.days}


def due(start: dt.date, months: int) -> dt.date:
    """The last day of `months` months from `start` on, the start counted: the day before the same day of the month, or
    the month's last day where it has no such day (continuity.md §2.2). due(start, 0) is the day before."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    if start.day > last:
        return dt.date(year, month + 1, last)
    return dt.date(year, month + 1, start.day) - DAY


def length(first: dt.date, last: dt.date) -> Length:
    """(months, days) from first to last, both included: the most months whose `due` is not after `last`, then days."""
    between = (last.year - first.year) * 12 + last.month - first.month
    months = max(0, between + 1 - sum(due(first, between + more) > last for more in (0, 1)))
    return Length(months, max(0, (last - due(first, months)).days))
