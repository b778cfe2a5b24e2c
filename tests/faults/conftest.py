"""A suite whose processes a test may kill, on either database, with the small world in it."""

import datetime as dt
import os
import time
from collections.abc import Callable, Iterator

import pytest
import redis
import sqlalchemy as sa

from services.suite import composition
from shared import clock, ledger, outbox
from shared.broker import bind, make_broker
from shared.db import Database
from shared.events import DayTouched
from shared.keys import load_keys
from shared.outbox import relay
from shared.outbox.models import DONE, OutboxMessage, OutboxReceipt
from shared.progress.models import DayFactRow
from shared.service import Runtime
from shared.settings import Settings
from tests.factories.directory import directory, id_of
from tests.fixtures.stack import Stack, StartStack

SERVICES = composition.services()
DAY = dt.date(2026, 10, 12)


def wait_until(is_so: Callable[[], bool], what: str, seconds: float = 40.0) -> None:
    """Wait until is_so(), or fail saying what never happened."""
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, f"never happened: {what}"
        time.sleep(0.05)


def gone(pid: int) -> bool:
    """Whether no process has this id any more."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


class Site:
    """A stack and the runtime of its database in this process."""

    def __init__(self, stack: Stack, rt: Runtime) -> None:
        self.stack, self.rt = stack, rt
        with clock.at(dt.datetime(2026, 9, 1, 1, 0, tzinfo=dt.UTC)):
            directory(rt)
        outbox.drain(rt, composition.jobs(SERVICES))
        self.posting, self.person = id_of(rt, "posting", "P1"), id_of(rt, "person", "D1")
        self.clinic, self._told_before = id_of(rt, "clinic", "SQ1"), 0
        self._told_before = self.told()

    def client(self) -> redis.Redis:
        """A client of the suite's Valkey."""
        return redis.Redis.from_url(self.stack.env["REDIS_URL"], socket_timeout=2)

    def log(self, name: str) -> str:
        """What a process of the suite has written so far."""
        return (self.stack.var / "log" / f"{name}.log").read_text()

    def tap(self, day: dt.date, direction: str = "in", hour: int = 0) -> str:
        """A check-in as the check-in room stores it: fact and message in one transaction; gives the message's id."""
        at = dt.datetime(day.year, day.month, day.day, hour, 5, tzinfo=dt.UTC)
        with self.rt.db.transaction() as session:
            made = ledger.append(
                session, self.rt.keys, kind="attendance.recorded", stream=ledger.Stream.posting(self.posting),
                actor=ledger.Actor(self.person, "doctor"), payload={
                    "posting_id": self.posting, "direction": direction, "clinic_id": self.clinic, "flags": [],
                    "effective_at": clock.iso(at), "service_date": day.isoformat(),
                },
            )  # fmt: skip
            event = DayTouched(made.entry_id, self.posting, day.isoformat(), day.isoformat())
            (message_id,) = outbox.put(session, event)
        return message_id

    def relay(self) -> int:
        """One round of the relay in this process."""
        broker = make_broker(Settings.from_env(self.stack.env))
        queues = bind(broker, self.rt, SERVICES)
        try:
            return relay.relay_once(self.rt, broker, queues)
        finally:
            broker.close()

    def messages(self, ids: list[str]) -> dict[str, tuple[str, int]]:
        """(state, attempts) of messages."""
        columns = (OutboxMessage.id, OutboxMessage.state, OutboxMessage.attempts)
        with self.rt.db.read() as session:
            rows = session.execute(sa.select(*columns).where(OutboxMessage.id.in_(ids)))
            return {row.id: (row.state, row.attempts) for row in rows}

    def all_done(self, ids: list[str]) -> bool:
        """Whether every one of these was worked."""
        return all(state == DONE for state, _ in self.messages(ids).values())

    def receipts(self, ids: list[str]) -> int:
        """Delivery receipts of these messages."""
        with self.rt.db.read() as session:
            query = sa.select(sa.func.count()).select_from(OutboxReceipt)
            return session.scalar(query.where(OutboxReceipt.message_id.in_(ids))) or 0

    def folded(self) -> list[dt.date]:
        """Dates from DAY on with a day fact."""
        mine = sa.and_(DayFactRow.posting_id == self.posting, DayFactRow.date >= DAY)
        with self.rt.db.read() as session:
            return sorted(session.scalars(sa.select(DayFactRow.date).where(mine)))

    def told(self) -> int:
        """How often a changed fold of the posting was told: the effect that a double roll-up would double."""
        with self.rt.db.read() as session:
            query = sa.select(sa.func.count()).where(OutboxMessage.consumer == "notifier.close_done")
            return (session.scalar(query) or 0) - self._told_before


def _site(start_stack: StartStack, url: str) -> Iterator[Site]:
    stack = start_stack(url, roles=())
    settings = Settings.from_env(stack.env)
    rt = Runtime(settings, Database(settings.database_url), load_keys(settings.keys_path, create=True))
    yield Site(stack, rt)
    rt.db.dispose()


@pytest.fixture
def site(start_stack: StartStack, fresh_database_url: str) -> Iterator[Site]:
    """A suite with only its Valkey running, on either database; the test starts the rest. The lease is three seconds."""
    yield from _site(start_stack, fresh_database_url)


@pytest.fixture
def small_site(start_stack: StartStack, fresh_sqlite_url: str) -> Iterator[Site]:
    """The same on SQLite alone, for faults that do not touch the database."""
    yield from _site(start_stack, fresh_sqlite_url)
