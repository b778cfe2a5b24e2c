"""Check-in against a bare insert on the same server, database and run: throughput, p99, CPU a request.

    python -m tests.bench.checkin [--physicians 4000] [--requests 1200] [--database sqlite|postgresql]
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from checkin.domain.codes import slot_of
from checkin.domain.ticket import Ticket, seal
from shared import clock
from shared.ledger.models import LedgerEntry
from shared.outbox.models import OutboxMessage
from shared.service import Runtime
from tests.bench import bare, crowd, load
from tests.fixtures.postgres import Postgres, free_port, migrate
from tests.fixtures.runtime import make_runtime

REPOSITORY = Path(__file__).resolve().parents[2]
DURABLE = ("fsync=on", "full_page_writes=on", "synchronous_commit=on")
SERVE = """
import sys
from granian.constants import Interfaces
from granian.server import Server
Server(sys.argv[1], factory=True, interface=Interfaces.WSGI, address="127.0.0.1", port=int(sys.argv[2]), workers=2,
       blocking_threads=4, backpressure=128, log_enabled=False).serve()
"""


@contextlib.contextmanager
def served(target: str, rt: Runtime) -> Iterator[tuple[int, int]]:
    """A granian with two processes of four threads; gives (port, pid)."""
    port = free_port()
    env = {**os.environ, "PYTHONPATH": str(REPOSITORY), "ZHUDIAN_ENV": "test", "ZHUDIAN_VAR": str(rt.settings.var),
           "DATABASE_URL": rt.settings.database_url}  # fmt: skip
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
            slot = slot_of(now) - (direction == "out") * 2
            ticket = Ticket(secrets.token_hex(16), found.clinic_id, slot, "rotating", now)
            yield crowd.tap(found, physician, direction, seal(rt.keys.ticket, ticket)), physician.token


def measure(rt: Runtime, database_pid: int | None, physicians: int, requests: int) -> dict[str, object]:
    """Both applications side by side, each number of connections in turn; then what was stored is counted."""
    found, rows, sent = crowd.make(rt, physicians), {}, 0
    bare.TABLE.create(rt.db.engine)
    stream = taps(rt, found)
    extra = [database_pid] if database_pid else []
    with served("tests.bench.bare:application", rt) as plain, served("services.suite.web:application", rt) as full:
        for connections in (1, 16, 64):
            number = requests if connections > 1 else requests // 4
            batch = list(itertools.islice(stream, number))
            sent += len(batch)
            beside = [load.post("/", body) for body, _ in batch]
            events = [load.post("/api/checkin/events", body, token) for body, token in batch]
            one = load.run(("127.0.0.1", plain[0]), beside, connections, [plain[1], *extra])
            two = load.run(("127.0.0.1", full[0]), events, connections, [full[1], *extra])
            rows[connections] = {"bare": one.row(), "check_in": two.row(), "statuses": dict(two.statuses),
                                 "cpu_ratio": round(two.row()["cpu_ms"] / one.row()["cpu_ms"], 2)}  # fmt: skip
    with rt.db.read() as session:
        entries = session.scalar(sa.select(sa.func.count()).select_from(LedgerEntry))
        messages = session.scalar(sa.select(sa.func.count()).select_from(OutboxMessage))
    return {"connections": rows, "sent": sent, "entries": entries, "outbox": messages}


def on(database: str, physicians: int, requests: int) -> dict[str, object]:
    """One database from empty; durable settings, read back."""
    with tempfile.TemporaryDirectory(prefix="zhudian-bench-") as folder:
        server = Postgres(DURABLE) if database == "postgresql" else None
        try:
            url = server.create() if server else f"sqlite:///{folder}/bench.db"
            migrate(url, Path(folder))
            rt = make_runtime(Path(folder), url)
            with rt.db.read() as session:
                setting = "SHOW synchronous_commit" if server else "PRAGMA synchronous"
                durable = session.execute(sa.text(setting)).scalar()
            return {**measure(rt, server.process.pid if server else None, physicians, requests), "durable": durable}
        finally:
            if server:
                server.stop()


def main() -> None:
    """Print one JSON object and keep it under var/bench/."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--physicians", type=int, default=4000)
    parser.add_argument("--requests", type=int, default=1600)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    given = parser.parse_args()
    figures = {name: on(name, given.physicians, given.requests) for name in given.database or ("postgresql", "sqlite")}
    text = json.dumps(figures, indent=1)
    target = REPOSITORY / "var" / "bench" / "checkin.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text + "\n")
    print(text)


if __name__ == "__main__":
    main()
