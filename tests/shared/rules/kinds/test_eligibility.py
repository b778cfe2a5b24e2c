"""eligibility: every requirement on the day the posting begins; what nobody recorded is not reported."""

from __future__ import annotations

import datetime as dt

import pytest

from shared.rules.durations import DAY
from shared.rules.facts import Facts, Registration
from shared.rules.history import History
from shared.rules.kinds import evaluate
from shared.rules.result import Result
from tests.shared.rules.kinds import asked


def registered(programme_id: str, rule_id: str, known: Registration | None, **terms) -> Result:
    programme, rule = asked.rule_of(programme_id, rule_id)
    one = asked.posting(programme, **terms)
    facts = Facts(registrations=(known,) if known else ())
    return evaluate(asked.ask(programme, rule, histories=[History("D1", (one,), ())], facts=facts))


@pytest.mark.parametrize(("since", "value"), [(dt.date(2010, 1, 1), "met"), (dt.date(2010, 1, 2), "not_met"), (None, "not_reported")])
def test_three_years_as_attending_are_over_when_the_posting_begins(since: dt.date | None, value: str) -> None:
    found = registered("shanxi-2012", "SX-05", Registration("P1", title_since=since), title_rank="attending")
    assert found.value == value
    assert found.local_settings == ("title.senior_attending_years",)


@pytest.mark.parametrize(("rank", "value"), [
    ("physician", "not_met"), ("associate_chief", "met"), ("chief", "met"), (None, "not_reported"),
])  # fmt: skip
def test_a_higher_rank_is_senior_and_a_lower_one_never(rank: str | None, value: str) -> None:
    assert registered("shanxi-2012", "SX-05", None, title_rank=rank).value == value


@pytest.mark.parametrize(("category", "value"), [
    ("clinical", "met"), ("tcm", "met"), ("stomatology", "met"), ("public_health", "not_met"), (None, "not_reported"),
])  # fmt: skip
def test_categories(category: str | None, value: str) -> None:
    assert registered("zhongzhan-2021", "ZZ-03", Registration("P1", category=category)).value == value


@pytest.mark.parametrize("flag", ["dept_head", "deputy_head", "senior_physician", "senior_nurse", "promotion_candidate"])
def test_any_one_of_the_ticks_is_enough(flag: str) -> None:
    assert registered("county-tcm-stationing", "ZD-08", Registration("P1", (flag,))).value == "met"


def test_a_registration_without_a_tick_is_not_met_and_none_is_not_reported() -> None:
    found = registered("county-tcm-stationing", "ZD-08", Registration("P1"))
    assert (found.value, found.local_settings) == ("not_met", ())
    assert registered("county-tcm-stationing", "ZD-08", None).value == "not_reported"
    assert registered("county-tcm-stationing", "ZD-08", Registration("P9", ("dept_head",))).value == "not_reported"


def test_every_posting_of_a_person_is_looked_at() -> None:
    programme, rule = asked.rule_of("shanxi-2012", "SX-05")
    young = asked.posting(programme, id="P1", title_rank="attending", end=dt.date(2013, 3, 31))
    older = asked.posting(programme, id="P2", title_rank="attending", start=dt.date(2013, 4, 1))
    since = dt.date(2010, 4, 1) - DAY
    facts = Facts(registrations=tuple(Registration(name, title_since=since) for name in ("P1", "P2")))
    found = evaluate(asked.ask(programme, rule, histories=[History("D1", (young, older), ())], facts=facts))
    assert (found.value, found.detail["failed"]) == ("not_met", ["senior_attending"])
