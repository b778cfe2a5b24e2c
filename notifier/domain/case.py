"""What one person may be owed at one step of one row, and whether the facts have answered it. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from notifier.domain.rows import PUSH
from notifier.domain.wording import Words
from shared.calendar import at

A_DAY = dt.timedelta(hours=24)


@dataclass(frozen=True)
class Case:
    """One step. `answered` says why nothing is owed (None: it is); `most` is the loudest level the step asks for.

    The same function gives it when planned, when sent and when looked at again later: only the facts differ.
    """

    type: str
    person_id: str
    subject: str
    period: str
    step: int
    due_at: dt.datetime
    words: Words
    answered: str | None = None
    rule_id: str | None = None
    most: str = PUSH
    useful_for: dt.timedelta = A_DAY

    @property
    def key(self) -> str:
        """`D04:ZZ-13|posting:<id>|2026-W47|1`; wording never changes it."""
        rule = f":{self.rule_id}" if self.rule_id else ""
        return f"{self.type}{rule}|{self.subject}|{self.period}|{self.step}"

    @property
    def expires_at(self) -> dt.datetime:
        """The instant after which it is never sent."""
        return self.due_at + self.useful_for


def clock_time(day: dt.date, text: str) -> dt.datetime:
    """`07:40` of a date."""
    return at(day, dt.time.fromisoformat(text))
