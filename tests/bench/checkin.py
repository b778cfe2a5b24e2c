"""Check-in against a bare insert on the same server, database and run: throughput, p99, CPU a request.

Bare twice: with the product's engine, and `plain` with SQLAlchemy's own; `cpu_ratio` names the check-in against each.

On PostgreSQL one more application runs in turn: the floor, with the product's statements and nothing decided.
On SQLite the bare insert is also the naive one: its writers wait and try again instead of queueing.

    python -m tests.bench.checkin [--physicians 1600] [--requests 800] [--database sqlite|postgresql]
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import itertools
import operator
import os
import secrets
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from checkin.domain import codes
from checkin.domain.ticket import Ticket, seal
from shared import clock, ledger
from shared.ledger.models import LedgerEntry
from shared.outbox.models import OutboxMessage
from shared.service import Runtime
from tests.bench import bare, crowd, load
from tests.bench.keep import REPOSITORY, keep
from tests.fixtures.postgres import Postgres, free_port, migrate
from tests.fixtures.runtime import make_runtime

DATABASES = ("postgresql", "sqlite")
CONNECTIONS, ROUNDS = (1, 16, 64), 8
DURABLE = ("fsync=on", "full_page_writes=on", "synchronous_commit=on")
SERVE = """
import sys
from granian.constants import Interfaces
from granian.server import Server
Server(sys.argv[1], factory=True, interface=Interfaces.WSGI, address="127.0.0.1", port=int(sys.argv[2]), workers=2,
       blocking_threads=4, backpressure=128, log_enabled=False).serve()
"""


@contextlib.contextmanager
def served(target: str, rt: Runtime, url: str) -> Iterator[tuple[int, int]]:
    """A granian with two processes of four threads; gives (port, pid)."""
    port = free_port()
    env = {**os.environ, "PYTHONPATH": str(REPOSITORY), "ZHUDIAN_ENV": "test", "ZHUDIAN_VAR": str(rt.settings.var),
           "DATABASE_URL": url}  # fmt: skip
    process = subprocess.Popen([sys.executable, "-c", SERVE, target, str(port)], env=env, cwd=REPOSITORY,
                               start_new_session=True)  # fmt: skip
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), contextlib.closing(__import__("socket").create_connection(("127.0.0.1", port))):
                break
            time.sleep(0.1)
        yield port, process.pid
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def taps(rt: Runtime, found: crowd.Crowd) -> Iterator[tuple[bytes, str]]:
    """Check-ins with a fresh ticket each, every physician once; then their check-outs."""
    for direction in ("in", "out"):
        for physician in found.physicians:
            now = clock.now()
            slot = codes.slot_at(now) - (direction == "out") * 10_000
            ticket = Ticket(secrets.token_hex(16), found.clinic_id, slot, "rotating", now)
            yield crowd.tap(found, physician, direction, seal(rt.keys.ticket, ticket)), physician.token


def rounds(
    targets: dict[str, tuple[int, list[int]]], stream: Iterator[tuple[bytes, str]], connections: int, each: int
) -> dict[str, list[load.Result]]:  # fmt: skip
    """Small rounds in turn, so that whatever else the machine does meets all; every second one the other way round."""
    found: dict[str, list[load.Result]] = {name: [] for name in targets}
    for number in range(ROUNDS):
        batch = list(itertools.islice(stream, each))
        requests = {
            "bare": (least := [load.post("/", body) for body, _ in batch]), "plain": least,
            "floor": [load.post("/", body, token) for body, token in batch],
            "check_in": [load.post("/api/checkin/events", body, token) for body, token in batch],
        }
        for name in sorted(targets, reverse=bool(number % 2)):
            port, pids = targets[name]
            found[name].append(load.run(("127.0.0.1", port), requests[name], connections, pids))
    return found


def compared(found: dict[str, list[load.Result]]) -> dict[str, Any]:
    """All rounds together, and the medians of the rounds' CPU ratios to both bare inserts."""
    whole = {name: functools.reduce(operator.add, results) for name, results in found.items()}
    return {**{name: {**one.row(), "statuses": dict(one.statuses)} for name, one in whole.items()},
            "cpu_ratio": _ratios(found, "check_in"), **({"floor_ratio": _ratios(found, "floor")} if "floor" in found else {})}


def _ratios(found: dict[str, list[load.Result]], name: str) -> dict[str, float]:
    return {
        base: round(statistics.median(one.cpu_ms() / least.cpu_ms() for least, one in zip(found[base], found[name], strict=True)), 2)
        for base in ("bare", "plain")
    }  # fmt: skip


def measure(rt: Runtime, server: Postgres | None, physicians: int, requests: int) -> dict[str, Any]:
    """All applications side by side, each number of connections in turn; then what was stored is checked."""
    found = crowd.make(rt, physicians)
    bare.METADATA.create_all(rt.db.engine)
    stream, rows, each = taps(rt, found), {}, max(1, requests // ROUNDS)
    url, extra = rt.settings.database_url, [server.process.pid] if server else []
    places = {"bare": ("tests.bench.bare:application", url), "plain": ("tests.bench.bare:plain", url),
              "check_in": ("services.suite.web:application", url)}  # fmt: skip
    if server:
        rt.db.dispose()  # a database is copied only when nobody is in it
        places["floor"] = "tests.bench.floor:application", server.create(url.rpartition("/")[2])
    with contextlib.ExitStack() as stack:
        ports = {name: stack.enter_context(served(place, rt, at)) for name, (place, at) in places.items()}
        targets = {name: (port, [pid, *extra]) for name, (port, pid) in ports.items()}
        rounds(targets, stream, 16, each)  # pools, prepared statements and caches fill
        for connections in CONNECTIONS:
            rows[connections] = compared(rounds(targets, stream, connections, each))
    with rt.db.read() as session:
        entries = session.scalar(sa.select(sa.func.count()).select_from(LedgerEntry))
        messages = session.scalar(sa.select(sa.func.count()).select_from(OutboxMessage))
        broken = len(ledger.verify(session, rt.keys))
    sent = each * ROUNDS * (len(CONNECTIONS) + 1)
    return {"connections": rows, "sent": sent, "entries": entries, "outbox": messages, "broken_chains": broken}


def on(database: str, physicians: int, requests: int) -> dict[str, Any]:
    """One database from empty; durable settings, read back."""
    with tempfile.TemporaryDirectory(prefix="zhudian-bench-") as folder:
        server = Postgres(DURABLE) if database == "postgresql" else None
        try:
            url = server.create() if server else f"sqlite:///{folder}/bench.db"
            migrate(url, Path(folder))
            rt = make_runtime(Path(folder), url)
            with rt.db.read() as session:
                settings = ("SHOW fsync", "SHOW synchronous_commit") if server else ("PRAGMA synchronous", "PRAGMA journal_mode")
                durable = [session.execute(sa.text(setting)).scalar() for setting in settings]
            figures = measure(rt, server, physicians, requests)
            rt.db.dispose()
            return {**figures, "durable": durable}
        finally:
            if server:
                server.stop()


def main() -> None:
    """Print one JSON object and keep it under var/bench/."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--physicians", type=int, default=1600)
    parser.add_argument("--requests", type=int, default=800, help="per number of connections")
    parser.add_argument("--database", choices=DATABASES, action="append")
    given = parser.parse_args()
    keep("checkin", {name: on(name, given.physicians, given.requests) for name in given.database or DATABASES})


if __name__ == "__main__":
    main()
