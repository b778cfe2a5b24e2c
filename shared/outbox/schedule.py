"""The scheduler: cron times in Asia/Shanghai, each fired once however many tickers run (reliability.md §5).

No leader and no lock: whoever inserts the `sched_fire` row writes the outbox message in the same transaction.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Protocol

import sqlalchemy as sa
from cronsim import CronSim
from sqlalchemy.orm import Session

from shared import clock
from shared.outbox.models import SchedFire
from shared.outbox.post import INSERT, insert, message
from shared.outbox.receipt import Home

MOST_AT_ONCE = 1000
"""Missed firings that one tick makes up for; the next tick goes on from there."""


class Firing(Protocol):
    """What the scheduler needs of a Schedule, which lies above this room."""

    @property
    def job(self) -> str: ...
    @property
    def cron(self) -> str: ...
    @property
    def catch_up(self) -> str: ...
    @property
    def grace_seconds(self) -> int | None: ...


def tick(rt: Home, schedules: Sequence[Firing], now: dt.datetime | None = None) -> int:
    """Fire every schedule whose time has come since its last firing; gives the number of messages written.

    A schedule seen for the first time fires from now on, never for the time before.
    """
    now = now or clock.now()
    with rt.db.read() as session:
        last = {schedule.job: _last(session, schedule.job) for schedule in schedules}
    fired = 0
    for schedule in schedules:
        since = last[schedule.job]
        times = [now] if since is None else list(islice(missed(schedule, since, now), MOST_AT_ONCE))
        if times:
            with rt.db.transaction() as session:
                fired += sum(_fire(session, schedule, at, message_too=since is not None) for at in times)
    return fired


def missed(schedule: Firing, since: dt.datetime, now: dt.datetime) -> Iterator[dt.datetime]:
    """The firings after `since` up to `now` that are still to be made, oldest first, in UTC."""
    if schedule.catch_up == "last":
        newest = next(CronSim(schedule.cron, clock.local(now + dt.timedelta(seconds=1)), reverse=True))
        if newest.astimezone(dt.UTC) > since:
            yield newest.astimezone(dt.UTC)
        return
    if schedule.catch_up == "skip":
        since = max(since, now - dt.timedelta(seconds=schedule.grace_seconds or 0))
    for at in CronSim(schedule.cron, clock.local(since)):
        if at > now:
            return
        yield at.astimezone(dt.UTC)


def _last(session: Session, job: str) -> dt.datetime | None:
    query = sa.select(SchedFire.fire_at).where(SchedFire.job == job).order_by(SchedFire.fire_at.desc()).limit(1)
    return session.scalar(query)


def _fire(session: Session, schedule: Firing, at: dt.datetime, *, message_too: bool) -> int:
    """Insert the firing, and its message if this ticker was the first; without a message it only marks the beginning."""
    statement = INSERT[session.get_bind().dialect.name](SchedFire).values(job=schedule.job, fire_at=at)
    new = session.execute(statement.on_conflict_do_nothing().returning(SchedFire.job)).first() is not None
    if not new or not message_too:
        return 0
    stamp = clock.iso(at)
    expires = at + dt.timedelta(seconds=schedule.grace_seconds) if schedule.grace_seconds else None
    payload = json.dumps({"job": schedule.job, "fire_at": stamp})
    return len(insert(session, [message(schedule.job, f"{schedule.job}@{stamp}", payload, None, expires)]))
