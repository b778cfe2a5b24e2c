"""The second look: what becomes of a planned reminder now (reminders.md §1.2, §2). Pure.

The order of the reasons is the order a reader would give them in: the fact, the choice, the day, the hour, the caps.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from notifier.domain import times
from notifier.domain.rows import DAY, DIGEST, DUE, NOW, ORDER, PUSH, ROWS, SES, Row, chosen, quieter
from shared.calendar import Calendar, local_date

SEND, TO_DIGEST, TO_INBOX, POSTPONE, DROP, EXPIRE = "send", "digest", "in_app", "postpone", "drop", "expire"
DAY_A_DAY, DAY_A_WEEK, SES_A_DAY, DUE_A_DAY, EMPTY_SEATS_A_DAY = 1, 3, 3, 1, 2
UNCAPPED = frozenset({"D06"})
"""Always pushed, and counted all the same."""


@dataclass(frozen=True)
class Reader:
    """Where a person stands now: his choices by row, whether today is a rest day for him, whether leave or ordered work
    covers this half-day, whether he is inside a duty session, whether his calendar year is not published."""

    calendar: Calendar
    choices: Mapping[str, str] = field(default_factory=dict)
    resting: bool = False
    covered: bool = False
    on_duty: bool = False
    quiet_hours: tuple[dt.time, dt.time] = (times.QUIET_FROM, times.QUIET_TO)


@dataclass(frozen=True)
class Verdict:
    """What becomes of it, why, and for a postponement until when."""

    result: str
    reason: str | None = None
    until: dt.datetime | None = None


@dataclass
class Pushed:
    """What was pushed to a person, by row: today, and in this week."""

    today: Counter[str] = field(default_factory=Counter)
    week: Counter[str] = field(default_factory=Counter)

    def note(self, row_id: str) -> None:
        """One more push now."""
        self.today[row_id] += 1
        self.week[row_id] += 1

    def of_class(self, *classes: str) -> tuple[int, int]:
        """(today, this week) over the rows of these classes."""
        return tuple(sum(n for row, n in each.items() if ROWS[row].cls in classes) for each in (self.today, self.week))  # type: ignore[return-value]


def decide(
    row: Row, *, answered: str | None, most: str, expires_at: dt.datetime, now: dt.datetime, reader: Reader, pushed: Pushed,
    enabled: bool = True,
) -> Verdict:  # fmt: skip
    """What becomes of one planned reminder; a push is not noted in `pushed` here."""
    if now > expires_at:
        return Verdict(EXPIRE)
    if answered:
        return Verdict(DROP, answered)
    if not enabled:
        return Verdict(DROP, "switched-off")
    level = quieter(chosen(row, reader.choices.get(row.id)), most)
    if level != PUSH:
        return Verdict(TO_DIGEST if level == DIGEST else TO_INBOX, "level")
    if reader.covered and row.id not in ("D10", "X03"):
        return Verdict(TO_INBOX, "leave")
    if row.cls != SES and reader.calendar.is_provisional(local_date(now)):
        return Verdict(TO_DIGEST if row.cls == DUE else TO_INBOX, "calendar-year")
    return _hour(row, expires_at, now, reader) or _capped(row, pushed) or Verdict(SEND)


def _hour(row: Row, expires_at: dt.datetime, now: dt.datetime, reader: Reader) -> Verdict | None:
    """Rest days and quiet hours: later where it is still of use then, else without a push."""
    passes = row.cls in (SES, NOW) and reader.on_duty
    if reader.resting and not passes:
        until = times.next_workday_morning(reader.calendar, now)
        return Verdict(POSTPONE, "rest-day", until) if until <= expires_at else Verdict(TO_INBOX, "rest-day")
    if times.quiet(now, reader.quiet_hours) and not passes:
        until = times.morning_after(now)
        return Verdict(POSTPONE, "quiet-hours", until) if until <= expires_at else Verdict(TO_INBOX, "quiet-hours")
    return None


def _capped(row: Row, pushed: Pushed) -> Verdict | None:
    """Above the caps nothing is postponed: it stands in the inbox."""
    if row.cls == DAY and row.id not in UNCAPPED:
        today, week = pushed.of_class(DAY)
        today, week = today + pushed.today["X02"], week + pushed.week["X02"]
        return Verdict(TO_INBOX, "cap-day") if today >= DAY_A_DAY else Verdict(TO_INBOX, "cap-week") if week >= DAY_A_WEEK else None
    if row.id == "R01":
        return Verdict(TO_INBOX, "cap-day") if pushed.today["R01"] >= EMPTY_SEATS_A_DAY else None
    if row.cls == SES:
        return Verdict(TO_INBOX, "cap-day") if pushed.of_class(SES)[0] >= SES_A_DAY else None
    if row.cls == DUE:
        return Verdict(TO_INBOX, "cap-day") if pushed.of_class(DUE)[0] >= DUE_A_DAY else None
    return None


def in_order(found: Iterable[tuple[str, dt.datetime, str]]) -> list[str]:
    """Ids of (row, due, id) in the order in which they are decided: a digest last, so that it sees its lines."""
    rank = {row: n for n, row in enumerate(ORDER)}
    listed = sorted(found, key=lambda one: (one[0].startswith("G"), rank.get(one[0], len(rank)), one[1], one[2]))
    return [key for _, _, key in listed]
