"""The queue's door: plan by the minute, send after a second look, close what was answered."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from notifier.usecases import addresses, callbacks, delivering, reminders, spot
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


def answered(rt: Runtime, payload: dict[str, Any]) -> tuple[dict[str, str], list[str]]:
    """Which open reminders and spot checks of a folded day the facts have answered."""
    posting_id, day = payload["posting_id"], dt.date.fromisoformat(payload["date"])
    return reminders.answered(rt, posting_id, day), spot.answered(rt, posting_id, day)


def close_done(rt: Runtime, session: Session, payload: dict[str, Any], answers: tuple[dict[str, str], list[str]]) -> None:
    """Close them."""
    told, checks = answers
    if told:
        reminders.close(session, payload["posting_id"], dt.date.fromisoformat(payload["date"]), told)
    if checks:
        spot.close(session, checks)


def checked(rt: Runtime, payload: dict[str, Any]) -> spot.Notice | None:
    """The notice of a spot check, unless it was answered meanwhile."""
    return spot.owed(rt, payload["check_id"], payload["posting_id"], dt.date.fromisoformat(payload["date"]))


def spot_check(rt: Runtime, session: Session, payload: dict[str, Any], notice: spot.Notice | None) -> None:
    """Tell the physician, and check-in what became of it."""
    if notice is not None:
        spot.tell(session, notice)


def deliver(rt: Runtime, payload: dict[str, Any]) -> None:
    """Send a batch of deliveries; every call has transactions of its own."""
    delivering.deliver(rt, payload["delivery_ids"])


def deliver_rest(rt: Runtime, session: Session, payload: dict[str, Any], _sent: None) -> None:
    """Ask again for what still waits."""
    delivering.leave(session, payload["delivery_ids"])


def bound(rt: Runtime, session: Session, payload: dict[str, Any], _nothing: None) -> None:
    """Reach a person at the account that was bound."""
    addresses.bound(session, payload["binding_id"])


def callback(rt: Runtime, session: Session, payload: dict[str, Any], _nothing: None) -> None:
    """Do what an event of a platform means."""
    callbacks.work(session, payload["seen_id"], int(payload["look"]))


JOBS = (
    Job("notifier.plan_session", "notify", plan, owed),
    Job("notifier.send", "notify", send, judged),
    Job("notifier.deliver", "notify", deliver_rest, deliver),
    Job("notifier.bound", "notify", bound),
    Job("notifier.callback", "notify", callback),
    Job("notifier.close_done", "notify", close_done, answered),
    Job("notifier.spot_check", "notify", spot_check, checked),
)
SCHEDULES = (Schedule("notifier.plan_session", "* 7-18 * * *", "skip", 30 * 60),)
