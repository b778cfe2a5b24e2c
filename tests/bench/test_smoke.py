"""Every benchmark runs with tiny numbers and finds what every run must show (performance.md); nothing here is timed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from tests.bench import checkin, load, reminders, report, rollup, rules


class Quiet(WSGIRequestHandler):
    """Answers without a line of log."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize("database", checkin.DATABASES)
def test_check_in_loses_nothing_under_load(database: str) -> None:
    found = checkin.on(database, 40, checkin.ROUNDS * 2)
    applications = {"bare", "plain", "check_in"} | ({"floor"} if database == "postgresql" else set())
    for row in found["connections"].values():
        assert {name for name, one in row.items() if "statuses" in one} == applications
        assert all(row[name]["statuses"] == {201: checkin.ROUNDS * 2} for name in applications)
        assert set(row["cpu_ratio"]) == {"bare", "plain"}
    assert found["sent"] == found["entries"] == found["outbox"]
    assert found["broken_chains"] == 0
    assert found["durable"] == (["on", "on"] if database == "postgresql" else [2, "wal"])


def test_an_application_that_refuses_ends_the_bench() -> None:
    def refuse(_environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        start("500 Internal Server Error", [("Content-Length", "0")])
        return []

    with make_server("127.0.0.1", 0, refuse, handler_class=Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(load.Unexpected, match="500"):
            load.run(("127.0.0.1", server.server_port), [load.post("/", b"{}")], 1, [])
        server.shutdown()


def test_the_roll_up_folds_every_day_of_every_posting() -> None:
    found = rollup.run(4)
    assert found["posting_days"] == 4 * 31
    assert found["facts"] == 4 * 22 * 2
    assert found["broken_chains"] == 0


def test_a_report_is_drawn_in_every_format() -> None:
    found = report.run(5, 1)
    assert set(found["formats"]) == {"html", "pdf", "docx", "xlsx"}
    assert all(one["bytes"] > 2000 for one in found["formats"].values())


def test_the_rules_judge_every_month_and_every_week() -> None:
    found = rules.run(12)
    assert found["physician_months"] == 12
    assert found["judgements"] == 2 * (6 + 26 * found["weekly_rules"])  # two physicians, six months, 26 Thursdays
    assert sum(found["results"].values()) == found["judgements"]


def test_reminders_of_everybody_are_decided_and_told_once_by_two_processes() -> None:
    found = reminders.run(60, 60)
    assert found["owed"] == found["told"] == 60
    assert found["states"] == {"sent": 60}
    assert found["durable"] == ["on", "on"]
