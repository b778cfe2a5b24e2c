"""The postings and credits of a case (continuity.md §6.2, §6.4). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shared.attendance.session import HALVES
from shared.calendar import Calendar, days_between, local_date
from shared.rules import schema
from shared.rules.accumulate import Credit
from shared.rules.case import fields as f
from shared.rules.case.fields import Field, given, optional, required
from shared.rules.case.model import Doctor
from shared.rules.case.problem import Problems
from shared.rules.load import Programme
from shared.rules.terms import PostingTerms

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
REASONS = ("completed", "rotation", "illness", "ordered", "other")
_BEYOND = dt.timedelta(days=800)
"""How far a weekly roster is laid out after the end: what is still owed there is asked for up to two years ahead."""

POSTING: Mapping[str, Field] = {
    "id": given(f.text), "doctor": given(f.text), "supporter": given(f.text), "recipient": given(f.text),
    "clinics": given(f.list_of(f.text, empty=False)), "mode": given(f.text), "seat": optional(f.text),
    "specialty": optional(f.text), "title_rank": optional(f.one_of(schema.TITLE_RANKS)),
    "recipient_level": optional(f.one_of(sorted(schema.RECIPIENT_LEVELS))),
    "start": required(f.date), "end": Field(f.date, required=True, null=True),
    "end_reason": optional(f.one_of(REASONS)), "end_approved": given(f.boolean),
    "roster": optional(lambda value, path, problems: f.list_of(_entry, empty=False)(value, path, problems)),
}  # fmt: skip
CREDIT: Mapping[str, Field] = {
    "id": given(f.text), "doctor": given(f.text), "counts": optional(f.one_of(sorted(schema.CREDITS))),
    "from": required(f.date), "to": required(f.date), "ratio": optional(f.ratio),
    "cap_months": optional(f.integer(0)), "doc_no": optional(f.text),
}  # fmt: skip
_ENTRY: Mapping[str, Field] = {
    "weekday": given(f.one_of(WEEKDAYS)), "date": given(f.date), "half": required(f.one_of(HALVES)),
    "clinic": required(f.text),
}  # fmt: skip


def _entry(value: Any, path: str, problems: Problems) -> Any:
    entry = f.read_object(value, path, problems, _ENTRY)
    if isinstance(value, dict) and ("weekday" in value) == ("date" in value):
        code, message = ("value", "weekday 和 date 只能写一个") if "date" in value else ("key_missing", "缺少 weekday 或 date")
        problems.add(f"{path}.weekday", code, message)
    return entry if entry else f.BAD


def read_postings(value: Any, problems: Problems) -> list[dict[str, Any]]:
    """The postings as typed keys, defaults filled in where they do not ask the programme."""
    return list(_each(value, "postings", POSTING, "P", problems))


def read_credits(value: Any, problems: Problems) -> list[dict[str, Any]]:
    """The credits as typed keys."""
    found = list(_each(value, "credits", CREDIT, "K", problems))
    for credit in found:
        ordered(credit, "from", "to", problems)
    return found


def ordered(found: Mapping[str, Any], first: str, last: str, problems: Problems) -> None:
    """Note an end before its beginning."""
    start, end = found.get(first), found.get(last)
    if start is not None and end is not None and end < start:
        problems.add(f"{found['path']}.{last}", "date_order", "结束早于开始")


def _each(
    value: Any, name: str, keys: Mapping[str, Field], letter: str, problems: Problems
) -> Iterator[dict[str, Any]]:
    if not isinstance(value, list):
        problems.add(name, "type", "应为列表")
        return
    seen: set[str] = set()
    for index, item in enumerate(value):
        path = f"{name}[{index}]"
        found = f.read_object(item, path, problems, keys)
        found = {"id": f"{letter}{index + 1}", "doctor": "D1", **found, "path": path}
        unique(found["id"], path, seen, problems)
        yield found


def unique(name: str, path: str, seen: set[str], problems: Problems) -> None:
    """Note an id that an earlier entry of the list already has."""
    if name in seen:
        problems.add(f"{path}.id", "id_duplicate", f"编号“{name}”重复")
    seen.add(name)


def check_postings(
    postings: Sequence[dict[str, Any]], programme: Programme | None, as_of: dt.datetime | None, problems: Problems
) -> None:
    """What hangs together: dates, mode, roster, open ends, and one physician in one mode at one clinic at a time."""
    for index, posting in enumerate(postings):
        path = posting["path"]
        if programme is not None and not problems.at(f"{path}.mode"):
            posting.setdefault("mode", next(iter(programme.modes)))
        ordered(posting, "start", "end", problems)
        if "end" in posting and posting["end"] is None and as_of is None:
            problems.add(f"{path}.end", "open_posting_without_as_of", "派驻未结束时要写 as_of")
        if programme is not None:
            _check_mode(posting, programme, problems)
        clinics = posting.get("clinics", ("C1",))
        for place, entry in enumerate(posting.get("roster") or ()):
            if "clinic" in entry and entry["clinic"] not in clinics:
                problems.add(f"{path}.roster[{place}].clinic", "clinic_unknown", f"派驻中没有诊所“{entry['clinic']}”")
        if other := next((old for old in postings[:index] if _overlap(old, posting)), None):
            problems.add(path, "posting_overlap", f"与派驻 {other['id']} 的医师、方式和诊所相同,时间重叠")


def _check_mode(posting: Mapping[str, Any], programme: Programme, problems: Problems) -> None:
    mode = posting.get("mode")
    if mode is not None and mode not in programme.modes:
        problems.add(f"{posting['path']}.mode", "mode_unknown", f"项目中没有方式“{mode}”")
        return
    wanted = mode is not None and programme.modes[mode].duty == "roster" and not posting.get("roster")
    if wanted and not problems.at(f"{posting['path']}.roster"):
        problems.add(f"{posting['path']}.roster", "roster_missing", "按排班出勤的方式要写 roster")


def _overlap(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    if any("start" not in posting or "end" not in posting for posting in (one, other)):
        return False
    same = one["doctor"] == other["doctor"] and one.get("mode") == other.get("mode")
    shared = set(one.get("clinics", ("C1",))) & set(other.get("clinics", ("C1",)))
    apart = any(a["end"] is not None and a["end"] < b["start"] for a, b in ((one, other), (other, one)))
    return same and bool(shared) and not apart


def terms(
    posting: Mapping[str, Any], programme: Programme, calendar: Calendar, doctors: Mapping[str, Doctor],
    as_of: dt.datetime | None,
) -> PostingTerms:  # fmt: skip
    """The posting as the rules see it; its title defaults to the physician's."""
    mode = posting["mode"]
    supporter, recipient = posting.get("supporter", "S1"), posting.get("recipient", "R1")
    last = posting["end"] or (local_date(as_of) if as_of else posting["start"])
    known = doctors.get(posting["doctor"], Doctor())
    return PostingTerms(
        id=posting["id"], person_id=posting["doctor"], programme_id=programme.id, supporter_id=supporter,
        recipient_id=recipient, clinics=tuple(posting.get("clinics", ("C1",))), mode=mode, seat_id=posting.get("seat"),
        specialty=posting.get("specialty"), title_rank=posting.get("title_rank") or known.title_rank,
        recipient_level=posting.get("recipient_level"), team_id=f"{supporter}+{recipient}/{mode}",
        start=posting["start"], end=posting["end"], end_reason=posting.get("end_reason"),
        end_approved=posting.get("end_approved", False),
        roster=_roster(posting.get("roster") or (), posting["start"], last + _BEYOND, calendar),
    )  # fmt: skip


def _roster(
    entries: Sequence[Mapping[str, Any]], first: dt.date, last: dt.date, calendar: Calendar
) -> dict[tuple[dt.date, str], str]:
    """Weekly entries on the workdays from first to last, then the dated ones, which win."""
    weekly = [entry for entry in entries if "weekday" in entry]
    found: dict[tuple[dt.date, str], str] = {}
    for day in days_between(first, last) if weekly else ():
        if calendar.is_workday(day):
            name = WEEKDAYS[day.weekday()]
            found |= {(day, entry["half"]): entry["clinic"] for entry in weekly if entry["weekday"] == name}
    return found | {(entry["date"], entry["half"]): entry["clinic"] for entry in entries if "date" in entry}


def credit_of(told: Mapping[str, Any]) -> Credit:
    """The credit as a value."""
    return Credit(
        told["id"], told.get("counts"), told["from"], told["to"], told.get("ratio"), told.get("cap_months"),
        told.get("doc_no"),
    )  # fmt: skip
