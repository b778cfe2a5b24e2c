"""日志 (forms.md §3 block 6): per posting due, on time, late, missing, not yet due; photos.

A diary is due for every attended date (ZD-12). A diary without text is no diary, so it is never on time (U44).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.reports.domain.figures import Figure, not_reported, ratio, reported, total
from services.reports.domain.presence import pooled
from services.reports.domain.source import MonthSource, PostingLine, attended
from shared.calendar import at, midnight_after
from shared.progress.fold import DayFact

COUNTS = ("due", "submitted", "on_time", "late", "missing", "open", "photos")


def diaries(source: MonthSource) -> list[dict[str, Any]]:
    """One row per posting, in the order of the source."""
    return [_row(source, posting) for posting in source.postings]


def diaries_total(rows: list[dict[str, Any]]) -> dict[str, Figure]:
    """The totals row."""
    sums = {key: total((row[key] for row in rows), "人") for key in COUNTS}
    return {**sums, "on_time_rate": pooled(row["on_time_rate"] for row in rows)}


def is_diary(fact: DayFact) -> bool:
    """Whether a diary with text exists for the date."""
    return fact.diary is not None and fact.diary["chars"] > 0


def is_missing(source: MonthSource, fact: DayFact) -> bool:
    """Whether the date owes a diary whose time is over at the data cut-off."""
    return bool(attended(fact)) and not is_diary(fact) and deadline(source, fact) <= source.cutoff


def deadline(source: MonthSource, fact: DayFact) -> dt.datetime:
    """When the date's diary is due: `within_hours` after the end of its last attended session, else 24:00 of its date."""
    if source.programme.diary_hours is None:
        return midnight_after(fact.date)
    last = attended(fact)[-1][0]
    return at(fact.date, source.programme.session_ends[last]) + dt.timedelta(hours=source.programme.diary_hours)


def _row(source: MonthSource, posting: PostingLine) -> dict[str, Any]:
    head = {"posting_id": posting.id, "name": posting.name, "department": posting.department}
    facts = source.facts(posting)
    if not facts:
        return {**head, **{key: not_reported() for key in (*COUNTS, "on_time_rate")}}
    here = [fact for fact in facts if attended(fact)]
    written = [fact for fact in here if is_diary(fact)]
    late = sum(bool(fact.diary and fact.diary["late"]) for fact in written)
    missing = sum(is_missing(source, fact) for fact in here)
    photos = sum(fact.diary["photos"] for fact in facts if fact.diary)
    counts = (len(here), len(written), len(written) - late, late, missing, len(here) - len(written) - missing, photos)
    figures = {key: reported(value) for key, value in zip(COUNTS, counts, strict=True)}
    ended = reported(len(written) + missing)
    return {**head, **figures, "on_time_rate": ratio(figures["on_time"], ended)}
