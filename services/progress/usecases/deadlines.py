"""Every due date of a programme in a year, by the calendar in use (rules.md §3 `due`)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from shared.directory import lookup as directory
from shared.rules import deadlines, words
from shared.rules.deadlines import Deadline
from shared.rules.load import Rule
from shared.service import Runtime


@dataclass(frozen=True)
class Dated:
    """A rule and one of its due dates, or its window (5月下旬) in the year, or neither: a date that hangs on a posting."""

    rule: Rule
    deadline: Deadline | None = None
    window: tuple[dt.date, dt.date] | None = None

    @property
    def what(self) -> str:
        """The document, or what is counted in the window."""
        if self.rule.kind == "document":
            return words.slug("doc", self.rule.get("doc"), self.rule.id)
        return words.METRICS[self.rule.get("metric")]

    @property
    def when(self) -> str:
        """The due date in the words of the rule."""
        if self.window:
            return f"{self.window[0].month}月{self.window[0].day}日至{self.window[1].month}月{self.window[1].day}日"
        return words.due(self.rule.get("due"))

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        window = [day.isoformat() for day in self.window] if self.window else None
        dated = self.deadline.to_dict() if self.deadline else {}
        return {"rule": self.rule.id, "what": self.what, "when": self.when, "window": window, **dated}


def of_year(rt: Runtime, programme_id: str, year: int) -> list[Dated]:
    """The due dates in order of their effective date, then windows and what hangs on a posting, by rule.

    Judged by the version that counts in December of the year. Raises NotFound for an unknown programme.
    """
    with rt.db.read() as session:
        programme = directory.programme(session, programme_id, f"{year:04d}-12")
        calendar = directory.calendar(session)
    dated: list[Dated] = []
    rest: list[Dated] = []
    for rule in programme.rules:
        found = [Dated(rule, one) for one in deadlines.of_year(programme, calendar, rule, year)] if rule.get("due") else []
        dated += found
        if window := deadlines.window_of(rule, year):
            rest.append(Dated(rule, window=window))
        elif rule.get("due") and not found and "on" not in rule.get("due"):
            rest.append(Dated(rule))
    dated.sort(key=lambda one: (one.deadline.effective if one.deadline else dt.date.max, one.rule.id))
    return dated + rest
