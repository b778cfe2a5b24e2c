"""checklist: ticks of the period, the newest one counts, items may be not applicable."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.rules.facts import Facts, Tick, Waiver
from shared.rules.kinds import evaluate
from shared.rules.result import Result
from tests.shared.rules.kinds import asked

PROGRAMME, RULE = asked.rule_of("suqian-key-areas-2023", "SQ-08")
ITEMS = RULE.get("items")
PERIOD = "2024-H1"


def ticked(*ticks: tuple[str, bool], period: str = PERIOD, free: tuple[str, ...] = ()) -> Result:
    waivers = tuple(Waiver(RULE.id, PERIOD, "not_applicable", "没有住院部", ("w1",), item) for item in free)
    facts = Facts(ticks=tuple(Tick(RULE.id, period, item, yes, (item,)) for item, yes in ticks), waivers=waivers)
    return evaluate(asked.ask(PROGRAMME, RULE, facts=facts, period=PERIOD))


def all_yes(*but: str) -> list[tuple[str, bool]]:
    return [(item, True) for item in ITEMS if item not in but]


def test_untouched_items_are_not_reported_and_never_no() -> None:
    found = ticked(*all_yes("down_referral"))
    assert (found.value, found.number, found.detail["missing"]) == ("not_reported", 4, ["down_referral"])
    assert ticked(*all_yes(), period="2023-H2").value == "not_reported"


def test_one_no_is_not_met_and_names_the_item_in_words() -> None:
    found = ticked(*all_yes("down_referral"), ("down_referral", False))
    assert (found.value, found.detail["denied"]) == ("not_met", ["down_referral"])
    assert "down_referral" not in found.explanation


def test_the_newest_tick_counts() -> None:
    assert ticked(("down_referral", False), *all_yes()).value == "met"
    assert ticked(*all_yes(), ("down_referral", False)).value == "not_met"


def test_an_item_that_does_not_apply_is_asked_no_more() -> None:
    found = ticked(*all_yes("priority_admission"), free=("priority_admission",))
    assert (found.value, found.threshold) == ("met", 4)
    assert "没有住院部" in found.explanation
    assert "w1" in found.evidence
    assert ticked(free=tuple(ITEMS)).value == "not_applicable"


@pytest.mark.parametrize("over", [{"rule_id": "SQ-09"}, {"period": "2023-H2"}])
def test_what_does_not_apply_to_another_rule_or_period_is_asked_here(over: dict[str, str]) -> None:
    free = replace(Waiver(RULE.id, PERIOD, "not_applicable", "没有住院部", ("w1",), "priority_admission"), **over)
    facts = Facts(ticks=tuple(Tick(RULE.id, PERIOD, item, yes) for item, yes in all_yes("priority_admission")), waivers=(free,))
    found = evaluate(asked.ask(PROGRAMME, RULE, facts=facts, period=PERIOD))
    assert (found.value, found.threshold, found.evidence) == ("not_reported", len(ITEMS), ())


@pytest.mark.parametrize("name", ["", "once"])
def test_what_is_owed_once_goes_by_any_of_its_names(name: str) -> None:
    programme, rule = asked.rule_of("zhongzhan-2021", "ZZ-23")
    facts = Facts(ticks=(Tick(rule.id, name, rule.get("items")[0], True),))
    assert evaluate(asked.ask(programme, rule, facts=facts, period="once")).value == "met"
