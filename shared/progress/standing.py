"""How long a physician has served: the standing of every rule that looks at all postings at once. Pure.

Day facts become the history of half-days that continuity and accumulation are judged on (continuity.md §1.3, §2, §3).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from shared.attendance.session import HALVES
from shared.calendar import Calendar, days_between, local_date
from shared.progress.facts import DayFact, HalfFact
from shared.progress.fold import Facts, fold_day
from shared.progress.state import State
from shared.rules.days import Pattern
from shared.rules.durations import DAY
from shared.rules.history import Half, History
from shared.rules.inquiry import Inquiry, Subject
from shared.rules.kinds import evaluate
from shared.rules.load import Programme
from shared.rules.result import NOT_APPLICABLE
from shared.rules.terms import PostingTerms

KINDS = frozenset({"continuity", "accumulate", "evidence"})
"""Kinds that day facts alone can answer over the whole time."""
PERIOD = "programme"


def history_of(
    programme: Programme, calendar: Calendar, postings: Sequence[PostingTerms], facts: Iterable[DayFact], as_of: dt.datetime
) -> History:
    """The half-days of one physician's postings up to `as_of`, and the duty half-days still to come with status "".

    A date nobody folded yet is folded here from nothing: what was owed on it stands without a record.
    """
    known = {(fact.posting_id, fact.date): fact for fact in facts}
    today, nothing = local_date(as_of), Facts.of(())
    halves: list[Half] = []
    for posting in postings:
        for day in days_between(posting.start, min(posting.end or today, today)):
            fact = known.get((posting.id, day)) or fold_day(programme, calendar, posting, nothing, day, as_of)
            told = bool(fact.record_refs)
            halves += [found for half in HALVES if (found := _half(fact, half, told=told)) is not None]
        halves += _to_come(programme, calendar, posting, today)
    halves.sort(key=lambda half: (half.at, half.posting_id))
    return History(postings[0].person_id if postings else "", tuple(postings), tuple(halves), as_of)


def _to_come(programme: Programme, calendar: Calendar, posting: PostingTerms, today: dt.date) -> Iterable[Half]:
    """What a posting with an end still owes after today."""
    pattern = Pattern.of(programme, posting)
    first = max(posting.start, today + DAY)
    for day in days_between(first, posting.end) if posting.end else ():
        yield from (Half(day, half, posting.id, True, "") for half, owed in pattern.owed(calendar, day).items() if owed)


def _half(fact: DayFact, name: str, *, told: bool) -> Half | None:
    half, duty = fact.halves[name], bool(fact.duty[name])
    if not (duty or half.status):
        return None
    ref = told if half.status == "A" else None
    return Half(fact.date, name, fact.posting_id, duty, half.status, _reason(half), half.clinic_id, ref, half.corrected, half.evidence)


def _reason(half: HalfFact) -> str | None:
    return half.cover_kind if half.status in ("L", "O") else None if half.reason == "future" else half.reason


def judge_standing(
    programme: Programme, calendar: Calendar, postings: Sequence[PostingTerms], facts: Iterable[DayFact], as_of: dt.datetime
) -> list[State]:
    """The states of one physician over all postings in a programme; each posting gets its own copy.

    A rule that does not apply gives no state, as everywhere. Their evidence is that of the day facts of `judged_with`:
    hundreds of ids in each state would say it once more at every fold.
    """
    rules = [rule for rule in programme.rules if rule.subject == "doctor" and rule.kind in KINDS]
    if not rules or not postings:
        return []
    history = history_of(programme, calendar, postings, facts, as_of)
    found = []
    for rule in rules:
        asked = Inquiry(programme, calendar, rule, Subject("doctor", history.person_id), "", (history,), as_of=as_of)
        result = evaluate(asked)
        if result.value == NOT_APPLICABLE:
            continue
        state = State.of(programme, calendar, rule.id, PERIOD, PERIOD, result)
        matched, _ = asked.matching()
        ids = tuple(posting.id for posting in (matched or asked).postings)
        found += [replace(state, subject_kind="posting", subject_id=posting_id, judged_with=ids, evidence=()) for posting_id in ids]
    return found


def shown(state: State, cap_workdays: int | None) -> dict[str, Any] | None:
    """What a page shows of a standing: length so far, earliest completion, debt, leave used; None for other rules."""
    if state.metric == "accumulate":
        total: Mapping[str, int] = state.detail["total"]
        return {"months": total["months"], "days": total["days"], "met_on": None, "earliest": None, "debt": 0, "leave": None,
                "leave_cap": None, "lines": []}  # fmt: skip
    if state.metric != "continuity":
        return None
    segments = state.detail["segments"]
    if not segments:
        return {"months": 0, "days": 0, "met_on": None, "earliest": None, "debt": 0, "leave": 0, "leave_cap": cap_workdays, "lines": []}
    met = [one for one in segments if one["met_on"]]
    one = min(met, key=lambda each: str(each["met_on"])) if met else segments[-1]
    return {
        "months": one["length"]["months"], "days": one["length"]["days"], "met_on": one["met_on"],
        "earliest": one["projected_on"], "debt": one["half_days"]["debt"], "leave": one["half_days"]["leave"],
        "leave_cap": cap_workdays, "lines": list(state.detail["lines"]),
    }  # fmt: skip
