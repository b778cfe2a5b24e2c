"""Postings of a case and their rosters (continuity.md §6.2). Pure."""

from __future__ import annotations

import datetime as dt
from typing import Any

from shared.calendar import Calendar, days_between, local_date
from shared.rules.case import shape
from shared.rules.case.events import HALF
from shared.rules.case.model import Path
from shared.rules.case.shape import Field, Notes
from shared.rules.days import HalfDay
from shared.rules.load import Programme
from shared.rules.schema import RECIPIENT_LEVELS, TITLE_RANKS
from shared.rules.terms import PostingTerms

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LAID_OUT = dt.timedelta(days=400)
"""How far the weekday roster of an open posting is laid out."""
_END_REASONS = frozenset({"completed", "rotation", "illness", "ordered", "other"})
FIELDS = {
    "id": Field(shape.text), "doctor": Field(shape.text, "D1"), "supporter": Field(shape.text, "S1"),
    "recipient": Field(shape.text, "R1"), "clinics": Field(shape.texts, ("C1",)), "mode": Field(shape.text),
    "seat": Field(shape.text, null=True), "specialty": Field(shape.text, null=True),
    "title_rank": Field(shape.one_of(TITLE_RANKS), null=True),
    "recipient_level": Field(shape.one_of(RECIPIENT_LEVELS), null=True),
    "start": Field(shape.date, required=True), "end": Field(shape.date, required=True, null=True),
    "end_reason": Field(shape.one_of(_END_REASONS), null=True), "end_approved": Field(shape.flag, False),
    "roster": Field(shape.anything),
}  # fmt: skip
_ENTRY = {
    "weekday": Field(shape.one_of(WEEKDAYS)), "date": Field(shape.date), "half": Field(HALF, required=True),
    "clinic": Field(shape.text, required=True),
}  # fmt: skip


def posting_of(
    value: Any, place: int, programme: Programme | None, calendar: Calendar, as_of: dt.datetime | None, notes: Notes
) -> PostingTerms | None:
    """One posting, or None after noting what is wrong with it."""
    path: Path = ("postings", place)
    before = len(notes.found)
    found = shape.table(value, path, notes, FIELDS)
    if found is None or len(notes.found) > before:
        return None
    if found["end"] is not None and found["end"] < found["start"]:
        notes.add((*path, "end"), "date_order", "结束早于开始")
    if found["end"] is None and as_of is None:
        notes.add((*path, "end"), "open_posting_without_as_of", "未结束的派驻需要 as_of")
    if programme is None or len(notes.found) > before:
        return None
    mode = found["mode"] or next(iter(programme.modes))
    if mode not in programme.modes:
        notes.add((*path, "mode"), "mode_unknown", f"项目没有方式“{mode}”")
        return None
    if programme.modes[mode].duty == "roster" and not found["roster"]:
        notes.add((*path, "roster"), "roster_missing", "按排班出勤的方式需要 roster")
        return None
    last = found["end"] or (local_date(as_of) if as_of else found["start"]) + LAID_OUT
    roster = _roster(found["roster"] or [], path, calendar, found["start"], last, notes)
    return PostingTerms(
        id=found["id"] or f"P{place + 1}", person_id=found["doctor"], programme_id=programme.id,
        supporter_id=found["supporter"], recipient_id=found["recipient"], clinics=found["clinics"], mode=mode,
        seat_id=found["seat"], specialty=found["specialty"], title_rank=found["title_rank"],
        recipient_level=found["recipient_level"], team_id=f"{found['supporter']}-{found['recipient']}/{mode}",
        start=found["start"], end=found["end"], roster=roster, end_reason=found["end_reason"],
        end_approved=found["end_approved"],
    )  # fmt: skip


def _roster(
    entries: Any, path: Path, calendar: Calendar, first: dt.date, last: dt.date, notes: Notes
) -> dict[HalfDay, str]:
    """Rostered half-days with their clinic; weekday entries apply on workdays, dated ones where they stand."""
    found: dict[HalfDay, str] = {}
    dated: dict[HalfDay, str] = {}
    for place, item in enumerate(shape.objects(entries, (*path, "roster"), notes)):
        here = (*path, "roster", place)
        keys = shape.table(item, here, notes, _ENTRY)
        if keys is None or not keys["half"] or not keys["clinic"]:
            continue
        if (keys["weekday"] is None) == (keys["date"] is None):
            notes.add(here, "value", "weekday 和 date 要有且只有一项")
        elif keys["date"]:
            dated[keys["date"], keys["half"]] = keys["clinic"]
        else:
            number = WEEKDAYS.index(keys["weekday"])
            days = (day for day in days_between(first, last) if day.weekday() == number and calendar.is_workday(day))
            found |= {(day, keys["half"]): keys["clinic"] for day in days}
    return found | dated
