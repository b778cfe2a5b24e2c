"""Read a case file: every mistake of it at once, or the case. Pure: the file's bytes come in. (continuity.md §6.1-§6.7)"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from shared.calendar import Calendar
from shared.rules.accumulate import Credit
from shared.rules.case import check, events, shape
from shared.rules.case.model import Case, CaseInvalid, Doctor, Event, Path, Posting
from shared.rules.case.postings import posting_of
from shared.rules.case.programme import programme_of
from shared.rules.case.questions import question_of
from shared.rules.case.shape import Field, Notes
from shared.rules.load import Programme
from shared.rules.schema import CREDITS, TITLE_RANKS

TOP: Mapping[str, Field] = {
    "programme": Field(shape.anything, required=True), "settings": Field(shape.anything, {}),
    "calendar": Field(shape.anything, {}), "as_of": Field(shape.instant, null=True),
    "default_attendance": Field(shape.one_of({"present", "absent"}), "present"), "doctors": Field(shape.anything, {}),
    "postings": Field(shape.anything, []), "events": Field(shape.anything, []), "credits": Field(shape.anything, []),
    "questions": Field(shape.anything, required=True),
    **{name: Field(shape.anything, null=True) for name in ("case", "title", "note", "checked", "checked_note", "expect")},
}  # fmt: skip
_DOCTOR = {
    "licence_since": Field(shape.date, null=True), "title_since": Field(shape.date, null=True),
    "title_rank": Field(shape.one_of(TITLE_RANKS), null=True),
}  # fmt: skip
_CREDIT = {
    "id": Field(shape.text), "doctor": Field(shape.text, "D1"), "counts": Field(shape.one_of(CREDITS)),
    "from": Field(shape.date, required=True), "to": Field(shape.date, required=True), "ratio": Field(shape.ratio),
    "cap_months": Field(shape.integer(0)), "doc_no": Field(shape.text),
}  # fmt: skip
Open = Callable[[str], bytes]
"""Gives a programme file named beside the case; raises OSError."""


def load(
    data: bytes, programmes: Mapping[str, Programme], calendar: Calendar, open_beside: Open
) -> Case:  # fmt: skip
    """The case in `data`. Raises CaseInvalid with every mistake, in the order of the file."""
    notes = Notes()
    try:
        document = json.loads(data.decode(), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        notes.add((), "json_syntax", f"不是 JSON:{error}")
        raise CaseInvalid(notes.found) from error
    found = shape.table(document, (), notes, TOP)
    case = _case(found, programmes, calendar, open_beside, notes) if found is not None else None
    if case is not None:
        check.together(case, notes)
    if notes.found or case is None:
        raise CaseInvalid(sorted(notes.found, key=lambda one: _position(document, one.path)))
    return case


def _case(
    found: Mapping[str, Any], programmes: Mapping[str, Programme], calendar: Calendar, open_beside: Open, notes: Notes
) -> Case | None:
    programme = programme_of(found["programme"], found["settings"], programmes, open_beside, notes)
    days = _calendar(found["calendar"], calendar, notes)
    postings = [
        posting_of(item, place, programme, days, found["as_of"], notes)
        for place, item in enumerate(shape.objects(found["postings"], ("postings",), notes))
    ]
    listed = [_event(item, place, notes) for place, item in enumerate(shape.objects(found["events"], ("events",), notes))]
    asked = shape.objects(found["questions"], ("questions",), notes, least=1) if found["questions"] is not None else []
    questions = [question_of(item, place, notes) for place, item in enumerate(asked)]
    credits_, doctors = _credits(found["credits"], notes), _doctors(found["doctors"], notes)
    if programme is None:
        return None
    return Case(
        programme, days, found["as_of"], found["default_attendance"] == "present",
        tuple(Posting(terms, place) for place, terms in enumerate(postings) if terms),
        tuple(event for event in listed if event), credits_, tuple(one for one in questions if one), doctors, found["expect"],
    )  # fmt: skip


def _calendar(value: Any, loaded: Calendar, notes: Notes) -> Calendar:
    fields = {"days": Field(shape.anything, {}), "years": Field(shape.anything, [])}
    found = shape.table(value, ("calendar",), notes, fields) or {"days": {}, "years": []}
    days: dict[dt.date, str] = {}
    if not isinstance(found["days"], dict):
        notes.add(("calendar", "days"), "type", "应为对象")
        found["days"] = {}
    for key, kind in found["days"].items():
        day = shape.date(key, ("calendar", "days", key), notes)
        word = shape.one_of({"workday", "rest"})(kind, ("calendar", "days", key), notes)
        if day and word:
            days[day] = word
    years = shape.objects(found["years"], ("calendar", "years"), notes)
    good = [year for year in years if type(year) is int and year in shape.YEARS]
    if len(good) < len(years):
        notes.add(("calendar", "years"), "year_range", "年份应为 2000 到 2099 的整数")
    if not days and not good:
        return loaded
    return Calendar.of({**loaded.days, **days}, {*loaded.complete_years, *good})


def _event(value: Any, place: int, notes: Notes) -> Event | None:
    path: Path = ("events", place)
    if not isinstance(value, dict):
        notes.add(path, "type", "应为对象")
        return None
    kind = value.get("kind")
    if not isinstance(kind, str) or kind not in events.FIELDS:
        code = "key_missing" if "kind" not in value else "value"
        notes.add((*path, "kind"), code, f"不认识的事件“{kind}”" if kind else "缺少必填项“kind”")
        return None
    before = len(notes.found)
    found = shape.table(value, path, notes, events.FIELDS[kind])
    if found is None or len(notes.found) > before:
        return None
    span = _span(kind, found, path, notes)
    if span is None:
        return None
    first, last, half = span
    return Event(kind, found["id"] or f"E{place + 1}", found["doctor"], first, last, half, found)


def _span(kind: str, found: Mapping[str, Any], path: Path, notes: Notes) -> Any:
    """(first, last, half) of an event; events without dates lie nowhere."""
    if kind in events.NO_DATES:
        nowhere = (dt.date.min, "am")
        return nowhere, nowhere, "both"
    first, last = (found.get("date") or found.get(name) for name in ("from", "to"))
    if found.get("date") and (found.get("from") or found.get("to")):
        notes.add((*path, "from"), "value", "date 和 from、to 只能用一种")
        return None
    missing = [name for name, day in (("from", first), ("to", last)) if day is None]
    for name in missing if len(missing) < 2 else ["date"] if missing else []:
        notes.add((*path, name), "key_missing", f"缺少必填项“{name}”")
    if missing:
        return None
    halves = found.get("from_half"), found.get("to_half")
    if found.get("half") and any(halves):
        notes.add((*path, "half"), "half_conflict", "half 和 from_half、to_half 不能同时使用")
        return None
    at = (first, halves[0] or "am"), (last, halves[1] or "pm")
    if at[1] < at[0]:
        notes.add((*path, "to"), "date_order", "结束早于开始")
        return None
    return (*at, found.get("half") or "both")


def _credits(value: Any, notes: Notes) -> dict[str, tuple[Credit, ...]]:
    found: dict[str, tuple[Credit, ...]] = {}
    for place, item in enumerate(shape.objects(value, ("credits",), notes)):
        before = len(notes.found)
        keys = shape.table(item, ("credits", place), notes, _CREDIT)
        if keys is None or len(notes.found) > before:
            continue
        if keys["to"] < keys["from"]:
            notes.add(("credits", place, "to"), "date_order", "结束早于开始")
            continue
        credit = Credit(keys["id"] or f"K{place + 1}", keys["counts"], keys["from"], keys["to"], keys["ratio"],
                        keys["cap_months"], keys["doc_no"])  # fmt: skip
        found[keys["doctor"]] = (*found.get(keys["doctor"], ()), credit)
    return found


def _doctors(value: Any, notes: Notes) -> dict[str, Doctor]:
    if not isinstance(value, dict):
        notes.add(("doctors",), "type", "应为对象")
        return {}
    read = {name: shape.table(item, ("doctors", name), notes, _DOCTOR) for name, item in value.items()}
    return {name: replace(Doctor(), **keys) for name, keys in read.items() if keys is not None}


def _position(document: Any, path: Path) -> tuple[int, ...]:
    """Where a path stands in the file; a key that is missing stands after those that are there."""
    found: list[int] = []
    for part in path:
        if isinstance(document, dict):
            names = list(document)
            found.append(names.index(part) if part in names else len(names))
            document = document.get(str(part))
        elif isinstance(document, list) and isinstance(part, int) and part < len(document):
            found.append(part)
            document = document[part]
        else:
            found.append(0)
    return tuple(found)
