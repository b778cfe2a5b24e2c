"""incentive and credit: what an application brings, and what service elsewhere is worth (000 §四, 004 §六)."""

from __future__ import annotations

import datetime as dt

import pytest

from shared.calendar import at
from shared.rules.accumulate import Credit
from shared.rules.durations import DAY as ONE
from shared.rules.facts import Application, Facts
from shared.rules.kinds import evaluate
from shared.rules.schema import GATES
from tests.shared.rules.kinds import asked

DAY = dt.date(2024, 5, 6)
INCENTIVES, CREDITS = asked.of_kind("incentive"), asked.of_kind("credit")


@pytest.mark.parametrize("named", INCENTIVES)
def test_an_incentive_waits_for_its_own_gate_and_tells_only_of_that_application(named: tuple[str, str]) -> None:
    programme, rule = asked.rule_of(*named)
    other = next(gate for gate in sorted(GATES) if gate not in rule.get("gate"))
    elsewhere = Application("D1", other, DAY, ("a1",))
    assert evaluate(asked.ask(programme, rule, facts=Facts(applications=(elsewhere,)))).value == "not_applicable"
    mine = Application("D1", rule.get("gate")[0], DAY, ("a2",))
    found = evaluate(asked.ask(programme, rule, facts=Facts(applications=(elsewhere, mine))))
    assert (found.value, found.evidence, found.detail["effects"]) == ("met", ("a2",), list(rule.get("effects")))


@pytest.mark.parametrize("named", INCENTIVES)
@pytest.mark.parametrize(("day", "value"), [(DAY - ONE, "not_applicable"), (DAY, "met")])
def test_an_incentive_begins_with_the_application_not_with_the_plan(named: tuple[str, str], day: dt.date, value: str) -> None:
    programme, rule = asked.rule_of(*named)
    known = Facts(applications=(Application("D1", rule.get("gate")[0], DAY),))
    assert evaluate(asked.ask(programme, rule, facts=known, as_of=at(day, dt.time(9)))).value == value


@pytest.mark.parametrize(("day", "value"), [(DAY - ONE, "open"), (DAY, "not_met"), (DAY + ONE, "not_met")])
def test_a_form_is_missing_from_the_day_of_the_application(day: dt.date, value: str) -> None:
    programme, rule = asked.rule_of("zhongzhan-2021", "ZZ-39")
    known = Facts(applications=(Application("D1", "apply_associate_senior", DAY),))
    assert evaluate(asked.ask(programme, rule, facts=known, period="", as_of=at(day, dt.time(9)))).value == value


@pytest.mark.parametrize("named", CREDITS)
def test_a_credit_without_its_document_leaves_the_rule_open_and_the_cap_is_printed(named: tuple[str, str]) -> None:
    programme, rule = asked.rule_of(*named)
    kind = rule.get("counts")[0]
    whole = Credit("c1", kind, DAY, DAY, doc_no="文 1 号")
    bare = Credit("c2", kind, DAY, DAY, doc_no=None)
    found = evaluate(asked.ask(programme, rule, facts=Facts(credits=(whole, bare))))
    assert (found.value, found.number, found.threshold, found.evidence) == ("open", 1, 2, ("c1", "c2"))
    assert found.detail == {"ratio": str(rule.get("ratio")), "cap_months": rule.get("cap_months")}
    assert evaluate(asked.ask(programme, rule, facts=Facts(credits=(whole,)))).value == "met"
