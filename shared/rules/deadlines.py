"""When documents are due: nominal and effective dates, cut-off of data, reminders and escalation. Pure.

Source: rules.md §3 `due`, after the dates of the source documents (003 §四: 每年度6月20日、12月20日前; 000 §四(二): 2013年12月底前).
Every date is computed from the rule, the calendar and the posting; none is typed into code.
"""

from __future__ import annotations

import calendar as months
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared import calendar as cal
from shared.calendar import Calendar
from shared.rules.durations import DAY
from shared.rules.load import Programme, Rule
from shared.rules.values import real_day

_PERIODS = {"month": 1, "quarter": 3, "half_year": 6}


@dataclass(frozen=True)
class Deadline:
    """One due date. `period` (or posting id) is what the document is about; `nominal` the date of the clause, `effective`
    the workday it is rolled to; data up to `cutoff` go into it (None = no cut-off). `provisional`: the nominal or effective
    date lies in a year whose calendar is not published (domain.md §6)."""

    period: str | None
    posting: str | None
    nominal: dt.date
    effective: dt.date
    cutoff: dt.date | None
    reminders: tuple[dt.date, ...]
    escalate_on: dt.date
    due_basis: str
    provisional: bool

    def to_dict(self) -> dict[str, Any]:
        """JSON form, members in the order of an answer."""
        named = {"posting": self.posting} if self.posting else {"period": self.period}
        return {
            **named, "nominal": self.nominal.isoformat(), "effective": self.effective.isoformat(),
            "cutoff": self.cutoff.isoformat() if self.cutoff else None,
            "reminders": [day.isoformat() for day in self.reminders], "escalate_on": self.escalate_on.isoformat(),
            "due_basis": self.due_basis, "provisional": self.provisional,
        }  # fmt: skip


def of_year(programme: Programme, calendar: Calendar, rule: Rule, year: int) -> list[Deadline]:
    """The deadlines of a document rule whose nominal date lies in the year, in order; none for rules of a posting."""
    due = rule.get("due") or {}
    if "on" in due:
        found = [_fixed(text, year) for text in ([due["on"]] if isinstance(due["on"], str) else due["on"])]
        named = [(_period_of(rule, day), day) for day in found if day is not None]
    elif due.get("every") in _PERIODS:
        named = _every(rule, due, year)
    else:
        return []
    return [_deadline(programme, calendar, rule, name, None, day) for name, day in sorted(named, key=lambda one: one[1])]


def of_posting(programme: Programme, calendar: Calendar, rule: Rule, posting_id: str, end: dt.date | None) -> list[Deadline]:
    """The deadline of a rule that runs after a posting's end; none while the posting is open or for other rules."""
    due = rule.get("due") or {}
    if due.get("after") != "posting_end" or end is None:
        return []
    return [_deadline(programme, calendar, rule, None, posting_id, calendar.add_workdays(end, due["workdays"]))]


def of_date(programme: Programme, calendar: Calendar, rule: Rule, day: dt.date) -> list[Deadline]:
    """The deadline that hangs on one date: an attended day (`within_hours` after its last session), an application."""
    due = rule.get("due") or {}
    if due.get("every") == "attended_day":
        ends = cal.at(day, programme.session_windows.pm[1]) + dt.timedelta(hours=due["within_hours"])
        return [_deadline(programme, calendar, rule, day.isoformat(), None, cal.local_date(ends))]
    if "before" in due:
        return [_deadline(programme, calendar, rule, day.isoformat(), None, day)]
    return []


def _fixed(text: str, year: int) -> dt.date | None:
    """A dated or yearly day in the year; 29 February means the month's last day in other years."""
    if not text.startswith("--"):
        day = real_day(text)
        return day if day and day.year == year else None
    month, number = int(text[2:4]), int(text[5:])
    return dt.date(year, month, min(number, months.monthrange(year, month)[1]))


def _period_of(rule: Rule, day: dt.date) -> str:
    """What a document of a fixed date is about: its `coverage`, else the year."""
    coverage = rule.get("coverage")
    return cal.half_year_of(day) if coverage == "half_year" else cal.quarter_of(day) if coverage == "quarter" else f"{day.year}"


def _every(rule: Rule, due: Mapping[str, Any], year: int) -> list[tuple[str, dt.date]]:
    """(period, nominal date) of every period whose date lies in the year: one reported on in January ended in December."""
    length, found = _PERIODS[due["every"]], []
    first = -length if due.get("after_period") else 0
    for number in range(first, first + 12, length):
        last = dt.date(year + (number + length - 1) // 12, (number + length - 1) % 12 + 1, 1)
        inside = _month_after(last) if due.get("after_period") else last
        size = months.monthrange(inside.year, inside.month)[1]
        nominal = inside.replace(day=size if due["day"] == -1 else min(due["day"], size))
        about = _month_after(last) if due["every"] == "month" and due["day"] == -1 and "roster" in rule.get("doc") else last
        found.append((_name(due["every"], about), nominal))
    return found


def _month_after(day: dt.date) -> dt.date:
    return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def _name(every: str, day: dt.date) -> str:
    return f"{day:%Y-%m}" if every == "month" else cal.quarter_of(day) if every == "quarter" else cal.half_year_of(day)


def _deadline(
    programme: Programme, calendar: Calendar, rule: Rule, period: str | None, posting: str | None, nominal: dt.date
) -> Deadline:
    roll = (rule.get("due") or {}).get("roll")
    effective = nominal
    if roll == "backward":
        effective = calendar.last_workday_on_or_before(nominal)
    elif roll == "forward":
        effective = calendar.first_workday_on_or_after(nominal)
    cut = rule.get("cutoff_days_before_due")
    lead, late = (programme.setting(f"remind.{name}") for name in ("lead_workdays", "escalate_after_workdays"))
    reminders = tuple(calendar.add_workdays(effective, -days) for days in lead)
    escalate = calendar.add_workdays(effective, late)
    return Deadline(
        period, posting, nominal, effective, nominal - cut * DAY if cut is not None else None, reminders, escalate,
        rule.get("due_basis"), any(calendar.is_provisional(day) for day in (nominal, effective)),
    )  # fmt: skip


def window_of(rule: Rule, year: int) -> tuple[dt.date, dt.date] | None:
    """The dates of a rule's window (5月下旬 as --05-21..--05-31) in a year, or None."""
    first, last = rule.get("window_from"), rule.get("window_to")
    if first is None or last is None:
        return None
    begin, end = _fixed(first, year), _fixed(last, year)
    return (begin, end) if begin and end else None
