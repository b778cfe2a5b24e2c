"""The queue's door: plan by the minute, send after a second look, close what was answered."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from notifier.usecases import reminders
from shared.service import Job, Runtime, Schedule

Rows = list[dict[str, Any]]


def owed(rt: Runtime, payload: dict[str, Any]) -> Rows:
    """What is owed at this minute."""
    return reminders.owed(rt)


def plan(rt: Runtime, session: Session, payload: dict[str, Any], rows: Rows) -> None:
    """Store it, and ask for it to be sent."""
    reminders.plan(session, rows)


def judged(rt: Runtime, payload: dict[str, Any]) -> dict[str, str | None]:
    """Look again at the reminders of a batch."""
    return reminders.judged(rt, payload["reminder_ids"])


def send(rt: Runtime, session: Session, payload: dict[str, Any], verdicts: dict[str, str | None]) -> None:
    """Deliver or drop them."""
    reminders.send(session, verdicts)


def answered(rt: Runtime, payload: dict[str, Any]) -> dict[str, str]:
    """Which open reminders of a folded day the facts have answered."""
    return reminders.answered(rt, payload["posting_id"], dt.date.fromisoformat(payload["date"]))


def close_done(rt: Runtime, session: Session, payload: dict[str, Any], answers: dict[str, str]) -> None:
    """Close them."""
    if answers:
        reminders.close(session, payload["posting_id"], dt.date.fromisoformat(payload["date"]), answers)


JOBS = (
    Job("notifier.plan_session", "notify", plan, owed),
    Job("notifier.send", "notify", send, judged),
    Job("notifier.close_done", "notify", close_done, answered),
)
SCHEDULES = (Schedule("notifier.plan_session", "* 7-18 * * *", "skip", 30 * 60),)
