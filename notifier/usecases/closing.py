"""Closing: when the fact has changed, what waits is not sent and what stands in an inbox is marked 「已完成」."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy.orm import Session

from notifier.domain import wording
from notifier.models import DONE, PLANNED
from notifier.store import inbox, reminders
from notifier.usecases.families import AT_ONCE, FAMILY_OF
from notifier.usecases.second_look import VOID, answered_by_facts, answers_to
from notifier.usecases.sessions import TYPES
from shared import clock
from shared.calendar import at, monday_of
from shared.rules.durations import DAY
from shared.service import Runtime

VANISHING = frozenset({"R02", "D07"})
"""Rows whose case is no more once it is answered: nothing waits, nothing is unsent."""
SWEPT = tuple(row for row, family in FAMILY_OF.items() if (family in AT_ONCE or family == "standing") and not row.startswith("G"))
"""Rows that no fold of a day touches."""
SWEPT_SINCE = 60 * DAY


def answered(rt: Runtime, posting_id: str, day: dt.date) -> dict[str, str]:
    """Open reminders about a posting that the facts have answered since, each with the answer; reads only."""
    with rt.db.read() as session:
        found = reminders.open_of(session, wording.subject(posting_id), at(monday_of(day), dt.time()))
        found = [one for one in found if one.type not in TYPES or one.period.startswith(f"{day}")]
        told = answers_to(session, found, clock.now()) if found else {}
    return {key: reason for key, reason in told.items() if reason and answered_by_facts(reason)}


def swept(rt: Runtime) -> dict[str, str]:
    """What stands in an inbox about documents, counts, requests, phones, postings and has been answered; reads only."""
    now = clock.now()
    with rt.db.read() as session:
        found = reminders.standing(session, SWEPT, now - SWEPT_SINCE)
        told = answers_to(session, found, now) if found else {}
    gone = {one.id for one in found if one.type in VANISHING and told[one.id] == VOID}
    return {key: "done" if key in gone else str(reason) for key, reason in told.items() if key in gone or answered_by_facts(reason)}


def close(session: Session, answers: Mapping[str, str]) -> None:
    """Close these reminders."""
    now = clock.now()
    for reminder in reminders.open_ones(session, answers):
        if reminder.state != PLANNED:
            inbox.done(session, reminder.id, now)
        reminders.decide(reminder, DONE, answers[reminder.id], now)
