"""Judge day facts by the quota rules of a programme: obligation states of week, two weeks and month. Pure.

Which rules apply, their thresholds and periods come from the programme; a rule whose metric day facts do not answer is
left out here. A subject to which a rule does not apply gets no state, so what is given replaces what was stored.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from shared import calendar as cal
from shared.calendar import Calendar
from shared.progress.facts import DayFact, PostingTerms
from shared.progress.items import READERS
from shared.progress.state import State
from shared.progress.subject import Case, judge_case
from shared.rules import quota, words
from shared.rules.load import Programme, Rule
from shared.rules.periods import Period, period

__all__ = ["State", "judge_month", "judge_two_weeks", "judge_week", "supported"]


def judge_week(
    programme: Programme, calendar: Calendar, postings: Sequence[PostingTerms], day_facts: Iterable[DayFact],
    week: str, as_of: dt.datetime,
) -> list[State]:  # fmt: skip
    """Every weekly quota state of `2026-W47` for physicians; postings of one person are judged together.

    Each posting that touches the week gets its own state (subject `posting:<id>`) with the common figures.
    """
    return _judge(programme, calendar, postings, day_facts, period("week", week), as_of, "doctor")


def judge_two_weeks(
    programme: Programme, calendar: Calendar, postings: Sequence[PostingTerms], day_facts: Iterable[DayFact],
    window: str, as_of: dt.datetime,
) -> list[State]:  # fmt: skip
    """Every two-week quota state of teams for the window `2026-11-16/2w`.

    `postings` are all postings of the team ever: its windows are counted from the week of the first. A team whose
    windows begin in the other week is left out.
    """
    span = period("two_weeks", window)
    first: dict[str, dt.date] = {}
    for posting in postings:
        first[posting.team_id] = min(first.get(posting.team_id, posting.start), posting.start)
    known = {team for team, start in first.items() if (span.first - cal.monday_of(start)).days % 14 == 0}
    ours = [posting for posting in postings if posting.team_id in known]
    return _judge(programme, calendar, ours, day_facts, span, as_of, "team")


def judge_month(
    programme: Programme, calendar: Calendar, postings: Sequence[PostingTerms], day_facts: Iterable[DayFact],
    month: str, as_of: dt.datetime,
) -> list[State]:  # fmt: skip
    """The roll-up of every weekly quota rule over `2026-11`, and the monthly quotas of physicians.

    `day_facts` cover the month's dates and all dates of its weeks: half-days are counted by date, a week belongs to
    the month of its Thursday (rules.md §5).
    """
    terms = {posting.id: posting for posting in postings}
    facts = [fact for fact in day_facts if fact.posting_id in terms and terms[fact.posting_id].holds(fact.date)]
    by_subject: dict[tuple[str, str], list[State]] = {}
    for week in cal.weeks_of_month(month):
        for state in judge_week(programme, calendar, postings, facts, week, as_of):
            by_subject.setdefault((state.rule_id, state.subject_id), []).append(state)
    span = period("month", month)
    rolled = [_roll_up(programme.rule(rule), span, weeks, facts) for (rule, _), weeks in by_subject.items()]
    return rolled + _judge(programme, calendar, postings, facts, span, as_of, "doctor")


def supported(rule: Rule) -> bool:
    """Whether day facts answer this rule: a quota on one of READERS' metrics, plain or per clinic."""
    plain = rule.get("each") is None and rule.get("window_from") is None and rule.get("per", ["clinic"]) == ["clinic"]
    return rule.kind == "quota" and rule.get("metric") in READERS and plain


def _judge(
    programme: Programme, calendar: Calendar, postings: Sequence[PostingTerms], day_facts: Iterable[DayFact],
    window: Period, as_of: dt.datetime, subject: str,
) -> list[State]:  # fmt: skip
    facts = list(day_facts)
    states = []
    for rule in programme.rules:
        if supported(rule) and (rule.subject, rule.get("period")) == (subject, window.kind):
            for members in _subjects(subject, rule, postings):
                case = Case.of(programme, calendar, rule, window, as_of, members, facts)
                states += _spread(subject, judge_case(case), case.members) if case.counting else []
    return states


def _subjects(subject: str, rule: Rule, postings: Iterable[PostingTerms]) -> Iterator[list[PostingTerms]]:
    """The matching postings of each person or team, in order of start."""
    found: dict[str, list[PostingTerms]] = {}
    for posting in sorted(postings, key=lambda p: (p.start, p.id)):
        if quota.matches(rule.where, posting.attributes()):
            found.setdefault(posting.person_id if subject == "doctor" else posting.team_id, []).append(posting)
    yield from found.values()


def _spread(subject: str, state: State, members: Sequence[PostingTerms]) -> list[State]:
    """The state under the names it is stored by: one per posting of the person, or the team's."""
    together = tuple(posting.id for posting in members)
    if subject == "team":
        return [replace(state, subject_kind="team", subject_id=members[0].team_id, judged_with=together)]
    return [replace(state, subject_kind="posting", subject_id=name, judged_with=together) for name in together]


def _roll_up(rule: Rule, month: Period, weeks: Sequence[State], facts: Sequence[DayFact]) -> State:
    """Weeks met of weeks evaluated; a week that is waived or still open is not evaluated."""
    evaluated = [week for week in weeks if week.value in (quota.MET, quota.NOT_MET, quota.PROVISIONAL)]
    met = [week for week in evaluated if (week.worst or week.value) == quota.MET]
    deficits = [(week.period, week.missing()) for week in evaluated if week.value == quota.NOT_MET]
    groups = _by_date(rule, month, weeks, facts)
    total = sum(groups.values())
    named = [(words.span(days[0], days[-1]), lack) for name, lack in deficits for days in [cal.week_days(name)]]
    last, unit = weeks[-1], rule.get("unit")
    return replace(
        last, period_kind="month", period=month.name, value=_month_value(weeks), number=len(met),
        threshold=len(evaluated), effective_threshold=len(evaluated), unit="week",
        groups=groups if last.groups else {}, n_workdays=None, best=None, worst=None,
        evidence=tuple(sorted({entry for week in weeks for entry in week.evidence})),
        provisional=_month_value(weeks) == quota.PROVISIONAL,
        waived_reason=last.waived_reason if _month_value(weeks) == quota.WAIVED else None,
        detail={"value_by_date": total, "unit": unit,
                "deficits": [{"week": name, "missing": lack} for name, lack in deficits]},
        local_settings=tuple(sorted({name for week in weeks for name in week.local_settings})),
        explanation=words.month_sentence(month.name, last.metric, unit, len(met), len(evaluated), total, named),
    )  # fmt: skip


def _by_date(rule: Rule, month: Period, weeks: Sequence[State], facts: Sequence[DayFact]) -> Mapping[str, int]:
    """What was reached on the dates of the month itself, by group."""
    ours, dates = {name for week in weeks for name in week.judged_with}, set(month.days)
    items = [
        item
        for fact in facts
        if fact.posting_id in ours and fact.date in dates
        for item in READERS[rule.get("metric")](fact)
    ]
    return quota.tally(items, list(weeks[-1].groups) or [""], hoped=False)


def _month_value(weeks: Sequence[State]) -> str:
    """not_met once a week is lost for good; else provisional, open, met; waived when every week is."""
    values = {week.value for week in weeks}
    for value in (quota.NOT_MET, quota.PROVISIONAL, quota.OPEN, quota.MET):
        if value in values:
            return value
    return quota.WAIVED
