"""Every rule of every shipped programme: just below, at and just above its threshold; where there is none, every result it
can have is in test_<kind>.py. A rule without a test fails here."""

from __future__ import annotations

import datetime as dt

import pytest

from shared.rules.kinds import KINDS, evaluate
from shared.rules.load import Rule
from shared.rules.result import MET, NOT_MET, NOT_REPORTED, VALUES
from tests.shared.rules.kinds import asked
from tests.shared.rules.kinds.scenes import SCENES

THRESHOLD = ("quota", "headcount")


def expected(rule: Rule, number: int) -> str:
    """What a number must give, said in plain arithmetic."""
    value = rule.get("value")
    holds = {">=": number >= value, "==": number == value, "<=": number <= value}[rule.get("op")]
    return MET if holds else NOT_MET


@pytest.mark.parametrize(("programme_id", "rule_id"), asked.of_kind("quota"))
@pytest.mark.parametrize("step", [-1, 0, 1])
def test_a_quota_below_at_and_above_its_threshold(programme_id: str, rule_id: str, step: int) -> None:
    programme, rule = asked.rule_of(programme_id, rule_id)
    number = min(rule.get("value") + step, 100) if rule.get("metric") == "arrival_rate" else rule.get("value") + step
    found = evaluate(asked.counted(programme, rule, number))
    nothing = number == 0 and rule.get("metric") in ("centres_level2", "featured_specialties")
    assert found.value == (NOT_REPORTED if nothing else expected(rule, number)), found.explanation
    assert found.threshold == rule.get("value")
    if not nothing:
        assert found.number == number


@pytest.mark.parametrize(("programme_id", "rule_id"), asked.of_kind("headcount"))
@pytest.mark.parametrize("step", [-1, 0, 1])
def test_a_headcount_below_at_and_above_its_threshold(programme_id: str, rule_id: str, step: int) -> None:
    programme, rule = asked.rule_of(programme_id, rule_id)
    number = rule.get("value") + step
    found = evaluate(asked.in_post(programme, rule, number))
    if number == 0 and rule.get("metric") in ("team_size", "team_mid_level_clinicians"):
        return
    assert (found.value, found.number) == (expected(rule, number), number), found.explanation


@pytest.mark.parametrize(("programme_id", "rule_id"), asked.of_kind(*(set(KINDS) - set(THRESHOLD))))
def test_every_result_a_rule_without_a_count_can_have(programme_id: str, rule_id: str) -> None:
    programme, rule = asked.rule_of(programme_id, rule_id)
    seen = {}
    for value, inquiry in SCENES[rule.kind](programme, rule):
        found = evaluate(inquiry)
        assert found.value == value, (value, found.explanation)
        seen[value] = found.explanation
    assert len(seen) >= (1 if rule.kind == "reference" else 2)
    assert all(text and text.strip() for text in seen.values())


def test_every_rule_of_every_programme_has_its_test() -> None:
    tested = {*asked.of_kind(*THRESHOLD), *asked.of_kind(*SCENES)}
    assert set(asked.RULES) - tested == set()
    assert len(asked.RULES) == 140


def test_the_scenes_reach_every_value() -> None:
    reached = {value for programme_id, rule_id in asked.of_kind(*SCENES)
               for value, _ in SCENES[asked.rule_of(programme_id, rule_id)[1].kind](*asked.rule_of(programme_id, rule_id))}  # fmt: skip
    assert reached | {MET, NOT_MET} >= set(VALUES) - {"waived"}


def test_a_waived_rule_is_waived_whatever_else_is_on_record() -> None:
    from shared.rules.facts import Facts, Waiver

    programme, rule = asked.rule_of("zhongzhan-2021", "ZZ-31")
    for kind, value in (("waived", "waived"), ("not_applicable", "not_applicable")):
        facts = Facts(waivers=(Waiver(rule.id, "2024", kind, "当年新启动,下半年起算", ("w1",)),))
        found = evaluate(asked.ask(programme, rule, facts=facts))
        assert (found.value, found.evidence) == (value, ("w1",))
        assert "当年新启动" in found.explanation


def test_an_attribute_nobody_knows_does_not_match_and_is_told() -> None:
    programme, rule = asked.rule_of("zhongzhan-2021", "ZZ-13")
    blank = asked.posting(programme, mode="rounds")
    assert evaluate(asked.ask(programme, rule, histories=[asked.history(programme, blank)])).value == "not_applicable"
    programme, rule = asked.rule_of("zhongzhan-2021", "ZZ-18")
    unknown = asked.posting(programme, specialty=None)
    found = evaluate(asked.ask(programme, rule, histories=[asked.history(programme, unknown)]))
    assert (found.value, found.warnings) == ("not_applicable", ("where_unknown",))
    known = asked.posting(programme, id="P2", specialty="surgery")
    found = evaluate(asked.ask(programme, rule, histories=[asked.history(programme, unknown, known)]))
    assert (found.value, found.warnings) == ("not_met", ("where_unknown",))


def test_a_window_wholly_outside_a_posting_is_waived() -> None:
    programme, rule = asked.rule_of("zhongzhan-2021", "ZZ-12")
    late = asked.fitting(programme, rule, start=dt.date(2024, 5, 27))
    found = evaluate(asked.ask(programme, rule, histories=[asked.history(programme, late)]))
    assert (found.value, found.waived_reason) == ("waived", "partial_window")
