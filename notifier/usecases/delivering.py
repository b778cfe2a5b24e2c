"""Send what waits: claim a group, make its calls side by side, write down what was answered, again until nothing is due.

The message's own receipt is written when this is over; what still waits then goes into a new message. A worker that dies
leaves rows in `sending`: once they are free again their outcome is unknown, never "not sent" (channels.md §8).
"""

from __future__ import annotations

import contextvars
import datetime as dt
import random
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy.orm import Session

from notifier import channels as ways
from notifier.channels.port import Answer, Channel
from notifier.domain import delivery as life
from notifier.models import Reminder
from notifier.models.deliveries import Attempt, Delivery
from notifier.store import credit, deliveries
from notifier.usecases.claiming import Call, claim, repeatable
from notifier.usecases.deliveries import ask, fall_through
from shared import clock, logs
from shared.outbox.failpoint import reach
from shared.service import Runtime

SIDE_BY_SIDE = 5
SECONDS = 180
NOTHING_LEFT = 43101

log = logs.get("notifier")


def deliver(rt: Runtime, ids: Sequence[str]) -> None:
    """Send the deliveries of a message and those that follow from them, for at most three minutes."""
    ends, channels = time.monotonic() + SECONDS, ways.turned_on(rt)
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        while time.monotonic() < ends and (calls := claim(rt, channels, ids)) is not None:
            waiting = [
                pool.submit(contextvars.copy_context().run, channels[call.channel].send, call.body, call.recipients, call.id)
                for call in calls
            ]
            answers = [one.result() for one in waiting]
            if calls:
                reach(rt.settings, "delivery.before_result")
                settle(rt, channels, calls, answers)


def leave(session: Session, ids: Sequence[str]) -> None:
    """Ask for what still waits to be looked at again when its time comes."""
    rows = deliveries.waiting(session, ids)
    if rows:
        ask(session, [row.id for row in rows], min(row.next_at for row in rows))


def settle(rt: Runtime, channels: Mapping[str, Channel], calls: Sequence[Call], answers: Sequence[Answer]) -> None:
    """Spread the answers over their deliveries, in one transaction; a row that is no longer ours is left alone."""
    now = clock.now()
    with rt.db.transaction() as session:
        for call, answer in zip(calls, answers, strict=True):
            jitter = dt.timedelta(milliseconds=random.randrange(1000))
            for row in deliveries.of_call(session, call.id, lock=True):
                attempt = deliveries.last_attempt(session, row.id)
                ours = attempt is not None and attempt.n == call.attempts.get(row.id) and attempt.ended_at is None
                if attempt and ours and row.state == life.SENDING:
                    _write(session, channels[call.channel], row, attempt, answer, now, jitter)
            _report(call, answer)


def _write(
    session: Session, channel: Channel, row: Delivery, attempt: Attempt, answer: Answer, now: dt.datetime, jitter: dt.timedelta
) -> None:
    """One delivery after its call."""
    refused = answer.refused.get(row.external_id.lower())
    action = "recipient" if refused else answer.action
    attempt.ended_at, attempt.http_status, attempt.errcode = now, answer.http_status, answer.errcode
    attempt.msgid, attempt.action = answer.msgid, action
    told = life.after(
        action, row.calls, answer.errcode, repeatable=repeatable(session, row, channel, now), until_midnight=_to_midnight(now)
    )
    row.state, row.reason, row.changed_at = told.state, told.reason, now
    row.next_at = now + told.wait + (jitter if told.wait else dt.timedelta(0))
    if not told.counted:
        row.calls, row.call_id, row.body = row.calls - 1, None, None
    if answer.errcode == NOTHING_LEFT:
        credit.empty(session, row.recipient, "platform", now)
    if action == "recipient":
        kind = life.ADDRESS_OF[row.channel]
        deliveries.mark_address(session, row.recipient, kind, refused or answer.address, row.reason, now)
    if row.state == life.FAILED:
        reminder = session.get(Reminder, row.reminder_id)
        if reminder is not None:
            fall_through(session, row, reminder, now)


def _to_midnight(now: dt.datetime) -> dt.timedelta:
    local = clock.local(now)
    return (local + dt.timedelta(days=1)).replace(hour=0, minute=5, second=0, microsecond=0) - local


def _report(call: Call, answer: Answer) -> None:
    fields = {"channel": call.channel, "call": call.id, "recipients": len(call.attempts), "action": answer.action,
              "errcode": answer.errcode, "refused": len(answer.refused)}  # fmt: skip
    if answer.action in ("config", "bug"):
        log.error("channel.alarm", **fields)
    else:
        log.info("channel.call", **fields)
