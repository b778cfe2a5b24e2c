"""Fold everything recorded for one posting and date into one day fact. Pure, idempotent, order-free."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from shared.calendar import Calendar
from shared.progress.facts import DayFact, FactRecord, HalfFact, PostingTerms
from shared.rules.load import Programme

__all__ = ["DayFact", "FactRecord", "HalfFact", "PostingTerms", "fold_day"]


def fold_day(
    programme: Programme, calendar: Calendar, posting: PostingTerms, facts: Sequence[FactRecord], day: dt.date,
    as_of: dt.datetime,
) -> DayFact:  # fmt: skip
    """The day fact of a posting and date as known at `as_of`.

    `facts` are the facts of the posting that touch the date, in any order, each once or more; facts of other dates do
    no harm, and those of the calendar month are needed where corrections were asked for (their monthly limit).
    """
    raise NotImplementedError
