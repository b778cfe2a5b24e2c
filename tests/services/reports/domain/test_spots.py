"""Spot checks in the report: every state in its column, drawn ones and supervisors' own apart."""

from __future__ import annotations

import datetime as dt

import pytest

from services.reports.domain.spots import COLUMNS, spots
from shared.attendance.spot import WORDS
from tests.services.reports.monthly_world import CHECKS, fact, posting, world

DAY = dt.date(2026, 11, 4)


def block(*checks: tuple[str, str, bool]) -> dict:
    line = posting(0)
    seen = tuple({"check_id": str(n), "session": "am", "origin": origin, "outside": outside, "state": state, "reason": "",
                  "evidence": []} for n, (origin, state, outside) in enumerate(checks))  # fmt: skip
    return spots(world(1, days={(line.id, DAY): fact(line.id, DAY, spots=seen)}))


@pytest.mark.parametrize(("state", "outside", "column"), [
    ("answered", False, "present"), ("answered", True, "waiting"), ("present", True, "present"), ("excused", False, "excused"),
    ("issued", False, "waiting"), ("answered_late", False, "waiting"), ("busy", False, "waiting"), ("lapsed", False, "lapsed"),
    ("not_found", False, "not_found"), ("void", True, "void"),
])  # fmt: skip
def test_each_state_stands_in_one_column(state, outside, column):
    total = block(("drawn", state, outside))["drawn"]["total"]
    assert {key for key, _ in COLUMNS if total[key]["value"]} == {"issued", column}


def test_own_checks_stand_apart_and_a_month_without_any_has_no_rows():
    found = block(("drawn", "answered", False), ("named", "lapsed", False), ("random", "present", False))
    assert [found[kind]["total"]["issued"]["value"] for kind in ("drawn", "own")] == [1, 2]
    assert (found["own"]["rows"][0]["present"]["value"], found["own"]["rows"][0]["lapsed"]["value"]) == (1, 1)
    assert block() == {kind: {"rows": [], "total": block()["drawn"]["total"]} for kind in ("drawn", "own")}


def test_the_invented_month_knows_every_state():
    assert set(CHECKS) == set(WORDS)
