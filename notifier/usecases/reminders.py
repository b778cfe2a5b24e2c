"""Planning: who is owed what at this minute is stored once, and asked to be looked at again when it falls due.

A large house is planned in pieces: the job of a time of day stores one message per piece of postings, several workers take
them. The key of a reminder makes every second planning a no-op.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from notifier.domain import rows as table
from notifier.domain import times
from notifier.domain.case import Case
from notifier.models import PLANNED
from notifier.store import posts, reminders
from notifier.usecases import families, sessions
from notifier.usecases.families import Asked
from shared import clock, outbox
from shared.calendar import local_date
from shared.events import ReminderDue, ReminderPiece
from shared.ids import new_id
from shared.rules.durations import DAY
from shared.service import Runtime

BATCH = 200
AHEAD = dt.timedelta(minutes=10)
"""A case due so soon is planned already; its message waits until then."""

Rows = list[dict[str, Any]]


def now_due(rt: Runtime) -> Rows:
    """What is owed at this very minute: sessions, empty seats, phones, urgent leave; reads only."""
    now = clock.now()
    with rt.db.read() as session:
        found = list(sessions.due(session, now))
        asked = Asked(session, local_date(now), now)
        found += [case for name in families.EVERY_MINUTE for case in families.family(name)(asked)]
        return _new(session, found, now)


def slot(rt: Runtime, names: Iterable[str], fired_at: dt.datetime) -> tuple[Rows, list[ReminderPiece]]:
    """What the families of a time of day owe: rows of a small house at once, pieces of a large one; reads only."""
    now, day = clock.now(), local_date(fired_at)
    found: list[Case] = []
    pieces: list[ReminderPiece] = []
    with rt.db.read() as session:
        ids = posts.in_force(session, day - 14 * DAY, day) if any(name in families.BY_POSTING for name in names) else []
        for name in names:
            if name in families.BY_POSTING and len(ids) > posts.AT_ONCE:
                pieces += [ReminderPiece(name, clock.iso(fired_at), some[0], some[-1]) for some in posts.chunks(ids)]
            elif name in families.AT_ONCE or ids:
                found += families.family(name)(Asked(session, day, now, ids=ids))
        return _new(session, found, now), pieces


def piece(rt: Runtime, payload: dict[str, Any]) -> Rows:
    """What one family owes the postings of one piece; reads only."""
    now, day = clock.now(), local_date(clock.parse_iso(payload["fire_at"]))
    with rt.db.read() as session:
        ids = [one for one in posts.in_force(session, day - 14 * DAY, day) if payload["first"] <= one <= payload["last"]]
        return _new(session, families.family(payload["family"])(Asked(session, day, now, ids=ids)), now)


def _new(session: Session, found: Iterable[Case], now: dt.datetime) -> Rows:
    """Rows of the cases that are owed, due (or nearly), still of use, and not planned yet."""
    owed = [case for case in found if case.answered is None and case.due_at <= now + AHEAD and now <= case.expires_at]
    known = reminders.known(session, {case.key for case in owed})
    return [row_of(case, now) for case in owed if (case.key, case.person_id) not in known]


def row_of(case: Case, now: dt.datetime) -> dict[str, Any]:
    """The values of one planned reminder, its due time spread over minutes unless it belongs to a session."""
    quick = table.ROWS[case.type].cls in (table.SES, table.NOW)
    due = case.due_at if quick else times.spread(case.due_at, case.person_id)
    return {
        "id": new_id(), "key": case.key, "type": case.type, "rule_id": case.rule_id, "person_id": case.person_id,
        "subject": case.subject, "period": case.period, "step": case.step, "most": case.most, "due_at": due,
        "expires_at": case.expires_at, "state": PLANNED, "reason": None, "planned_at": now, "decided_at": None, "pushed_at": None,
        **asdict(case.words),
    }  # fmt: skip


def plan(session: Session, rows: Rows, pieces: Iterable[ReminderPiece] = ()) -> list[str]:
    """Store planned reminders, and one message per 200 new ones of a minute, so that each is decided once more and sent."""
    for each in pieces:
        outbox.put(session, each)
    ids = set(reminders.plan(session, rows))
    new = sorted((row for row in rows if row["id"] in ids), key=lambda row: (row["due_at"], row["id"]))
    for due, minute in groupby(new, key=lambda row: row["due_at"]):
        listed = list(minute)
        for start in range(0, len(listed), BATCH):
            some = listed[start : start + BATCH]
            ask(session, [row["id"] for row in some], due, max(row["expires_at"] for row in some))
    return [row["id"] for row in new]


def ask(session: Session, ids: Iterable[str], when: dt.datetime, expires_at: dt.datetime) -> None:
    """Ask for these reminders to be looked at again at an instant."""
    outbox.put(session, ReminderDue(new_id(), tuple(ids)), run_after=max(when, clock.now()), expires_at=expires_at)
