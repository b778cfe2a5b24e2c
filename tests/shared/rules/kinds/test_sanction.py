"""sanction and constraint: named officers of the right level decide, the software never does."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from shared.rules.facts import Change, Facts, Finding
from shared.rules.kinds import evaluate
from shared.rules.kinds.sanction import ban, high_enough
from tests.shared.rules.kinds import asked

PROGRAMME, RULE = asked.rule_of("zhongzhan-2021", "ZZ-42")
DAY = dt.date(2026, 11, 21)
FOUND = Finding("falsification_confirmed", "confirmed", DAY, "county_officer", "经办人甲", "D1", ("f1",))
ROLES = ("recipient_admin", "supporter_admin", "county_officer", "city_officer", "province_officer")


def test_a_ban_lasts_its_months_from_the_day_of_confirmation_on() -> None:
    found = ban(RULE, (FOUND,))
    assert found is not None
    assert (found.first, found.until, found.months, found.cancelled_year) == (DAY, dt.date(2029, 11, 20), 36, 2026)
    assert (found.effects, found.confirmed_by) == (("cancel_current_year", "ban_promotion", "hold_unit_accountable"), "经办人甲")


@pytest.mark.parametrize("over", [
    {"decision": "suspected"}, {"decision": "under_review"}, {"decision": "rejected"}, {"officer": None}, {"officer": ""},
    {"by_role": "supporter_admin"}, {"by_role": None}, {"by_role": "hr_officer"}, {"confirmed_on": None}, {"trigger": "poor_work"},
])  # fmt: skip
def test_nothing_less_than_a_confirmed_finding_of_a_named_officer_bans(over) -> None:
    assert ban(RULE, (replace(FOUND, **over),)) is None


def test_the_latest_of_several_findings_counts() -> None:
    later = replace(FOUND, confirmed_on=dt.date(2027, 3, 1), by_role="province_officer")
    for findings in ((later, FOUND), (FOUND, later)):
        found = ban(RULE, findings)
        assert found is not None
        assert (found.first, found.until, found.cancelled_year) == (dt.date(2027, 3, 1), dt.date(2030, 2, 28), 2027)


@pytest.mark.parametrize(("programme", "rule", "least"), [
    ("county-tcm-stationing", "ZD-19", "supporter_admin"), ("zhongzhan-2021", "ZZ-42", "county_officer"),
    ("zhongzhan-2021", "ZZ-36", "city_officer"), ("shanxi-2012", "SX-36", "province_officer"),
])  # fmt: skip
def test_the_level_of_the_rule_or_a_higher_one_decides(programme: str, rule: str, least: str) -> None:
    _, one = asked.rule_of(programme, rule)
    assert [role for role in ROLES if high_enough(one, role)] == list(ROLES[ROLES.index(least) :])
    assert not high_enough(one, None)


def test_a_change_of_the_pair_waits_for_the_county() -> None:
    programme, rule = asked.rule_of("zhongzhan-2021", "ZZ-02")
    change = Change("pair_change_before_target", dt.date(2024, 5, 20), evidence=("c1",))
    for decision, role, value in (("pending", None, "open"), ("approved", "county_officer", "met"), ("approved", "city_officer", "met"),
                                  ("approved", "supporter_admin", "not_met"), ("rejected", "county_officer", "met")):  # fmt: skip
        facts = Facts(changes=(replace(change, decision=decision, by_role=role),))
        found = evaluate(asked.ask(programme, rule, facts=facts))
        assert (found.value, found.evidence) == (value, ("c1",))
