"""Credit and debt of a segment, and when its months are met: debt is repaid day for day by later duty half-days (顺延). Pure.

Source: continuity.md §2.2. A date x is safely reached on date D when the half-days credited after x are at least the debt
up to x; the months are met on the first D that safely reaches `due`.
"""

from __future__ import annotations

import bisect
import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from shared.rules.durations import DAY
from shared.rules.segments import CREDITED, DEBT, Seen, Segment


@dataclass(frozen=True)
class Balance:
    """Running sums over the half-days of a segment in order: dates, credited and debt half-days up to each."""

    start: dt.date
    end: dt.date
    dates: tuple[dt.date, ...]
    credit: tuple[int, ...]
    debt: tuple[int, ...]

    @classmethod
    def of(cls, start: dt.date, end: dt.date, seen: Sequence[Seen]) -> Balance:
        """The sums of these half-days."""
        credit = itertools.accumulate(one.effect == CREDITED for one in seen)
        debt = itertools.accumulate(one.effect == DEBT for one in seen)
        return cls(start, end, tuple(one.half.date for one in seen), tuple(credit), tuple(debt))

    @classmethod
    def of_segment(cls, segment: Segment) -> Balance:
        """The sums of a segment."""
        return cls.of(segment.start, segment.end, segment.seen)

    def credited(self, day: dt.date) -> int:
        """Credited half-days up to and including a date."""
        return self._at(self.credit, day)

    def owed(self, day: dt.date) -> int:
        """Debt half-days up to and including a date."""
        return self._at(self.debt, day)

    def _at(self, sums: tuple[int, ...], day: dt.date) -> int:
        place = bisect.bisect_right(self.dates, day)
        return sums[place - 1] if place else 0

    def effective_end(self) -> dt.date:
        """The latest x, from the day before the start up to the end, with credit after x >= debt in [start, x]."""
        known = self.credited(self.end)
        for place, date in enumerate(self.dates):
            last_of_date = place + 1 == len(self.dates) or self.dates[place + 1] != date
            if last_of_date and self.credit[place] + self.debt[place] > known:
                return date - DAY
        return self.end

    def met_on(self, due: dt.date) -> dt.date | None:
        """The first date within the segment on which `due` is safely reached; None when there is none."""
        if self.end < due:
            return None
        missing = self.owed(due)
        if not missing:
            return due
        place = bisect.bisect_left(self.credit, self.credited(due) + missing)
        return self.dates[place] if place < len(self.dates) else None

    def shortfall(self, due: dt.date) -> int:
        """Half-days still to be worked after `due` was reached: debt up to it less what was credited after it."""
        return max(0, self.owed(due) - (self.credited(self.end) - self.credited(due)))
