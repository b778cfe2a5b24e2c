"""Answers about service itself: continuity, accumulate, coverage, due, day (continuity.md §6.5). Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from shared.rules.case.model import Question
from shared.rules.case.statuses import Seen
from shared.rules.durations import due
from shared.rules.explain.ground import Ground
from shared.rules.history import History
from shared.rules.load import Rule

Answer = dict[str, Any]


def _rule(ground: Ground, question: Question) -> Rule | None:
    return ground.case.programme.rule(question.get("rule")) if question.get("rule") else None


def _asked(question: Question) -> Answer:
    return {"rule": question.get("rule")} if question.get("rule") else {}


def _continuity(ground: Ground, question: Question) -> Answer:
    from shared.rules import continuity

    case, rule = ground.case, _rule(ground, question)
    scope = question.get("scope") or (rule.get("scope") if rule else "recipient")
    months = rule.get("value") if rule else question.get("months")
    if scope == "team_slot":
        who: Answer = {"seat": question.get("seat")}
        history = _seat(ground, question.get("seat"), rule)
    else:
        who = {"doctor": question.doctor}
        history = ground.history(question.doctor)
        history = replace(history, postings=ground.matching(rule, history.postings))
    found = continuity.evaluate(history, case.programme, case.calendar, months=months, scope=scope)
    return {**_asked(question), **who, **found.to_dict()}


def _seat(ground: Ground, seat: str, rule: Rule | None) -> History:
    from shared.rules import coverage
    from shared.rules.case.record import substitutions

    case = ground.case
    held = [posting for posting in case.postings if posting.seat_id == seat]
    if not ground.matching(rule, held):
        return History(seat, (), (), case.as_of)
    stand_ins = substitutions(case, seat)
    return coverage.seat_history(seat, ground.histories(), stand_ins, case.programme, case.calendar, *ground.span(held))


def _accumulate(ground: Ground, question: Question) -> Answer:
    from shared.rules import accumulate

    case, rule, doctor = ground.case, ground.case.programme.rule(question.get("rule")), question.doctor
    history = ground.history(doctor)
    history = replace(history, postings=ground.matching(rule, history.postings))
    known = case.doctors.get(doctor)
    wanted = case.programme.settings["accumulate"].get("count_since")
    since = {"licence": known.licence_since, "title": known.title_since}.get(wanted or "") if known else None
    credits_ = case.credits.get(doctor, ())
    found = accumulate.evaluate(history, case.programme, case.calendar, rule, credits_, since)
    return {"rule": rule.id, "doctor": doctor, **found.to_dict()}


def _coverage(ground: Ground, question: Question) -> Answer:
    from shared.rules import coverage
    from shared.rules.case.record import substitutions

    case, rule, seat = ground.case, _rule(ground, question), question.get("seat")
    first, last = ground.span([posting for posting in case.postings if posting.seat_id == seat])
    first, last = question.get("from") or first, question.get("to") or last
    allowed = rule.get("max_gap_half_days") if rule else 0
    found = coverage.evaluate(
        seat, ground.histories(), substitutions(case, seat), case.programme, case.calendar, first, last, allowed
    )
    return {"seat": seat, **_asked(question), **found.to_dict()}


def _due(_: Ground, question: Question) -> Answer:
    start, months = question.get("start"), question.get("months")
    return {"start": start.isoformat(), "months": months, "due": due(start, months).isoformat()}


def _day(ground: Ground, question: Question) -> Answer:
    day = question.get("date")
    sessions = [_session(half, seen) for half, seen in ground.physician(question.doctor).on(day).items()]
    workday = ground.case.calendar.is_workday(day)
    return {"doctor": question.doctor, "date": day.isoformat(), "workday": workday, "sessions": sessions}


def _session(half: str, seen: Seen) -> Answer:
    scanned = seen.marks.day.half(half)
    flags = {*(scanned.flags if scanned else ()), *(("two_clinics",) if half in seen.marks.doubled else ())}
    return {
        "half": half, "duty": seen.duty, "status": seen.status or ("" if seen.duty else "rest"),
        "clinic": seen.place.clinic if seen.place else None,
        "minutes": dict(sorted(scanned.by_clinic.items())) if scanned else {},
        "late": bool(scanned and scanned.late), "flags": sorted(flags),
    }  # fmt: skip


ANSWERS: Mapping[str, Callable[[Ground, Question], Answer]] = {
    "continuity": _continuity, "accumulate": _accumulate, "coverage": _coverage, "due": _due, "day": _day,
}  # fmt: skip
