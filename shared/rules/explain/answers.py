"""One answer for each kind of question; every answer repeats what was asked. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from shared.attendance.session import HALVES
from shared.calendar import local_date
from shared.rules import accumulate, continuity, coverage, quota
from shared.rules.case.halves import Attendance, history_of
from shared.rules.case.model import Case, Question
from shared.rules.coverage import Substitution
from shared.rules.durations import due
from shared.rules.explain import counts
from shared.rules.explain.warnings import Warnings
from shared.rules.history import History
from shared.rules.load import Rule
from shared.rules.terms import PostingTerms

Answer = dict[str, Any]


def answer(case: Case, *, meta: bool = False) -> Answer:
    """`{"answers": [...], "warnings": [...]}`, in the order of the questions; `meta` adds versions and local settings."""
    warnings = Warnings(case)
    answers = [{"ask": one.ask, **_ANSWERS[one.ask](case, one, warnings)} for one in case.questions]
    found: Answer = {"answers": answers, "warnings": warnings.to_list(answers)}
    if meta:
        found["meta"] = {
            "rules_version": case.programme.sha256, "calendar_version": case.calendar.version,
            "calendar_years": sorted(case.calendar.complete_years), "local_settings": case.programme.local_settings(),
        }  # fmt: skip
    return found


def matching(case: Case, rule: Rule | None, postings: Iterable[PostingTerms], warnings: Warnings, question: Question) -> tuple[PostingTerms, ...]:
    """The postings that a rule's `where` fits; an unknown attribute does not match and is told."""
    if rule is None:
        return tuple(postings)
    found = []
    for posting in postings:
        known = attributes(case, posting)
        if any(known.get(name) is None for name in rule.where if name != "channel"):
            warnings.unknown(question, rule, posting)
        elif quota.matches(rule.where, known):
            found.append(posting)
    return tuple(found)


def attributes(case: Case, posting: PostingTerms) -> Mapping[str, str | None]:
    """What `where` may ask of a posting."""
    doctor = case.doctors.get(posting.person_id)
    return {
        "mode": posting.mode, "specialty": posting.specialty, "recipient_level": posting.recipient_level,
        "title_rank": posting.title_rank or (doctor.title_rank if doctor else None), "supporter": posting.supporter_id,
    }  # fmt: skip


def _rule(case: Case, question: Question) -> Rule | None:
    return case.programme.rule(question.keys["rule"]) if question.keys.get("rule") else None


def _asked(question: Question) -> Answer:
    return {"rule": question.keys["rule"]} if question.keys.get("rule") else {}


def _continuity(case: Case, question: Question, warnings: Warnings) -> Answer:
    rule, keys = _rule(case, question), question.keys
    scope = keys["scope"] or (rule.get("scope") if rule else "recipient")
    months = keys["months"] or (rule.get("value") if rule else 0)
    if scope == "team_slot":
        who: Answer = {"seat": keys["seat"]}
        history = _seat(case, keys["seat"], rule, warnings, question)
    else:
        who = {"doctor": keys["doctor"]}
        history = history_of(case, keys["doctor"])
        history = replace(history, postings=matching(case, rule, history.postings, warnings, question))
    found = continuity.evaluate(history, case.programme, case.calendar, months=months, scope=scope)
    return {**_asked(question), **who, **found.to_dict()}


def _histories(case: Case) -> list[History]:
    people = dict.fromkeys([one.terms.person_id for one in case.postings] + [e.doctor for e in case.of("substitute")])
    return [history_of(case, doctor) for doctor in people]


def _substitutions(case: Case) -> list[Substitution]:
    return [Substitution(e.get("seat"), e.doctor, e.get("for"), e.first, e.last) for e in case.of("substitute")]


def _span(case: Case, seat: str) -> tuple[dt.date, dt.date]:
    """First start and last end of the seat's postings."""
    held = [one.terms for one in case.postings if one.terms.seat_id == seat]
    today = local_date(case.as_of) if case.as_of else None
    return min(p.start for p in held), max((p.end or today or p.start) for p in held)


def _seat(case: Case, seat: str, rule: Rule | None, warnings: Warnings, question: Question) -> History:
    held = [one.terms for one in case.postings if one.terms.seat_id == seat]
    if not matching(case, rule, held, warnings, question):
        return History(seat, (), (), case.as_of)
    return coverage.seat_history(seat, _histories(case), _substitutions(case), case.programme, case.calendar, *_span(case, seat))


def _accumulate(case: Case, question: Question, warnings: Warnings) -> Answer:
    rule, doctor = case.programme.rule(question.keys["rule"]), question.keys["doctor"]
    history = history_of(case, doctor)
    history = replace(history, postings=matching(case, rule, history.postings, warnings, question))
    known = case.doctors.get(doctor)
    wanted = case.programme.settings["accumulate"].get("count_since")
    since = {"licence": known.licence_since, "title": known.title_since}.get(wanted or "") if known else None
    found = accumulate.evaluate(history, case.programme, case.calendar, rule, case.credits.get(doctor, ()), since)
    return {"rule": rule.id, "doctor": doctor, **found.to_dict()}


def _coverage(case: Case, question: Question, _: Warnings) -> Answer:
    rule, seat = _rule(case, question), question.keys["seat"]
    first, last = _span(case, seat)
    found = coverage.evaluate(
        seat, _histories(case), _substitutions(case), case.programme, case.calendar, question.keys["from"] or first,
        question.keys["to"] or last, rule.get("max_gap_half_days") if rule else 0,
    )  # fmt: skip
    return {"seat": seat, **_asked(question), **found.to_dict()}


def _due(_case: Case, question: Question, _: Warnings) -> Answer:
    start, months = question.keys["start"], question.keys["months"]
    return {"start": start.isoformat(), "months": months, "due": due(start, months).isoformat()}


def _day(case: Case, question: Question, _: Warnings) -> Answer:
    doctor, day = question.keys["doctor"], question.keys["date"]
    history, seen = history_of(case, doctor), Attendance(case, doctor).on(day)
    sessions = []
    for half in HALVES:
        here = [one for one in history.halves if one.at == (day, half)]
        best = min(here, key=lambda one: "AOLPX".find(one.status) if one.status else 9, default=None)
        scanned = seen.sure.half(half)
        attended = best is not None and best.status == "A"
        sessions.append({
            "half": half, "duty": any(one.duty for one in here), "status": (best.status if best else "") or "rest",
            "clinic": best.clinic if best and attended else None, "minutes": dict(scanned.by_clinic) if scanned else {},
            "late": bool(scanned and scanned.late), "flags": list(scanned.flags) if scanned else [],
        })  # fmt: skip
    return {"doctor": doctor, "date": day.isoformat(), "workday": case.calendar.is_workday(day), "sessions": sessions}


_ANSWERS: Mapping[str, Callable[[Case, Question, Warnings], Answer]] = {
    "continuity": _continuity, "accumulate": _accumulate, "coverage": _coverage, "due": _due, "day": _day, **counts.ANSWERS,
}  # fmt: skip
