"""Documents and counted duties: told on the lead days before they are due, and upwards after (reminders.md §3, ladder Q).

What is missing is what the rules have judged (`State.value`); the dates come from the rule and the calendar. Pure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from notifier.domain.case import Case, clock_time
from notifier.domain.post import date_words
from notifier.domain.requests import Holders
from notifier.domain.rows import DIGEST, PUSH
from notifier.domain.wording import TITLE_CHARACTERS, Words
from shared import calendar as cal
from shared.calendar import Calendar
from shared.progress.state import State
from shared.rules import words as rule_words
from shared.rules.load import Programme, Rule

WANTED = frozenset({"open", "not_met", "provisional", "not_reported"})
"""Values of a state that leave something to do."""
INSPECTIONS = frozenset({"SX-22", "SX-24", "ZZ-31", "FK-14", "FK-15", "FK-16", "ZD-04", "ZD-16", "SX-17", "ZZ-30"})
_ROWS: Mapping[str, tuple[str, ...]] = {
    "R04": ("ZD-03", "ZZ-35", "ZD-06"), "S04": ("ZZ-27",), "L02": ("ZD-13",), "L04": ("ZD-15",), "K02": ("SQ-20", "SQ-18"),
    "Y01": ("SX-34",), "Y02": ("SX-33", "SX-35", "ZZ-29", "ZZ-32", "SX-25"),
}  # fmt: skip
ROW_OF_RULE = {rule: row for row, rules in _ROWS.items() for rule in rules}
LEADS = {"Y02": (20, 5, 2, 0)}
"""Lead workdays of rows that look further ahead than the programme's `[remind]`."""
COUNTED_LEADS = {"month": (5, 2), "quarter": (20, 5, 0), "half_year": (20, 5, 0), "year": (5, 0)}
YEAR_MARKS = ("09-30", "10-31", "11-30")
ABOVE = ("doctor", "recipient_admin", "supporter_admin", "county_officer", "city_officer", "province_officer")
_BESIDE = {"team_leader": "supporter_admin", "quality_office": "supporter_admin", "hr_officer": "supporter_admin",
           "finance_officer": "county_officer"}  # fmt: skip
_PERIOD_DAYS = {"month": cal.month_days, "quarter": cal.quarter_days, "half_year": cal.half_year_days, "year": cal.year_days}


@dataclass(frozen=True)
class Duty:
    """One judged rule of one subject: who it is about, the organisations around it by role, the physician if it is one."""

    state: State
    programme: Programme
    calendar: Calendar
    offices: Mapping[str, str | None]
    person_id: str | None = None
    leaders: tuple[str, ...] = ()

    @property
    def rule(self) -> Rule | None:
        """The rule that was judged; None when the programme in force has it no more."""
        return next((rule for rule in self.programme.rules if rule.id == self.state.rule_id), None)


def owed(duty: Duty, today: dt.date, holders: Holders) -> Iterator[Case]:
    """Every step of one duty that falls on this date."""
    rule = duty.rule
    if rule is None or not rule.remind:
        return
    if rule.kind == "document":
        yield from _document(duty, rule, today, holders)
    elif rule.kind in ("quota", "inspection") and duty.state.period_kind in COUNTED_LEADS:
        yield from _counted(duty, rule, today, holders)


def _document(duty: Duty, rule: Rule, today: dt.date, holders: Holders) -> Iterator[Case]:
    effective = duty.state.detail.get("effective")
    if not effective:
        return
    due, row = dt.date.fromisoformat(effective), ROW_OF_RULE.get(rule.id, "Y03")
    name = rule_words.slug("doc", rule.get("doc"), rule.id)
    leads = LEADS.get(row, tuple(duty.programme.setting("remind.lead_workdays")))
    for lead in leads:
        if duty.calendar.add_workdays(due, -lead) == today:
            for role in rule.remind:
                kind = "D11" if role == "doctor" else row
                yield from _to(duty, rule, kind, lead, today, _people(duty, role, holders), _due_words(name, due, rule),
                               PUSH if lead < 5 else DIGEST)  # fmt: skip
    late = duty.programme.setting("remind.escalate_after_workdays")
    if duty.calendar.add_workdays(due, late) == today:
        told = {person for role in rule.remind for person in (*_people(duty, role, holders), *_above(duty, role, holders))}
        yield from _to(duty, rule, row, -late, today, sorted(told), _late_words(name, due), PUSH)


def _counted(duty: Duty, rule: Rule, today: dt.date, holders: Holders) -> Iterator[Case]:
    state, row = duty.state, "K01" if rule.id in INSPECTIONS else "Y04"
    last = _PERIOD_DAYS[state.period_kind](state.period)[-1]
    due = duty.calendar.last_workday_on_or_before(last)
    marks = {duty.calendar.add_workdays(due, -lead): lead for lead in COUNTED_LEADS[state.period_kind]}
    if state.period_kind == "year" and row == "K01":
        days = {mark: duty.calendar.last_workday_on_or_before(dt.date.fromisoformat(f"{last.year}-{mark}")) for mark in YEAR_MARKS}
        marks = {day: 100 + int(mark[:2]) for mark, day in days.items()} | marks
    if (lead := marks.get(today)) is None:
        return
    done, asked = state.number or 0, state.effective_threshold
    what = rule_words.METRICS.get(state.metric, "要求")
    words = Words(
        title=f"{what} {done}/{asked} {rule_words.UNITS.get(state.unit, '')}"[:TITLE_CHARACTERS],
        text=f"还差 {state.missing()},{date_words(last)} 前完成。", why=rule.quote[:120], url="/sup/records",
    )  # fmt: skip
    for role in rule.remind:
        yield from _to(duty, rule, row, lead, today, _people(duty, role, holders), words, PUSH)


def _to(
    duty: Duty, rule: Rule, row: str, step: int, today: dt.date, people: Iterable[str], words: Words, most: str
) -> Iterator[Case]:  # fmt: skip
    answered = None if duty.state.value in WANTED else "done"
    for person in dict.fromkeys(people):
        yield Case(row, person, duty.state.subject, duty.state.period, step, clock_time(today, "09:05"), words, answered, rule.id, most)


def _due_words(name: str, due: dt.date, rule: Rule) -> Words:
    whom = "、".join(rule_words.ADDRESSEES.get(to, to) for to in rule.get("to") or ())
    return Words(title=_title(name, "待报"), text=f"{date_words(due)} 前报{whom}。", why=rule.quote[:120], url="/sup/records")


def _late_words(name: str, due: dt.date) -> Words:
    return Words(title=_title(name, "未报"), text=f"{date_words(due)} 到期,还没有收到。", why="到期后没有报送记录", url="/sup/records")


def _title(name: str, ending: str) -> str:
    room = TITLE_CHARACTERS - len(ending)
    return f"{name if len(name) <= room else name[: room - 1] + '…'}{ending}"


def _people(duty: Duty, role: str, holders: Holders) -> Sequence[str]:
    if role == "doctor":
        return (duty.person_id,) if duty.person_id else ()
    if role == "team_leader":
        return duty.leaders
    return holders(role, duty.offices[role]) if duty.offices.get(role) else ()


def _above(duty: Duty, role: str, holders: Holders) -> Sequence[str]:
    """The level above a role; a vacant one is skipped."""
    start = ABOVE.index(role) + 1 if role in ABOVE else ABOVE.index(_BESIDE[role])
    return next((found for each in ABOVE[start:] if (found := _people(duty, each, holders))), ())

