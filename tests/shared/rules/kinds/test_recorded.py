"""evidence: the share of attended days that a record of treatment stands behind, exactly, against the rule's share."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from shared.calendar import at
from shared.rules.history import Half, History
from shared.rules.kinds import evaluate
from tests.shared.rules.kinds import asked

(PROGRAMME, RULE), *_ = [asked.rule_of(*one) for one in asked.of_kind("evidence")]
FIRST = dt.date(2013, 4, 1)


def half(number: int, name: str, status: str, ref: bool | None) -> Half:
    day = FIRST + dt.timedelta(days=number)
    return Half(day, name, "P1", True, status, record_ref=ref, evidence=(f"e{number}{name}",))


def judged(*halves: Half, least: object = None, **over):
    keys = {name: value for name, value in RULE.keys.items() if name != "min_ratio"} | ({"min_ratio": least} if least is not None else {})
    one = asked.fitting(PROGRAMME, RULE)
    return evaluate(asked.ask(PROGRAMME, replace(RULE, keys=keys), histories=[History("D1", (one,), halves)], **over))


def days(told: int, silent: int) -> list[Half]:
    return [half(n, "am", "A", n < told) for n in range(told + silent)]


@pytest.mark.parametrize(("told", "silent", "least", "value", "needed"), [
    (5, 0, Decimal("0.8"), "met", 4), (4, 1, Decimal("0.8"), "met", 4), (3, 2, Decimal("0.8"), "not_met", 4),
    (1, 2, Decimal("0.5"), "not_met", 2), (2, 1, Decimal("0.5"), "met", 2),
    (3, 0, None, "met", 3), (2, 1, None, "not_met", 3), (0, 3, None, "not_met", 3),
])  # fmt: skip
def test_a_rule_without_a_share_wants_every_day_recorded(told: int, silent: int, least, value: str, needed: int) -> None:
    found = judged(*days(told, silent), least=least)
    assert (found.value, found.number, found.threshold, found.effective_threshold) == (value, told, needed, needed)
    assert (found.unit, found.metric, found.detail["attended_days"]) == ("day", "record_ref", told + silent)


def test_one_record_speaks_for_the_whole_day_and_absence_for_nothing() -> None:
    found = judged(half(0, "am", "A", True), half(0, "pm", "A", None), half(1, "am", "X", True), half(2, "am", "A", False))
    assert (found.number, found.detail["attended_days"], found.evidence) == (1, 2, ("e0am", "e0pm", "e2am"))


def test_without_an_attended_day_there_is_nothing_to_share() -> None:
    assert judged(half(0, "am", "X", None)).value == "not_reported"
    assert judged(half(0, "am", "X", None), as_of=at(FIRST, dt.time(9))).value == "open"
