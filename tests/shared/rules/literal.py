"""Continuity as its definition reads, slowly: tried on every date instead of computed. Only tests compare with it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from shared.calendar import days_between
from shared.rules.durations import DAY, due
from shared.rules.history import Half


@dataclass(frozen=True)
class Limits:
    """Half-days that break by run and by total, calendar days of a leave run, half-days of leave that are credited."""

    run: int
    total: int
    leave_days: int
    cap: int


@dataclass(frozen=True)
class Piece:
    """An unbroken stretch: its dates and the half-days in it as (date, credited)."""

    start: dt.date
    end: dt.date
    halves: tuple[tuple[dt.date, bool], ...]
    broken: bool

    def effective_end(self, day: dt.date) -> dt.date:
        """The latest x with start - 1 <= x <= day and credit in (x, day] >= debt in [start, x], tried date by date."""
        x = day
        while x >= self.start:
            credit = sum(credited for date, credited in self.halves if x < date <= day)
            debt = sum(not credited for date, credited in self.halves if date <= x)
            if credit >= debt:
                return x
            x -= DAY
        return x

    def met_on(self, months: int) -> dt.date | None:
        """The first date of the piece whose effective end reaches `due`."""
        target = due(self.start, months)
        return next((day for day in days_between(target, self.end) if self.effective_end(day) >= target), None)


def pieces(halves: tuple[Half, ...], start: dt.date, end: dt.date, limits: Limits) -> list[Piece]:
    """The segments of one posting: its half-days as letters, cut where a pattern of letters breaks them."""
    letters = "".join(half.status for half in halves)
    begin, first = (0, start) if letters[:1] in ("A", "O", "L") else (letters.find("A"), None)
    found: list[Piece] = []
    while begin >= 0 and begin < len(letters):
        cut, resume = _cut(halves, letters, begin, limits)
        kept = _credited(letters[begin:cut], limits.cap)
        if resume is not None:
            kept = kept[: max((n + 1 for n, credited in enumerate(kept) if credited), default=0)]
        if kept:
            mine = tuple((halves[begin + n].date, credited) for n, credited in enumerate(kept))
            last = end if resume is None else mine[-1][0]
            found.append(Piece(first or halves[begin].date, last, mine, resume is not None))
        if resume is None:
            break
        begin, first = letters.find("A", resume), None
    return found


def _credited(letters: str, cap: int) -> list[bool]:
    return [letter == "A" or (letter == "L" and letters[: n + 1].count("L") <= cap) for n, letter in enumerate(letters)]


def _cut(halves: tuple[Half, ...], letters: str, begin: int, limits: Limits) -> tuple[int, int | None]:
    """Where the segment is cut and from where the next may begin; (end, None) when nothing breaks it."""
    known: list[tuple[int, int, int, int]] = []  # seen at, rank, cut, resume
    for run in re.finditer(r"X+|L+", letters[begin:]):
        a, b = run.start() + begin, run.end() + begin
        if letters[a] == "X" and b - a >= limits.run:
            known.append((a + limits.run - 1, 0, a, b))
        if letters[a] == "L" and (halves[b - 1].date - halves[a].date).days + 1 > limits.leave_days:
            late = next(n for n in range(a, b) if (halves[n].date - halves[a].date).days + 1 > limits.leave_days)
            known.append((late, 0, a, b))
    absent = [n for n in range(begin, len(letters)) if letters[n] == "X"]
    if len(absent) >= limits.total:
        place = absent[limits.total - 1]
        known.append((place, 1, place, place + 1))
    return min(known)[2:] if known else (len(letters), None)
