"""Reminders at scale on PostgreSQL: who is due among many, and 20,000 due ones decided and stored by two worker processes.

The floor is measured in the same run: as many no-op messages through Dramatiq and a Valkey, drained by two processes.

    python -m tests.bench.reminders [--physicians 200000] [--due 20000]
"""

from __future__ import annotations

import argparse
import datetime as dt
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import dramatiq
import sqlalchemy as sa
from dramatiq.brokers.redis import RedisBroker

from deploy.serve import Fleet, start_valkey
from notifier.actors import JOBS
from notifier.models import InboxItem, Reminder
from notifier.usecases import reminders
from services.suite.queue import WORKER_THREADS
from shared import clock, outbox
from shared.broker import middleware
from shared.directory import lookup as directory
from shared.outbox.models import OutboxMessage
from shared.service import Runtime
from tests.bench import crowd
from tests.bench.keep import keep
from tests.fixtures.postgres import Postgres, migrate
from tests.fixtures.runtime import make_runtime

AT = dt.datetime(2026, 11, 24, 8, 16, tzinfo=clock.SHANGHAI)
WORKERS = 2
JOBS_BY_NAME = {job.name: job for job in JOBS}
DURABLE = ("synchronous_commit=on", "fsync=on", "full_page_writes=on")


def decide_all(rt: Runtime) -> tuple[float, list[dict[str, Any]]]:
    """Seconds to decide who of everybody is due at this minute, and the rows."""
    began = time.perf_counter()
    with clock.at(AT):
        rows = reminders.now_due(rt)
    return time.perf_counter() - began, rows


def store(rt: Runtime, rows: list[dict[str, Any]]) -> None:
    """Plan these, in one transaction."""
    with clock.at(AT), rt.db.transaction() as session:
        reminders.plan(session, rows)


def _work(folder: str, url: str, ids: list[list[str]], number: int, gate: Any) -> None:
    """One worker process with the threads of a worker: its share of the messages, decided and stored."""
    rt = make_runtime(Path(folder), url)
    with rt.db.read() as session:  # a worker lives long: what it parses once is not part of a message
        directory.programme(session, crowd.PROGRAMME, AT.date())
        directory.calendar(session)
    with ThreadPoolExecutor(WORKER_THREADS) as pool:
        gate.wait()
        done = list(pool.map(lambda one: _one(rt, one), ids[number]))
    assert all(done)


def _one(rt: Runtime, message_id: str) -> bool:
    with clock.at(AT):
        return outbox.work(rt, JOBS_BY_NAME["notifier.send"], message_id)


def _drain(url: str, _: int, gate: Any) -> None:
    """One Dramatiq process that takes no-op messages until the queue is empty."""
    broker = RedisBroker(url=url, middleware=middleware())
    _noop(broker)
    gate.wait()
    worker = dramatiq.Worker(broker, worker_threads=WORKER_THREADS, worker_timeout=100)
    worker.start()
    broker.join("noop", timeout=600_000)
    worker.stop()


def _noop(broker: dramatiq.Broker) -> dramatiq.Actor[[int], None]:
    def nothing(number: int) -> None:
        """Nothing: the floor."""

    return dramatiq.actor(broker=broker, actor_name="noop", queue_name="noop")(nothing)


def together(target: Callable[..., None], *arguments: Any) -> float:
    """Seconds that two processes need for the same work, from the moment both stand ready."""
    context = multiprocessing.get_context("spawn")
    gate = context.Barrier(WORKERS + 1)
    started = [context.Process(target=target, args=(*arguments, number, gate)) for number in range(WORKERS)]
    for process in started:
        process.start()
    gate.wait()
    began = time.perf_counter()
    for process in started:
        process.join()
    assert [process.exitcode for process in started] == [0] * WORKERS
    return time.perf_counter() - began


def floor(folder: Path, number: int) -> float:
    """Messages a second of the no-op drain."""
    folder.mkdir()
    fleet = Fleet(folder, dict(os.environ))
    start_valkey(fleet)
    try:
        url = fleet.env["REDIS_URL"]
        broker = RedisBroker(url=url, middleware=middleware())
        actor = _noop(broker)
        for n in range(number):
            actor.send(n)
        return number / together(_drain, url)
    finally:
        fleet.stop()


def measure(rt: Runtime, folder: Path, physicians: int, due: int) -> dict[str, Any]:
    """Both figures, and what was stored."""
    crowd.make(rt, physicians)
    with rt.db.transaction() as session:
        session.execute(sa.text("ANALYZE"))
    decided_in, rows = decide_all(rt)
    store(rt, rows[:due])
    with rt.db.read() as session:
        ids = list(session.scalars(sa.select(OutboxMessage.id).where(OutboxMessage.consumer == "notifier.send").order_by(OutboxMessage.id)))
    seconds = together(_work, str(folder / "worker"), rt.db.url, [ids[n::WORKERS] for n in range(WORKERS)])
    rate, least = min(due, len(rows)) / seconds, floor(folder / "valkey", min(due, len(rows)))
    with rt.db.read() as session:
        states = {row[0]: row[1] for row in session.execute(sa.select(Reminder.state, sa.func.count()).group_by(Reminder.state))}
        told = session.scalar(sa.select(sa.func.count()).select_from(InboxItem))
        durable = [session.scalar(sa.text(f"SHOW {name}")) for name in ("fsync", "synchronous_commit")]
    return {
        "physicians": physicians, "owed": len(rows), "decide_seconds": round(decided_in, 2), "due": min(due, len(rows)), "states": states,
        "told": told, "worker_processes": WORKERS, "seconds": round(seconds, 2), "reminders_per_second": round(rate),
        "noop_per_second": round(least), "ratio": round(rate / least, 2), "durable": durable,
    }  # fmt: skip


def run(physicians: int, due: int) -> dict[str, Any]:
    """On an empty, durable PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="zd-") as name:
        folder, server = Path(name), Postgres(DURABLE)
        try:
            url = server.create()
            migrate(url, folder)
            rt = make_runtime(folder / "bench", url)
            return measure(rt, folder, physicians, due)
        finally:
            server.stop()


def main() -> None:
    """Print one JSON object and keep it under var/bench/."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--physicians", type=int, default=200_000)
    parser.add_argument("--due", type=int, default=20_000)
    asked = parser.parse_args()
    keep("reminders", run(asked.physicians, asked.due))


if __name__ == "__main__":
    main()
