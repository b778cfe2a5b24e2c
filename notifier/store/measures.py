"""What became of reminders, by row: planned, told, read, acted upon (reminders.md §7)."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from notifier.models import DROPPED, InboxItem, Reminder

ACTED_WITHIN = dt.timedelta(hours=2)


@dataclass
class Measured:
    """The figures of one row: reminders, pushes, messages in the inbox, read ones, facts changed within two hours."""

    planned: int = 0
    pushed: int = 0
    told: int = 0
    opened: int = 0
    acted: int = 0
    dropped: Counter[str] = field(default_factory=Counter)


def by_row(session: Session, since: dt.datetime) -> Mapping[str, Measured]:
    """The figures of every row since an instant."""
    found: dict[str, Measured] = defaultdict(Measured)
    query = sa.select(Reminder.type, Reminder.state, Reminder.reason, sa.func.count(), sa.func.count(Reminder.pushed_at))
    for row in session.execute(query.where(Reminder.due_at >= since).group_by(Reminder.type, Reminder.state, Reminder.reason)):
        one = found[row.type]
        one.planned, one.pushed = one.planned + row[3], one.pushed + row[4]
        if row.state == DROPPED:
            one.dropped[row.reason or ""] += row[3]
    soon = sa.case((_quick(session), 1))
    told = sa.select(Reminder.type, sa.func.count(), sa.func.count(InboxItem.read_at), sa.func.count(soon)).join(
        InboxItem, InboxItem.reminder_id == Reminder.id
    )
    for kind, sent, opened, acted in session.execute(told.where(Reminder.due_at >= since).group_by(Reminder.type)):
        found[kind].told, found[kind].opened, found[kind].acted = sent, opened, acted
    return found


def _quick(session: Session) -> sa.ColumnElement[bool]:
    """Whether the fact changed within two hours of the message."""
    if session.get_bind().dialect.name == "postgresql":
        return InboxItem.done_at <= InboxItem.created_at + ACTED_WITHIN
    hours = (sa.func.julianday(InboxItem.done_at) - sa.func.julianday(InboxItem.created_at)) * 24
    return hours <= ACTED_WITHIN.total_seconds() / 3600
