"""One monthly supervision report of the demo world in each format, warm, against json.dumps of the same object.

    python -m tests.bench.report [--physicians 10] [--times 9]
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from services.reports.usecases import monthly
from services.suite import composition
from services.suite.demo import demo
from shared import clock
from shared.directory.models import Posting
from shared.service import Runtime
from tests.bench.keep import keep
from tests.fixtures.postgres import migrate
from tests.fixtures.runtime import make_runtime


def warm(work: Callable[[], object], times: int) -> float:
    """Median milliseconds after one run that does not count."""
    work()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def measure(rt: Runtime, times: int) -> dict[str, Any]:
    """The report of the recipient with the most postings, for the running month."""
    with rt.db.read() as session:
        held = [posting.recipient_id for posting in session.query(Posting)]
    recipient, month = statistics.mode(held), f"{clock.today():%Y-%m}"
    made = monthly.monthly_for_operator(rt, recipient, month)
    dumps = warm(lambda: json.dumps(made.report, ensure_ascii=False), times)
    gather = warm(lambda: monthly.monthly_for_operator(rt, recipient, month), times)
    formats: dict[str, Any] = {}
    for suffix in monthly.SUFFIXES:
        taken = warm(lambda suffix=suffix: monthly.render(made, suffix), times)  # type: ignore[misc]
        formats[suffix] = {
            "ms": round(taken, 2), "bytes": len(monthly.render(made, suffix)), "times_json_dumps": round(taken / dumps, 1),
        }  # fmt: skip
    return {"recipient_postings": held.count(recipient), "json_dumps_ms": round(dumps, 3), "gather_ms": round(gather, 2),
            "formats": formats}  # fmt: skip


def run(physicians: int, times: int) -> dict[str, Any]:
    """On a demo world of one month."""
    with tempfile.TemporaryDirectory(prefix="zhudian-bench-") as folder:
        url = f"sqlite:///{folder}/bench.db"
        migrate(url, Path(folder))
        rt = make_runtime(Path(folder), url)
        demo(rt, composition.services(), 1, physicians, 1)
        return measure(rt, times)


def main() -> None:
    """Print one JSON object and keep it under var/bench/."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--physicians", type=int, default=10)
    parser.add_argument("--times", type=int, default=9)
    given = parser.parse_args()
    keep("report", run(given.physicians, given.times))


if __name__ == "__main__":
    main()
