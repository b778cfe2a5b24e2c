"""The queue's door: plan at each time of day and by the minute, look a second time and send, close what was answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from notifier.usecases import addresses, callbacks, closing, delivering, events, families, reminders, second_look, spot
from shared import clock
from shared.service import Job, Runtime, Schedule

Rows = list[dict[str, Any]]


def owed(rt: Runtime, payload: dict[str, Any]) -> Rows:
    """What is owed at this minute."""
    return reminders.now_due(rt)


def piece(rt: Runtime, payload: dict[str, Any]) -> Rows:
    """What one family owes one piece of the house."""
    return reminders.piece(rt, payload)


def plan(rt: Runtime, session: Session, payload: dict[str, Any], rows: Rows) -> None:
    """Store it, and ask for it to be sent."""
    reminders.plan(session, rows)


def at(families_due: tuple[str, ...]) -> Callable[[Runtime, dict[str, Any]], Any]:
    """What these families owe at their time of day."""

    def asked(rt: Runtime, payload: dict[str, Any]) -> Any:
        fired = payload.get("fire_at")
        return reminders.slot(rt, families_due, clock.parse_iso(fired) if fired else clock.now())

    return asked


def plan_slot(rt: Runtime, session: Session, payload: dict[str, Any], found: Any) -> None:
    """Store it, or one message per piece."""
    reminders.plan(session, *found)


def looked(rt: Runtime, payload: dict[str, Any]) -> second_look.Looked:
    """Look again at the reminders of a batch."""
    return second_look.looked(rt, payload["reminder_ids"])


def send(rt: Runtime, session: Session, payload: dict[str, Any], seen: second_look.Looked) -> None:
    """Deliver, postpone or drop them."""
    second_look.send(session, seen)


def answered(rt: Runtime, payload: dict[str, Any]) -> tuple[dict[str, str], list[str], Rows]:
    """Which open reminders and spot checks of a folded day the facts have answered, and what was decided of it."""
    posting_id, day = payload["posting_id"], dt.date.fromisoformat(payload["date"])
    return closing.answered(rt, posting_id, day), spot.answered(rt, posting_id, day), events.results(rt, posting_id, day)


def close_done(rt: Runtime, session: Session, payload: dict[str, Any], found: tuple[dict[str, str], list[str], Rows]) -> None:
    """Close them, and tell of results."""
    told, checks, rows = found
    if told:
        closing.close(session, told)
    if checks:
        spot.close(session, checks)
    if rows:
        reminders.plan(session, rows)


def swept(rt: Runtime, payload: dict[str, Any]) -> dict[str, str]:
    """What no fold touches and was answered."""
    return closing.swept(rt)


def sweep(rt: Runtime, session: Session, payload: dict[str, Any], told: dict[str, str]) -> None:
    """Close it."""
    if told:
        closing.close(session, told)


def checked(rt: Runtime, payload: dict[str, Any]) -> spot.Notice | None:
    """The notice of a spot check, unless it was answered meanwhile."""
    return spot.owed(rt, payload["check_id"], payload["posting_id"], dt.date.fromisoformat(payload["date"]))


def spot_check(rt: Runtime, session: Session, payload: dict[str, Any], notice: spot.Notice | None) -> None:
    """Tell the physician, and check-in what became of it."""
    if notice is not None:
        spot.tell(session, notice)


def bound(rt: Runtime, payload: dict[str, Any]) -> Rows:
    """Who is to be told of a new phone."""
    return events.device(rt, payload["device_id"])


def deliver(rt: Runtime, payload: dict[str, Any]) -> None:
    """Send a batch of deliveries; every call has transactions of its own."""
    delivering.deliver(rt, payload["delivery_ids"])


def deliver_rest(rt: Runtime, session: Session, payload: dict[str, Any], _sent: None) -> None:
    """Ask again for what still waits."""
    delivering.leave(session, payload["delivery_ids"])


def reach(rt: Runtime, session: Session, payload: dict[str, Any], _nothing: None) -> None:
    """Reach a person at the account that was bound."""
    addresses.bound(session, payload["binding_id"])


def callback(rt: Runtime, session: Session, payload: dict[str, Any], _nothing: None) -> None:
    """Do what an event of a platform means."""
    callbacks.work(session, payload["seen_id"], int(payload["look"]))


SLOT_JOBS = {f"notifier.plan_{time}": (time, names) for time, names in families.SLOTS.items()}
JOBS = (
    Job("notifier.plan_session", "notify", plan, owed),
    *(Job(name, "notify", plan_slot, at(names)) for name, (_, names) in SLOT_JOBS.items()),
    Job("notifier.plan_piece", "notify", plan, piece),
    Job("notifier.send", "notify", send, looked),
    Job("notifier.deliver", "notify", deliver_rest, deliver),
    Job("notifier.bound", "notify", reach),
    Job("notifier.callback", "notify", callback),
    Job("notifier.close_done", "notify", close_done, answered),
    Job("notifier.new_device", "notify", plan, bound),
    Job("notifier.sweep", "notify", sweep, swept),
    Job("notifier.spot_check", "notify", spot_check, checked),
)
SCHEDULES = (
    Schedule("notifier.plan_session", "* 7-20 * * *", "skip", 30 * 60),
    *(Schedule(name, f"{int(time[2:])} {int(time[:2])} * * *") for name, (time, _) in SLOT_JOBS.items()),
    Schedule("notifier.sweep", "*/10 7-20 * * *"),
)
