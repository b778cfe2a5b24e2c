"""The life of a check-in reminder: planned by the minute, decided again when sent, closed when the fact changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from notifier.domain import check_in, wording
from notifier.models import DONE, DROPPED, EXPIRED, IN_APP, PLANNED, Reminder
from notifier.store import inbox, presence, reminders
from notifier.store.presence import DutySession, Seen
from notifier.usecases import deliveries
from shared import clock, outbox
from shared.attendance.session import HALVES
from shared.events import ReminderDue
from shared.ids import new_id
from shared.service import Runtime

BATCH = 200


def owed(rt: Runtime) -> list[dict[str, Any]]:
    """The reminders owed at this minute and not planned yet, as rows; reads only."""
    now = clock.now()
    with rt.db.read() as session:
        seen = presence.due(session, now)
        open_ones = {one: each for one, each in seen.items() if check_in.silence(each.presence) is None}
        keys = {one: wording.key(check_in.TYPE, *one) for one in open_ones}
        known = reminders.known(session, keys.values())
    return [_row(one, each, keys[one], now) for one, each in open_ones.items() if keys[one] not in known]


def plan(session: Session, rows: list[dict[str, Any]]) -> list[str]:
    """Store planned reminders and one message per 200 new ones, so that each is decided once more and sent."""
    ids = reminders.plan(session, rows)
    for start in range(0, len(ids), BATCH):
        some = tuple(ids[start : start + BATCH])
        outbox.put(session, ReminderDue(new_id(), some), expires_at=max(row["expires_at"] for row in rows))
    return ids


def judged(rt: Runtime, ids: Iterable[str]) -> dict[str, str | None]:
    """Why each still planned reminder is no longer owed (None: it is), on the facts of this moment; reads only."""
    with rt.db.read() as session:
        return _judge(session, reminders.planned(session, ids))


def send(session: Session, verdicts: Mapping[str, str | None]) -> None:
    """Deliver what is owed to the inbox and plan its push, drop the rest with its reason; past its use it expires, it is never late."""
    now = clock.now()
    told = []
    for reminder in reminders.planned(session, verdicts, lock=True):
        if now > reminder.expires_at:
            reminders.decide(reminder, EXPIRED, None, now)
        elif reason := verdicts[reminder.id]:
            reminders.decide(reminder, DROPPED, reason, now)
        else:
            inbox.deliver(session, reminder, now)
            reminders.decide(reminder, IN_APP, None, now)
            told.append(reminder)
    deliveries.plan(session, told, now)


def answered(rt: Runtime, posting_id: str, day: dt.date) -> dict[str, str]:
    """Open reminders of a posting's date that the facts have answered since, each with the answer; reads only."""
    with rt.db.read() as session:
        found = reminders.open_of(session, wording.subject(posting_id), _periods(day))
        verdicts = _judge(session, found) if found else {}
    return {key: reason for key, reason in verdicts.items() if reason and reason != check_in.WAITS}


def close(session: Session, posting_id: str, day: dt.date, answers: Mapping[str, str]) -> None:
    """Close these reminders: what waits to be sent is not sent, what stands in an inbox is marked 「已完成」."""
    now = clock.now()
    for reminder in reminders.open_of(session, wording.subject(posting_id), _periods(day), lock=True):
        if reminder.id in answers:
            if reminder.state != PLANNED:
                inbox.done(session, reminder.id, now)
            reminders.decide(reminder, DONE, answers[reminder.id], now)


def _periods(day: dt.date) -> list[str]:
    return [wording.period(day, half) for half in HALVES]


def _judge(session: Session, found: Iterable[Reminder]) -> dict[str, str | None]:
    sessions = {reminder.id: _session(reminder) for reminder in found}
    seen = presence.of(session, sessions.values())
    return {
        key: check_in.silence(seen[one].presence) if one in seen else "no-duty" for key, one in sessions.items()
    }  # fmt: skip


def _session(reminder: Reminder) -> DutySession:
    """The session a D01 row is about, read back from its subject and period."""
    day, _, half = reminder.period.partition(".")
    return DutySession(reminder.subject.removeprefix("posting:"), dt.date.fromisoformat(day), half)


def _row(one: DutySession, seen: Seen, key: str, now: dt.datetime) -> dict[str, Any]:
    windows = seen.presence.windows
    due_at, expires_at = check_in.times(windows, one.day, one.half)
    return {
        "id": new_id(), "key": key, "type": check_in.TYPE, "person_id": seen.person_id,
        "subject": wording.subject(one.posting_id), "period": wording.period(one.day, one.half), "step": 1,
        "due_at": due_at, "expires_at": expires_at, "state": PLANNED, "reason": None, "planned_at": now,
        "decided_at": None, **asdict(wording.check_in(windows, one.day, one.half)),
    }  # fmt: skip
