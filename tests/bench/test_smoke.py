"""Every benchmark runs with tiny numbers and finds what every run must show (performance.md); nothing here is timed."""

from __future__ import annotations

import pytest

from tests.bench import checkin, reminders, report, rollup, rules


@pytest.mark.parametrize("database", checkin.DATABASES)
def test_check_in_loses_nothing_under_load(database: str) -> None:
    found = checkin.on(database, 40, checkin.ROUNDS * 2)
    assert {status for row in found["connections"].values() for status in row["check_in"]["statuses"]} == {201}
    assert found["sent"] == found["entries"] == found["outbox"]
    assert found["broken_chains"] == 0
    assert found["durable"] == (["on", "on"] if database == "postgresql" else [2, "wal"])


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
