"""Warnings beside the answers of a case: nothing is wrong, but somebody should look (continuity.md §6.7). Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

from shared.rules import periods
from shared.rules.case.model import Event, Question
from shared.rules.explain.ground import Ground

_OF_POSTINGS = ("present", "absent", "scan", "correction", "leave", "ordered", "substitute", "outpatient")
_PARTS = ("postings", "events", "questions")
_PLACE = re.compile(r"(\w+)\[(\d+)\]")


def noticed(ground: Ground, answers: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Every warning: postings, events, then questions, each in the order of the file."""
    _effective(ground)
    for event in ground.case.events:
        if event.kind in _OF_POSTINGS:
            _event(ground, event)
    for question, answer in zip(ground.case.questions, answers, strict=True):
        if _unpublished(ground, answer):
            ground.notice(question.path, "calendar_year", "所涉年份的放假安排尚未公布,按周一至周五推算")
    return [ground.noticed[key].to_dict() for key in sorted(ground.noticed, key=lambda key: (*_order(key[0]), key[1]))]


def _order(path: str) -> tuple[int, int]:
    found = _PLACE.match(path)
    return (_PARTS.index(found[1]), int(found[2])) if found else (len(_PARTS), 0)


def _effective(ground: Ground) -> None:
    programme = ground.case.programme
    first, last = programme.effective_from, programme.effective_to
    span = f"{first} 至 {last or '今'}"

    def outside(start: dt.date, end: dt.date | None) -> bool:
        return start < first or (last is not None and (end is None or end > last))

    for posting in ground.case.postings:
        if outside(posting.start, posting.end):
            text = f"派驻期 {posting.start} 至 {posting.end or '今'} 超出项目有效期 {span},仍按规则计算"
            ground.notice(ground.case.places[posting.id], "outside_effective_period", text)
    for question in ground.case.questions if not ground.case.postings else ():
        asked = _period(ground, question)
        if asked and outside(*asked):
            text = f"{asked[0]} 至 {asked[1]} 超出项目有效期 {span},仍按规则计算"
            ground.notice(question.path, "outside_effective_period", text)


def _period(ground: Ground, question: Question) -> tuple[dt.date, dt.date] | None:
    """The dates of the period a question asks about."""
    if year := question.get("year"):
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    if question.ask not in ("quota", "month"):
        return None
    kind = "month" if question.ask == "month" else ground.case.programme.rule(question.get("rule")).get("period")
    if kind in periods.UNDATED:
        return None
    named = periods.period(kind, question.get("period"))
    return named.first, named.last


def _event(ground: Ground, event: Event) -> None:
    held = list(ground.case.postings_of(event.doctor))
    if event.kind == "substitute":
        held += [posting for posting in ground.case.postings if posting.seat_id == event.get("seat")]
    first, last = event.first[0], event.last[0]
    if not any(posting.start <= last and (posting.end is None or first <= posting.end) for posting in held):
        ground.notice(event.path, "event_outside_posting", f"{first} 至 {last} 不在该医师的派驻期内")
    elif event.kind in ("present", "scan", "correction") and _on_leave(ground, event):
        ground.notice(event.path, "present_and_leave", "请假期间另有在岗记录,按在岗计算")


def _on_leave(ground: Ground, event: Event) -> bool:
    """Whether this event makes a half-day attended over which a slip lies."""
    slips = list(ground.case.events_of(event.doctor, "leave"))
    physician = ground.physician(event.doctor)
    seen = {(day, half): one for day in event.days() for half, one in physician.on(day).items()}
    attended = [at for at, one in seen.items() if one.place is not None and one.place.event == event.id]
    return any(slip.covers(at) for at in attended for slip in slips)


def _unpublished(ground: Ground, answer: Mapping[str, Any]) -> bool:
    """Whether an answer is provisional for want of a calendar."""
    if not ground.case.calendar.complete_years:
        return bool(answer.get("provisional"))
    parts = [one for name in ("deadlines", "weeks") for one in answer.get(name, ())]
    doubted = [one for one in parts if one.get("provisional") or one.get("result") == "provisional"]
    if not answer.get("provisional") and not doubted:
        return False
    pieces = [*doubted, *answer.get("segments", ()), *answer.get("parts", ()), answer if not parts else {}]
    dates = {piece[name] for piece in pieces for name in _DATES if piece.get(name)}
    return any(int(text[:4]) not in ground.case.calendar.complete_years for text in dates)


_DATES = ("start", "due", "end", "from", "to", "nominal", "effective", "escalate_on")
