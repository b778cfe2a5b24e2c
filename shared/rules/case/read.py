"""Read a case file completely, or refuse it with every problem at once (continuity.md §6.1, §6.7). Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from shared.calendar import Calendar
from shared.rules.accumulate import Credit
from shared.rules.case import fields as f
from shared.rules.case.events import event_of, read_events
from shared.rules.case.fields import Field, given, optional, required
from shared.rules.case.head import ReadFile, calendar_of, doctors_of, programme_of, with_settings
from shared.rules.case.model import Case
from shared.rules.case.postings import check_postings, credit_of, read_credits, read_postings, terms
from shared.rules.case.problem import CaseInvalid, CaseProblem, Problems, in_order
from shared.rules.case.questions import check_question, question_of, read_questions
from shared.rules.load import Programme

_TOP: Mapping[str, Field] = {
    "programme": required(f.anything), "settings": optional(f.anything), "calendar": optional(f.anything),
    "as_of": optional(f.instant), "default_attendance": given(f.one_of(("present", "absent"))),
    "doctors": optional(f.anything), "postings": optional(f.anything), "events": optional(f.anything),
    "credits": optional(f.anything), "questions": required(f.anything),
    **dict.fromkeys(("case", "title", "note", "checked", "checked_note", "expect"), optional(f.anything)),
}  # fmt: skip
_FREE_CLINIC = ("item", "stay")
"""Kinds about the clinic rather than about one physician: their clinic may be that of any posting."""


def load(
    text: bytes, programmes: Mapping[str, Programme], calendar: Calendar, read_file: ReadFile, *, expected: bool = False
) -> Case:
    """The case in `text`, by the loaded programmes and calendar; `read_file` gives a programme file named in it.

    `expected`: the answers to compare with must be there. Raises CaseInvalid with all problems in file order.
    """
    document = _parse(text)
    problems = Problems()
    top = f.read_object(document, "", problems, _TOP)
    programme = programme_of(top["programme"], programmes, read_file, problems) if "programme" in top else None
    if programme is not None and top.get("settings") is not None:
        programme = with_settings(programme, top["settings"], problems)
    days = calendar_of(calendar, top["calendar"], problems) if top.get("calendar") is not None else calendar
    parts = _parts(top, problems)
    _together(top, parts, programme, problems)
    if expected:
        _expectation(top.get("expect"), problems)
    if problems.found or programme is None:
        raise CaseInvalid(in_order(problems.found, document))
    return _case(top, parts, programme, days)


def _parse(text: bytes) -> Any:
    """JSON with decimals read exactly; a key twice in one object, or NaN, is a mistake as well."""
    try:
        found = json.loads(text.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_refuse, object_pairs_hook=_once)
        if b"\\ud" in text.lower():  # half of a character, escaped, is valid JSON but no text that can be written
            json.dumps(found, ensure_ascii=False, default=str).encode()
        return found
    except (ValueError, RecursionError) as error:
        message = f"文件不是有效的 JSON:{_where(error)}"
        raise CaseInvalid([CaseProblem("", "json_syntax", message)]) from None


def _where(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"第 {error.lineno} 行第 {error.colno} 列有误"
    if isinstance(error, UnicodeError):
        return "文字编码不是 UTF-8"
    return str(error) if isinstance(error, _Refused) else "嵌套过深或数字过长"


class _Refused(ValueError):
    """Valid for Python's reader, not for us; the message is Chinese."""


def _refuse(name: str) -> Any:
    raise _Refused(f"{name} 不是数字")


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Refused(f"“{next(name for name in names if names.count(name) > 1)}”在同一个对象中写了两次")
    return found


def _parts(top: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
    def part(name: str) -> Any:
        return [] if top.get(name) is None else top[name]

    return {
        "doctors": doctors_of({} if top.get("doctors") is None else top["doctors"], problems),
        "postings": read_postings(part("postings"), problems),
        "events": read_events(part("events"), problems),
        "credits": read_credits(part("credits"), problems),
        "questions": read_questions(top["questions"], problems) if "questions" in top else [],
    }


def _together(
    top: Mapping[str, Any], parts: Mapping[str, Any], programme: Programme | None, problems: Problems
) -> None:
    """What one part says about another."""
    postings = parts["postings"]
    check_postings(postings, programme, top.get("as_of"), problems)
    by_id = {posting["id"]: posting for posting in postings}
    seats = {posting.get("seat") for posting in postings}
    for event in parts["events"]:
        if event.get("seat") is not None and event["seat"] not in seats:
            problems.add(f"{event['path']}.seat", "seat_unknown", f"没有席位“{event['seat']}”的派驻")
        if event.get("clinic") is not None and not _clinic_known(event, postings):
            problems.add(f"{event['path']}.clinic", "clinic_unknown", f"医师的派驻中没有诊所“{event['clinic']}”")
    for question in parts["questions"]:
        check_question(question, programme, by_id, problems)


def _clinic_known(event: Mapping[str, Any], postings: Sequence[Mapping[str, Any]]) -> bool:
    free = event["kind"] in _FREE_CLINIC
    if free and not postings:
        return True
    known = [p for p in postings if free or p["doctor"] == event["doctor"]]
    return any(event["clinic"] in posting.get("clinics", ("C1",)) for posting in known)


def _expectation(value: Any, problems: Problems) -> None:
    if value is None:
        problems.add("expect", "key_missing", "核对时要写 expect")
    elif not isinstance(value, dict):
        problems.add("expect", "type", "应为对象")


def _case(top: Mapping[str, Any], parts: Mapping[str, Any], programme: Programme, calendar: Calendar) -> Case:
    as_of = top.get("as_of")
    credits_: dict[str, tuple[Credit, ...]] = {}
    for told in parts["credits"]:
        credits_[told["doctor"]] = (*credits_.get(told["doctor"], ()), credit_of(told))
    return Case(
        programme=programme, calendar=calendar, as_of=as_of,
        present=top.get("default_attendance", "present") == "present", doctors=parts["doctors"],
        postings=tuple(terms(told, programme, calendar, parts["doctors"], as_of) for told in parts["postings"]),
        events=tuple(map(event_of, parts["events"])), credits=credits_,
        questions=tuple(map(question_of, parts["questions"])),
        places={told["id"]: told["path"] for told in parts["postings"]}, expect=top.get("expect"),
    )  # fmt: skip
