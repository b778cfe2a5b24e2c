"""G01 and G02: what waits, in one message: at most five lines, most urgent first; names stand in the app only. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from notifier.domain.case import Case, clock_time
from notifier.domain.rows import ROWS, URGENT
from notifier.domain.wording import Words
from shared.calendar import Calendar, iso_week

MOST_LINES = 5
DAILY, WEEKLY = ("G01", "08:10"), ("G02", "08:40")
WEEKLY_ROLES = frozenset({"county_officer", "city_officer", "province_officer"})


def kind_of(roles: Iterable[str]) -> str:
    """Which digest a person reads: authorities the weekly one, everybody else the daily one."""
    return "G02" if WEEKLY_ROLES.intersection(roles) else "G01"


def due(kind: str, calendar: Calendar, today: dt.date) -> bool:
    """The daily one on workdays, the weekly one on the first workday of the week."""
    if not calendar.is_workday(today):
        return False
    return kind == "G01" or calendar.add_workdays(today, -1) < today - dt.timedelta(days=today.weekday())


def case(kind: str, person_id: str, lines: Mapping[str, int], today: dt.date, area: str = "") -> Case:
    """The digest of one person: open lines by row."""
    time = DAILY[1] if kind == "G01" else WEEKLY[1]
    period = f"{today}" if kind == "G01" else iso_week(today)
    total = sum(lines.values())
    title = f"今日待办 {total} 项" if kind == "G01" else f"本周概况 {area}".strip()[:20]
    words = Words(title=title, text=text(lines), why="汇总由您在设置里选择", url="/sup/todo")
    return Case(kind, person_id, f"person:{person_id}", period, 1, clock_time(today, time), words, None if total else "nothing")


def text(lines: Mapping[str, int]) -> str:
    """The lines, and how many things more there are."""
    rank = {row: n for n, row in enumerate(URGENT)}
    ordered = sorted(lines, key=lambda row: (rank.get(row, len(rank)), row))
    shown = [f"{ROWS[row].label} {lines[row]} 项" for row in ordered[:MOST_LINES]]
    more = sum(lines[row] for row in ordered[MOST_LINES:])
    return ";".join(shown) + (f";另有 {more} 项" if more else "")
