"""From lines such as 「星期二 上午」 to the duty half-days of a posting's month. Pure."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from services.roster.domain.book import Row
from services.roster.domain.mistakes import Mistake
from services.roster.domain.view import Half, Record, View
from shared.calendar import Calendar, month_days


@dataclass
class Month:
    """What the workbook says about one posting and month."""

    rows: list[Row] = field(default_factory=list)
    halves: dict[tuple[dt.date, str], str] = field(default_factory=dict)

    def half_days(self) -> frozenset[Half]:
        """The rostered half-days as (date, session, clinic code)."""
        return frozenset((day, session, clinic) for (day, session), clinic in self.halves.items())


def months(view: View) -> dict[tuple[str, str], Month]:
    """(posting code, month) -> its half-days; rows that cannot be understood are left out."""
    return _expand(view, [])


def check(view: View) -> Iterator[Mistake]:
    """Dates inside month and posting, clinics of the posting, no half-day twice at two clinics, no closed month."""
    found: list[Mistake] = []
    for key, month in _expand(view, found).items():
        published = view.known.rosters.get(key, frozenset())
        if key in view.known.locked and month.half_days() != published:
            found.append(month.rows[0].mistake("month", f"{key[1]} 已锁定,排班不能再改"))
    yield from found


def _expand(view: View, mistakes: list[Mistake]) -> dict[tuple[str, str], Month]:
    found: dict[tuple[str, str], Month] = defaultdict(Month)
    for row in view.rows("roster"):
        posting = view.after("posting", row.values.get("posting"))
        names = ("posting", "month", "days", "half")
        if posting is None or any(row.values.get(name) is None for name in names):
            continue
        if not all(posting.get(name) for name in ("start", "end", "clinics")):
            continue
        month = found[row.values["posting"], row.values["month"]]
        month.rows.append(row)
        mistakes += _add(row, posting, month, view.known.calendar)
    return found


def _add(row: Row, posting: Record, month: Month, calendar: Calendar) -> Iterator[Mistake]:
    clinic = row.values.get("clinic") or posting["clinics"][0]
    if clinic not in posting["clinics"]:
        yield row.mistake("clinic", f"「{clinic}」不是该派驻的执业点")
    days = month_days(row.values["month"])
    if days[-1] < posting["start"] or days[0] > posting["end"]:
        yield row.mistake("month", "该月不在派驻期内")
        return
    for word in row.values["days"]:
        if isinstance(word, dt.date) and word not in days:
            yield row.mistake("days", f"{word} 不在 {row.values['month']}")
        elif isinstance(word, dt.date) and not posting["start"] <= word <= posting["end"]:
            yield row.mistake("days", f"{word} 不在派驻期内")
        for day in _days(word, days, posting, calendar):
            for session in row.values["half"]:
                if month.halves.setdefault((day, session), clinic) != clinic:
                    yield row.mistake("days", f"{day} {'上午' if session == 'am' else '下午'}排了两个执业点")


def _days(word: int | dt.date, days: list[dt.date], posting: Record, calendar: Calendar) -> list[dt.date]:
    """A date as it is; a weekday means its workdays (continuity.md §6.2) inside the posting."""
    if isinstance(word, dt.date):
        return [word]
    return [
        day for day in days
        if day.weekday() == word and calendar.is_workday(day) and posting["start"] <= day <= posting["end"]
    ]  # fmt: skip
