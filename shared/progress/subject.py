"""Judge one rule over one subject and period: which dates count, what is owed, what is there, what is missing. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shared.attendance.session import HALVES
from shared.calendar import Calendar, local_date
from shared.progress.facts import DayFact, PostingTerms
from shared.progress.items import READERS, covered
from shared.progress.state import State
from shared.rules import periods, quota, words
from shared.rules.load import Programme, Rule
from shared.rules.periods import Period
from shared.rules.quota import Item, Reading, Verdict

_LETTERS = {"leave": "L", "ordered": "O"}
_SCANNED = ("session.am", "session.pm", "session.min_minutes")
_SETTINGS_OF_COVER = {
    "L": ("leave.approve", "leave.late_filing_workdays"),
    "O": ("ordered.min_issuer",),
}


@dataclass(frozen=True)
class Case:
    """One rule, one subject (its matching postings that touch the period), one period, and the day facts inside."""

    programme: Programme
    calendar: Calendar
    rule: Rule
    window: Period
    as_of: dt.datetime
    members: tuple[PostingTerms, ...]
    counting: tuple[dt.date, ...]
    facts: Mapping[dt.date, tuple[DayFact, ...]]

    @classmethod
    def of(
        cls, programme: Programme, calendar: Calendar, rule: Rule, window: Period, as_of: dt.datetime,
        postings: Iterable[PostingTerms], facts: Iterable[DayFact],
    ) -> Case:  # fmt: skip
        """Keep the postings that touch the period and the facts on the dates that count."""
        effective = programme.effective_from, programme.effective_to
        members = tuple(p for p in postings if periods.inside(window.days, [(p.start, p.end)]))
        counting = periods.dates_that_count(window.days, [(p.start, p.end) for p in members], effective)
        terms = {posting.id: posting for posting in members}
        ours = sorted((f for f in facts if f.posting_id in terms), key=lambda f: f.posting_id)
        held = {d: tuple(f for f in ours if f.date == d and terms[f.posting_id].holds(d)) for d in counting}
        return cls(programme, calendar, rule, window, as_of, members, counting, held)

    def every_fact(self) -> list[DayFact]:
        """The day facts of all dates that count."""
        return [fact for facts in self.facts.values() for fact in facts]

    def groups(self) -> list[str]:
        """The clinics of the postings, in order, when the rule counts per clinic; else one group for all."""
        if self.rule.get("per") is None:
            return [""]
        return list(dict.fromkeys(clinic for posting in self.members for clinic in posting.clinics))

    def prorates(self) -> bool:
        """Whether the threshold follows the workdays of the week."""
        return self.window.kind == "week" and self.programme.setting("week.prorate") == "ceil"

    def workdays(self, *, hoped: bool, granted: bool) -> int:
        """n of the week: workdays inside the postings minus those covered by leave or ordered work (rules.md §5.1)."""
        letters = frozenset(_LETTERS[name] for name in self.programme.setting("week.subtract"))
        days = [day for day in self.counting if self.calendar.is_workday(day)]
        return sum(not covered(self.facts[day], letters, hoped=hoped, granted=granted) for day in days)


def judge_case(case: Case) -> State:
    """The state of the case, still without the name of its subject."""
    rule, items = case.rule, [i for fact in case.every_fact() for i in READERS[case.rule.get("metric")](fact)]
    partial = periods.partial_window(case.window, case.counting, case.calendar)
    n = case.workdays(hoped=False, granted=False) if case.prorates() else None
    found = _verdict(case, items, partial)
    sure, per_clinic = found.sure, rule.get("per") is not None
    waived = ("partial_window" if partial else "n = 0") if found.value == quota.WAIVED else None
    return State(
        programme_id=case.programme.id, rule_id=rule.id, subject_kind="", subject_id="", period_kind=case.window.kind,
        period=case.window.name, value=found.value, number=min(sure.numbers.values(), default=0),
        threshold=rule.get("value"), effective_threshold=sure.threshold, unit=rule.get("unit"),
        metric=rule.get("metric"), groups=sure.numbers if per_clinic else {}, evidence=_evidence(case, items),
        explanation=_explain(case, found, items, waived),
        provisional=found.provisional, best=found.best if found.provisional else None,
        worst=found.worst if found.provisional else None, waived_reason=waived, n_workdays=n,
        rules_version=case.programme.sha256, calendar_version=case.calendar.version,
        local_settings=_local_settings(case, partial=partial),
    )  # fmt: skip


def _verdict(case: Case, items: Sequence[Item], partial: bool) -> Verdict:
    """Read the facts three ways: as they stand, with pending half-days attended, with undecided slips approved."""

    def read(*, hoped: bool, granted: bool) -> Reading:
        numbers = quota.tally(items, case.groups(), hoped=hoped)
        threshold, waived = int(case.rule.get("value")), partial
        if case.prorates():
            n = case.workdays(hoped=hoped, granted=granted)
            threshold, waived = periods.prorated(threshold, n), n == 0
        return quota.reading(case.rule, numbers, threshold, over=case.window.over(case.as_of), waived=waived)

    asked = case.prorates() or case.window.kind == "month"
    unpublished = asked and any(case.calendar.is_provisional(day) for day in case.counting)
    others = [read(hoped=True, granted=True), read(hoped=False, granted=True)]
    return quota.verdict(read(hoped=False, granted=False), others, unpublished=unpublished)


def _evidence(case: Case, items: Sequence[Item]) -> tuple[str, ...]:
    counted = {entry for item in items if item.sure for entry in item.evidence}
    halves = [half for fact in case.every_fact() for half in fact.halves.values()]
    covers = {entry for half in halves if half.cover and case.prorates() for entry in half.evidence}
    return tuple(sorted(counted | covers))


def _local_settings(case: Case, *, partial: bool) -> tuple[str, ...]:
    """The local settings that this figure rests on, to be printed as 本地设置."""
    halves = [half for fact in case.every_fact() for half in fact.halves.values()]
    used = set(_SCANNED if case.rule.get("metric") != "ward_rounds" else ())
    if case.prorates():
        used |= {"week.prorate", "week.subtract"}
        used |= {name for half in halves for name in _SETTINGS_OF_COVER.get(half.cover, ())}
    if any(half.pending or half.corrected for half in halves):
        used |= {"correction.window_workdays", "correction.max_per_month"}
    known = used & set(case.programme.local_settings())
    return tuple(sorted(known | ({"partial_window"} if partial else set())))


def _explain(case: Case, found: Verdict, items: Sequence[Item], waived: str | None) -> str:
    metric, unit, today = case.rule.get("metric"), case.rule.get("unit"), local_date(case.as_of)
    names = {clinic: name for posting in case.members for clinic, name in posting.clinic_names.items()}
    lines = [
        words.Line(number, found.sure.threshold, names.get(group, group), _room(case, group, items))
        for group, number in found.sure.numbers.items()
    ]
    title = words.period_title(case.window.kind, case.window.first, case.window.last, today)
    if waived:
        return words.waived_sentence(title, metric, waived)
    halves = [half for fact in case.every_fact() for half in fact.halves.values()]
    pending = sum(half.pending or half.cover_pending for half in halves)
    doubt = (pending, found.best, found.worst) if found.provisional else None
    return words.quota_sentence(title, metric, unit, lines, over=case.window.over(case.as_of), doubt=doubt)


def _room(case: Case, group: str, items: Sequence[Item]) -> list[tuple[dt.date, int]]:
    """The dates still to come on which some may be added, and how many: what the physician can do about it."""
    taken = {(item.day, item.key[1]) for item in items if item.sure and len(item.key) == 3}
    found = []
    for day in case.counting:
        left = {half for posting in case.members for half in _sessions_left(case, posting, group, day)}
        free = len([half for half in left if (day, half) not in taken])
        if case.rule.get("unit") != "half_day":
            free = min(1, free) if not any(item.sure and item.day == day for item in items) else 0
        if free:
            found.append((day, free))
    return found


def _sessions_left(case: Case, posting: PostingTerms, group: str, day: dt.date) -> list[str]:
    """Sessions of a date that have not ended, are worked in this mode (at this clinic), and are not taken by leave."""
    mode = case.programme.modes[posting.mode]
    here = next((fact for fact in case.facts[day] if fact.posting_id == posting.id), None)
    left = []
    for half in HALVES:
        rostered = posting.roster.get((day, half))
        worked = rostered is not None if mode.duty == "roster" else case.calendar.is_workday(day)
        at_clinic = group in ("", rostered) or mode.duty != "roster"
        running = case.as_of < case.programme.session_windows.on(half, day)[1]
        away = here is not None and here.halves[half].cover != ""
        if posting.holds(day) and half in mode.sessions and worked and at_clinic and running and not away:
            left.append(half)
    return left
