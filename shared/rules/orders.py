"""What each half-day of ordered work does: credited, bridged or breaking, with allowances for meetings and travel. Pure.

Source: continuity.md §2.4: meetings and training ordered by the supporter, and travel at each end of a posting, are
credited up to the limits of `[ordered]`; the excess follows `ordered.continuity` (or `ordered.accumulate`).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from shared.calendar import Calendar, days_between
from shared.rules.durations import DAY
from shared.rules.history import Half
from shared.rules.load import Programme
from shared.rules.terms import PostingTerms


def effects(
    halves: Sequence[Half], postings: Sequence[PostingTerms], programme: Programme, calendar: Calendar, purpose: str
) -> list[str]:
    """`count`, `bridge` or `break` for each half-day in order; what is no ordered work has "".

    `purpose` is continuity or accumulate. Meetings: so many workdays in each calendar month, in order. Travel: on the
    first and last workdays of a posting.
    """
    usual = str(programme.setting(f"ordered.{purpose}"))
    limit = 2 * programme.setting("ordered.meeting_workdays_per_month")
    ends: dict[str, frozenset[dt.date]] = {}
    terms = {posting.id: posting for posting in postings}
    used: Counter[tuple[int, int]] = Counter()
    found = []
    for half in halves:
        effect = usual if half.status == "O" else ""
        if effect and half.reason == "meeting":
            month = (half.date.year, half.date.month)
            used[month] += 1
            effect = "count" if used[month] <= limit else usual
        elif effect and half.reason == "travel":
            if half.posting_id not in ends:
                ends[half.posting_id] = _ends(terms[half.posting_id], programme, calendar)
            effect = "count" if half.date in ends[half.posting_id] else usual
        found.append(effect)
    return found


def _ends(posting: PostingTerms, programme: Programme, calendar: Calendar) -> frozenset[dt.date]:
    """The dates at the ends of a posting on which travel is credited."""
    count = programme.setting("ordered.travel_workdays_per_end")
    first = days_between(posting.start, calendar.add_workdays(posting.start - DAY, count))
    last = days_between(calendar.add_workdays(posting.end + DAY, -count), posting.end) if posting.end else []
    return frozenset([*first, *last])
