"""Work a message: the shell around every job (reliability.md A1, O9, O10), and the delivery receipt it leaves.

One transaction locks the message, makes the effect and writes the receipt. Whatever kills the process before COMMIT
leaves an open message that is handed out again after its lease; after COMMIT the receipt ends every later try.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from shared import clock, logs
from shared.db import Database
from shared.outbox.failpoint import reach
from shared.outbox.lease import fail, lease
from shared.outbox.models import DONE, EXPIRED, OPEN, PARKED, OutboxMessage, OutboxReceipt
from shared.problems import Problem
from shared.settings import Settings

TRANSIENT = ("40001", "40P01")
"""Serialisation failure and deadlock: the database asks to try the same again (reliability.md §3.3)."""

log = logs.get("outbox")


class Home(Protocol):
    """What the shell needs of a Runtime, which lies above this room."""

    @property
    def settings(self) -> Settings: ...
    @property
    def db(self) -> Database: ...


class Work(Protocol):
    """What the shell needs of a Job, which lies above this room."""

    @property
    def name(self) -> str: ...
    @property
    def prepare(self) -> Callable[[Any, dict[str, Any]], Any]: ...
    @property
    def apply(self) -> Callable[[Any, Session, dict[str, Any], Any], None]: ...


class JobFailed(Exception):
    """A job raised; the failure is written down in its message. Its cause is what the job raised."""


@dataclass(frozen=True)
class _Message:
    id: str
    payload: dict[str, Any]


def work(rt: Home, job: Work, message_id: str) -> bool:
    """Work one message with its job; True when its effect was committed now.

    False when there is nothing to do: no such message, worked before, parked, or past its time. Whatever the job raises
    is written down first; an Exception then comes out as JobFailed, an interrupt (time limit, shutdown) as it is.
    """
    with logs.bind(message_id=message_id, job=job.name):
        with rt.db.read() as session:
            message = _open(session.get(OutboxMessage, message_id))
        if message is None:
            return False
        log.info("job.start")
        try:
            prepared = job.prepare(rt, message.payload)
            done = _transact(rt, job, message, prepared)
        except Exception as error:
            _failed(rt, message_id, error)
            raise JobFailed(f"{job.name} {message_id}: {_cause(error)}") from error
        except BaseException as error:  # over its time limit, or the process is told to end
            _failed(rt, message_id, error)
            raise
        log.info("job.done" if done else "job.found_done")
        return done


def drain(
    rt: Home, jobs: Mapping[str, Work], *, until_empty: bool = True, clock_now: dt.datetime | None = None,
    strict: bool = True,
) -> int:  # fmt: skip
    """Work the due messages here, oldest first and without a broker; gives the number of effects committed.

    `until_empty` goes on with the messages those effects put; `clock_now` sets the clock for the whole drain. The first
    failure ends it with JobFailed; with `strict` False failures wait for their next try, as in a worker.
    """
    done = 0
    with clock.at(clock_now) if clock_now else contextlib.nullcontext():
        while True:
            with rt.db.transaction() as session:
                batch = lease(session, clock.now(), rt.settings.outbox_lease)
            for message in batch:
                try:
                    done += work(rt, job_of(jobs, message.consumer), message.id)
                except JobFailed:
                    if strict:
                        raise
            if not batch or not until_empty:
                return done


def job_of(jobs: Mapping[str, Work], consumer: str) -> Work:
    """The job of this name, or one that fails with a clear sentence, so that the message parks instead of looping."""
    return jobs.get(consumer) or _Unknown(consumer)


@dataclass(frozen=True)
class _Unknown:
    name: str

    def prepare(self, rt: Any, payload: dict[str, Any]) -> None:
        """Refuse: there is nothing to prepare for."""
        raise LookupError(f"no job is called {self.name}")

    def apply(self, rt: Any, session: Session, payload: dict[str, Any], prepared: Any) -> None:
        """Never reached."""


def _open(row: OutboxMessage | None) -> _Message | None:
    """The message when it waits to be worked."""
    if row is None or row.state != OPEN:
        return None
    return _Message(row.id, json.loads(row.payload))


def _transact(rt: Home, job: Work, message: _Message, prepared: Any) -> bool:
    """The job's one transaction; again at once, at most three times in all, when the database broke a deadlock by it."""
    for last in (False, False, True):
        try:
            with rt.db.transaction() as session:
                return _apply(rt, session, job, message, prepared)
        except OperationalError as error:
            if last or getattr(error.orig, "sqlstate", None) not in TRANSIENT:
                raise
            log.info("job.again", sqlstate=getattr(error.orig, "sqlstate", None))
    raise AssertionError("the last round returns or raises")


def _apply(rt: Home, session: Session, job: Work, message: _Message, prepared: Any) -> bool:
    """The effect and its receipt, under the lock of the message; False when another worker came first."""
    row = session.get(OutboxMessage, message.id, with_for_update=True)
    if row is None or row.state != OPEN or session.get(OutboxReceipt, message.id) is not None:
        return False
    now = clock.now()
    if row.expires_at is not None and row.expires_at < now:
        row.state, row.leased_until = EXPIRED, None
        log.warning("job.expired")
        return False
    job.apply(rt, session, message.payload, prepared)
    session.add(OutboxReceipt(message_id=message.id, consumer=row.consumer, done_at=clock.now()))
    row.state, row.leased_until, row.last_error = DONE, None, None
    session.flush()
    reach(rt.settings, "job.before_commit")
    return True


def _failed(rt: Home, message_id: str, error: BaseException) -> None:
    with rt.db.transaction() as session:
        row = fail(session, message_id, _cause(error), clock.now())
        if row is None:
            return
        attempts, parked = row.attempts, row.state == PARKED
    (log.error if parked else log.warning)("job.parked" if parked else "job.failed", attempts=attempts, exc_info=error)


def _cause(error: BaseException) -> str:
    """What failed and where, without the text of foreign exceptions: that may quote a row of somebody's data."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {frames[-1].name}:{frames[-1].lineno}" if frames else ""
    reason = f" ({error.slug})" if isinstance(error, Problem) else ""
    return f"{type(error).__name__}{reason}{place}"
