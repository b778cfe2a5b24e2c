"""The roll-up of one month: every posting's days folded and judged, against reading and writing the same rows bare.

    python -m tests.bench.rollup [--physicians 1000]
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.progress.usecases.fold import fold_and_judge
from shared import clock, ledger
from shared.calendar import month_days
from shared.ledger.models import LedgerPayload
from shared.progress.models import DayFactRow, ObligationState
from shared.service import Runtime
from tests.bench import crowd
from tests.bench.keep import keep
from tests.fixtures.postgres import migrate
from tests.fixtures.runtime import make_runtime

MONTH = "2026-10"
TAPS = (("in", dt.time(7, 55)), ("out", dt.time(12, 5)))
PLAIN = sa.Table("bench_rollup", sa.MetaData(), sa.Column("number", sa.Integer, primary_key=True), sa.Column("body", sa.Text))


def facts(found: crowd.Crowd, one: crowd.Physician) -> Iterator[ledger.Asked]:
    """Coming and going on every Monday to Friday of the month."""
    for day in month_days(MONTH):
        for direction, time_ in TAPS if day.weekday() < 5 else ():
            at = clock.iso(dt.datetime.combine(day, time_, clock.SHANGHAI))
            yield ledger.Asked("attendance.recorded", ledger.Stream.posting(one.posting_id), {
                "posting_id": one.posting_id, "programme_id": crowd.PROGRAMME, "direction": direction, "flags": [],
                "clinic_id": found.clinic_id, "service_date": day.isoformat(), "effective_at": at, "strength": "fresh",
            }, ledger.Actor(one.person_id, "doctor", found.supporter_id))  # fmt: skip


def fill(rt: Runtime, found: crowd.Crowd) -> int:
    """The month's facts, fifty physicians a transaction; how many."""
    number = 0
    for start in range(0, len(found.physicians), 50):
        with rt.db.transaction() as session:
            for one in found.physicians[start : start + 50]:
                for asked in facts(found, one):
                    ledger.append_asked(session, rt.keys, asked)
                    number += 1
    return number


def fold(rt: Runtime, one: crowd.Physician) -> None:
    """A posting's month by the use case, in its transaction."""
    days = month_days(MONTH)
    with rt.db.transaction() as session:
        fold_and_judge(session, rt.keys, one.posting_id, days[0], days[-1], always=True)


def plain(rt: Runtime, one: crowd.Physician) -> None:
    """The same rows read, decoded, encoded and written without any rule."""
    with rt.db.transaction() as session:
        read = session.scalars(sa.select(LedgerPayload.fact).where(LedgerPayload.subject == one.posting_id))
        decoded = [json.loads(fact) for fact in read if fact]
        written = [*_made(session, DayFactRow.fact, DayFactRow.posting_id == one.posting_id),
                   *_made(session, ObligationState.state, ObligationState.subject == f"posting:{one.posting_id}")]  # fmt: skip
        assert decoded
        session.execute(sa.insert(PLAIN), [{"body": json.dumps(value)} for value in written])


def _made(session: Session, column: Any, mine: Any) -> list[Any]:
    """What the fold wrote, decoded."""
    return list(session.scalars(sa.select(column).where(mine)))


def measure(rt: Runtime, physicians: int) -> dict[str, Any]:
    """Both in small rounds in turn, the fold first: the bare writer copies its rows."""
    found = crowd.make(rt, physicians)
    PLAIN.create(rt.db.engine)
    spent = {"fold": 0.0, "plain": 0.0}
    cpu = {"fold": 0.0, "plain": 0.0}
    made = fill(rt, found)
    for start in range(0, physicians, 25):
        for name, work in (("fold", fold), ("plain", plain)):
            wall, used = time.perf_counter(), time.process_time()
            for one in found.physicians[start : start + 25]:
                work(rt, one)
            spent[name] += time.perf_counter() - wall
            cpu[name] += time.process_time() - used
    with rt.db.read() as session:
        days = session.scalar(sa.select(sa.func.count()).select_from(DayFactRow)) or 0
        broken = len(ledger.verify(session, rt.keys))
    return {
        "physicians": physicians, "facts": made, "posting_days": days, "seconds": round(spent["fold"], 2),
        "ms_per_posting_day": round(spent["fold"] / days * 1000, 3), "cpu_seconds": round(cpu["fold"], 2),
        "bare_cpu_seconds": round(cpu["plain"], 2), "cpu_ratio": round(cpu["fold"] / cpu["plain"], 2), "broken_chains": broken,
    }  # fmt: skip


def run(physicians: int) -> dict[str, Any]:
    """On an empty, durable SQLite database."""
    with tempfile.TemporaryDirectory(prefix="zhudian-bench-") as folder:
        url = f"sqlite:///{folder}/bench.db"
        migrate(url, Path(folder))
        return measure(make_runtime(Path(folder), url), physicians)


def main() -> None:
    """Print one JSON object and keep it under var/bench/."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--physicians", type=int, default=1000)
    keep("rollup", run(parser.parse_args().physicians))


if __name__ == "__main__":
    main()
