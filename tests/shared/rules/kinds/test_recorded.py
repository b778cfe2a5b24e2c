"""evidence: the share of attended days that carry a record_ref."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from shared.rules.kinds import evaluate
from tests.shared.rules.kinds import asked

PROGRAMME, RULE = asked.rule_of("shanxi-2012", "SX-28")
WHOLE = replace(RULE, keys={name: value for name, value in RULE.keys.items() if name != "min_ratio"})


@pytest.mark.parametrize(("bare", "value"), [(0, "met"), (1, "not_met")])
def test_without_a_ratio_every_attended_day_needs_its_record(bare: int, value: str) -> None:
    served = asked.history(PROGRAMME, asked.posting(PROGRAMME, end=dt.date(2013, 1, 31)))
    days = sorted({half.date for half in served.halves})[bare:]
    halves = tuple(replace(half, record_ref=half.date in days) for half in served.halves)
    found = evaluate(asked.ask(PROGRAMME, WHOLE, histories=[replace(served, halves=halves)], period=""))
    assert found.value == value
