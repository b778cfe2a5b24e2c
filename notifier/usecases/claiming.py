"""Take deliveries for a call: look at each once more, store the request and the attempt, and only then let it go out."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from notifier.channels.port import Channel, Message
from notifier.domain import delivery as life
from notifier.models import Reminder
from notifier.models.deliveries import Attempt, Delivery
from notifier.store import credit, deliveries
from notifier.usecases.deliveries import fall_through
from shared import clock
from shared.ids import new_id
from shared.service import Runtime

GROUP = 20
"""Rows claimed in one transaction: a crash leaves at most these unknown."""
TAKEN_FOR = dt.timedelta(seconds=90)
"""Longer than a group's calls can take: until then nobody else touches its rows."""


@dataclass(frozen=True)
class Call:
    """One request: its recipients in order, and the attempt number of each delivery it settles."""

    id: str
    channel: str
    body: str
    recipients: tuple[str, ...]
    attempts: Mapping[str, int]


def claim(rt: Runtime, channels: Mapping[str, Channel], ids: Sequence[str]) -> list[Call] | None:
    """The next calls to make for these deliveries; None when nothing is due now."""
    now = clock.now()
    with rt.db.read() as session:
        due = [row for row in deliveries.waiting(session, ids) if row.next_at <= now]
        some = {row.id for row in due[:GROUP]}
        calls = {row.call_id for row in due[:GROUP] if row.call_id}
        chosen = [row for row in due if row.id in some or row.call_id in calls]
        waits = {row.id: _wait(channels, row, now) for row in chosen}
    if not chosen:
        return None
    with rt.db.transaction() as session:
        closed = deliveries.closed_until(session, {row.channel for row in chosen}, now)
        ready = []
        for row, reminder in deliveries.locked(session, [row.id for row in chosen], now):
            if _ready(session, row, reminder, channels.get(row.channel), (closed.get(row.channel), waits[row.id]), now):
                ready.append((row, reminder))
        return _calls(session, channels, ready, now)


def _wait(channels: Mapping[str, Channel], row: Delivery, now: dt.datetime) -> dt.datetime | None:
    """Our own limits are asked before the first call only: a repeat is the same message."""
    channel = channels.get(row.channel)
    return channel.wait(row.external_id, now) if channel and row.calls == 0 and now <= row.expires_at else None


def _ready(
    session: Session, row: Delivery, reminder: Reminder, channel: Channel | None,
    until: tuple[dt.datetime | None, dt.datetime | None], now: dt.datetime,
) -> bool:  # fmt: skip
    """Whether the row goes out now; whatever else becomes of it is written into it.

    `until`: when the channel opens again after an alarm, and when our own limits let the row pass.
    """
    closed, limited = until
    if row.state == life.SENDING:
        row.state = life.UNKNOWN  # whoever held it is gone: never "not sent"
    told = life.untimely(row.state, row.expires_at, (reminder.state, reminder.reason), row.state == life.UNKNOWN, now)
    if told is None and row.state == life.UNKNOWN and not (channel and repeatable(session, row, channel, now)):
        told = life.After(life.UNKNOWN, life.GIVEN_UP)
    if told is None and row.state != life.UNKNOWN:
        if channel is None:
            told = life.After(life.SKIPPED, "channel-off")
        elif row.channel == life.OA_SUBSCRIBE and not credit.spend(session, row, now):
            told = life.After(life.SKIPPED, "no-credit")
        elif closed is not None:
            told = life.After(life.HELD, "channel-closed", closed - now)
        elif limited is not None:
            told = life.After(life.PLANNED, "limit", limited - now)
    if told is None:
        return True
    row.state, row.reason, row.next_at, row.changed_at = told.state, told.reason, now + told.wait, now
    if told.state == life.SKIPPED:
        fall_through(session, row, reminder, now)
    return False


def repeatable(session: Session, row: Delivery, channel: Channel, now: dt.datetime) -> bool:
    """Whether an equal request would be suppressed by the platform if the first one arrived."""
    first = deliveries.first_call(session, row.id)
    return row.calls < life.MOST_CALLS and first is not None and now < first + channel.window


def _calls(
    session: Session, channels: Mapping[str, Channel], ready: Sequence[tuple[Delivery, Reminder]], now: dt.datetime
) -> list[Call]:
    """Equal words of one channel share a call; what went out before goes out in the same one again."""
    groups: dict[tuple[str, ...], list[tuple[Delivery, Reminder]]] = defaultdict(list)
    for row, reminder in ready:
        same = (row.call_id,) if row.call_id else (row.channel, reminder.type, reminder.title, reminder.text)
        groups[same].append((row, reminder))
    made = []
    for group in groups.values():
        channel = channels[group[0][0].channel]
        size = len(group) if group[0][0].call_id else channel.batch
        made += [_call(session, channel, group[start : start + size], now) for start in range(0, len(group), size)]
    return made


def _call(session: Session, channel: Channel, group: Sequence[tuple[Delivery, Reminder]], now: dt.datetime) -> Call:
    """Store one request on its rows, and an attempt for each."""
    first, reminder = group[0]
    call_id = first.call_id or (first.id if channel.batch == 1 else new_id())
    body = first.body or channel.render(Message(reminder.type, reminder.title, reminder.text, reminder.due_at), call_id)
    digest = hashlib.sha256(body.encode()).hexdigest()
    attempts = {}
    for row, _ in group:
        last = deliveries.last_attempt(session, row.id)
        attempts[row.id] = last.n + 1 if last else 1
        row.call_id, row.body, row.body_hash, row.calls = call_id, body, digest, row.calls + 1
        row.state, row.next_at, row.changed_at = life.SENDING, now + TAKEN_FOR, now
        session.add(Attempt(delivery_id=row.id, n=attempts[row.id], channel=row.channel, started_at=now, request_hash=digest))
    session.flush()
    everybody = [row for row in deliveries.of_call(session, call_id) if row.state != life.CANCELLED]
    return Call(call_id, channel.name, body, tuple(row.external_id for row in everybody), attempts)
