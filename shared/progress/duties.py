"""Judge a subject by every rule of its programme that is not judged day by day: institutions, teams, physicians. Pure.

The weekly, two-weekly and monthly quotas of day facts are judge.py, the length of service is standing.py; what is left -
documents, checklists, headcounts, growth, coverage, money and the rest - is judged here from records and day facts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from shared import calendar as cal
from shared.calendar import Calendar, days_between
from shared.progress import judge, standing
from shared.progress.state import State
from shared.rules import deadlines
from shared.rules.facts import Facts
from shared.rules.history import History
from shared.rules.inquiry import Inquiry, Subject
from shared.rules.kinds import evaluate
from shared.rules.load import Programme, Rule
from shared.rules.result import NOT_APPLICABLE
from shared.rules.terms import PostingTerms

ANY = "*"
WHOLE = standing.PERIOD
"""The name under which a judgement without a period is stored."""
_BY_DAYS = {("doctor", "week"), ("doctor", "month"), ("team", "two_weeks")}
"""Subjects and periods whose quotas judge.py judges."""
_FROM_HALVES = frozenset({"coverage", "continuity", "accumulate", "evidence", "approval"})
_FROM_LOGS = frozenset({
    "on_site_half_days", "outpatient_half_days", "on_site_days", "activity", "ward_rounds", "surgeries", "trainings",
    "mentees", "new_techniques", "four_ones", "free_clinics", "guidelines_made", "featured_specialties",
})  # fmt: skip
_NAMING: Mapping[str, Callable[[dt.date], str]] = {
    "week": cal.iso_week, "month": lambda day: f"{day:%Y-%m}", "quarter": cal.quarter_of,
    "half_year": cal.half_year_of, "year": lambda day: str(day.year),
}  # fmt: skip


@dataclass(frozen=True)
class Ground:
    """What a subject is judged on: its postings with their half-days, and everything recorded about it and below it."""

    programme: Programme
    calendar: Calendar
    subject: Subject
    histories: tuple[History, ...]
    facts: Facts
    as_of: dt.datetime
    names: Mapping[str, str]

    @property
    def postings(self) -> list[PostingTerms]:
        """Every posting, in order of start."""
        return sorted((p for history in self.histories for p in history.postings), key=lambda p: (p.start, p.id))


def rules_of(programme: Programme, subject_kind: str, kinds: Collection[str] = (ANY,)) -> list[Rule]:
    """The rules about subjects of a kind that are judged here; `kinds` of rules only, "*" = all."""
    return [
        rule for rule in programme.rules
        if rule.subject == subject_kind and (ANY in kinds or rule.kind in kinds) and not _elsewhere(rule)
    ]  # fmt: skip


def _elsewhere(rule: Rule) -> bool:
    by_days = judge.supported(rule) and (rule.subject, rule.get("period")) in _BY_DAYS
    return by_days or (rule.subject == "doctor" and rule.kind in standing.KINDS)


def reads_days(rule: Rule) -> bool:
    """Whether attendance, the work log or a diary may change what the rule says."""
    due = rule.get("due") or {}
    return rule.kind in _FROM_HALVES or rule.get("metric") in _FROM_LOGS or due.get("every") == "attended_day"


def judge_duties(on: Ground, rules: Sequence[Rule], first: dt.date, last: dt.date) -> tuple[list[State], list[str]]:
    """The states of the subject by these rules over every period that touches first..last, and the names of those periods.

    A rule that does not apply gives no state, unless somebody decided so. Judgements over the whole time carry no list of
    evidence ids: it is that of the day facts of the postings.
    """
    states, names = [], {WHOLE}
    for rule in rules:
        for period in _periods(on, rule, first, last):
            names.add(period or WHOLE)
            if state := _judge(on, rule, period):
                states.append(state)
    return states, sorted(names)


def _judge(on: Ground, rule: Rule, period: str) -> State | None:
    asked = Inquiry(on.programme, on.calendar, rule, on.subject, period, on.histories, on.facts, on.as_of, on.names)
    result = evaluate(asked)
    if result.value == NOT_APPLICABLE and not result.evidence:
        return None
    state = State.of(on.programme, on.calendar, rule.id, asked.period_kind or WHOLE, period or WHOLE, result)
    together = tuple(posting.id for posting in asked.touching) if asked.people and period else ()
    evidence = () if rule.kind in _FROM_HALVES else state.evidence
    return replace(
        state, subject_kind=on.subject.kind, subject_id=on.subject.id, judged_with=together, evidence=evidence
    )


def _periods(on: Ground, rule: Rule, first: dt.date, last: dt.date) -> list[str]:
    """The names of the rule's periods that touch these dates; of one that is due after it, also while it is due."""
    kind = Inquiry(on.programme, on.calendar, rule, on.subject, "").period_kind
    if kind == "posting":
        return [posting.id for posting in on.postings]
    days = days_between(first, last)
    if kind == "two_weeks":
        start = on.postings[0].start if on.postings else None
        return sorted({cal.two_weeks(start, day) for day in days if day >= start}) if start else []
    if kind not in _NAMING:
        return [""]
    found = {_NAMING[kind](day) for day in days}
    return sorted(found | (_due(on, rule, first, last) if rule.kind == "document" else set()))


def _due(on: Ground, rule: Rule, first: dt.date, last: dt.date) -> set[str]:
    """Periods whose document is due within these dates."""
    if "after" in (rule.get("due") or {}) or "before" in (rule.get("due") or {}):
        return set()
    years: Iterable[int] = range(first.year, last.year + 1)
    due = [one for year in years for one in deadlines.of_year(on.programme, on.calendar, rule, year)]
    return {one.period for one in due if one.period and first <= one.effective and one.nominal <= last}
