"""funding: what a posting comes to, paid for each, and only for the uses of the clause."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from shared.calendar import at
from shared.rules.durations import Length
from shared.rules.facts import Facts, Payment
from shared.rules.kinds import evaluate
from shared.rules.kinds.funding import amount, amount_text
from shared.rules.result import Result
from tests.shared.rules.kinds import asked

SHANXI = asked.PROGRAMMES["shanxi-2012"]
RULE = SHANXI.rule("SX-15")


@pytest.mark.parametrize(("persons", "stay", "text"), [
    (57 * 5, Length(12, 0), "6840000.00"), (1, Length(6, 0), "12000.00"), (1, Length(0, 1), "66.66"), (1, Length(5, 26), "11733.33"),
])  # fmt: skip
def test_a_subsidy_is_a_twelfth_a_month_and_days_by_thirty(persons: int, stay: Length, text: str) -> None:
    assert amount_text(amount(SHANXI, RULE, persons, stay)) == text


def test_cents_are_cut() -> None:
    assert amount_text(Fraction(199999, 100000)) == "1.99"


def paid(*payments: tuple[str, int], rule: str = "SX-15", use: str = "salary", as_of: dt.datetime | None = None) -> Result:
    """Two physicians posted all year, and what was paid for them."""
    team = [asked.posting(SHANXI, id=f"P{n}", person_id=f"D{n}") for n in (1, 2)]
    facts = Facts(payments=tuple(Payment(name, cny, use, dt.date(2013, 12, 20), (name,)) for name, cny in payments))
    histories = [asked.history(SHANXI, one) for one in team]
    return evaluate(asked.ask(SHANXI, SHANXI.rule(rule), histories=histories, facts=facts, as_of=as_of))


@pytest.mark.parametrize(("second", "value"), [(23999, "not_met"), (24000, "met"), (24001, "met")])
def test_each_posting_gets_what_it_comes_to(second: int, value: str) -> None:
    found = paid(("P1", 24000), ("P2", second))
    assert (found.value, found.threshold, found.groups) == (value, 48000, {"P1": 24000, "P2": second})
    assert found.detail["owed"] == {"P1": "24000.00", "P2": "24000.00"}


def test_too_much_for_one_makes_nothing_good_for_another() -> None:
    assert paid(("P1", 48000)).value == "not_met"


def test_several_payments_of_a_posting_add_up_and_there_is_time_until_it_ends() -> None:
    assert paid(("P1", 12000), ("P1", 12000), ("P2", 24000)).value == "met"
    for day, value in ((dt.date(2013, 12, 31), "open"), (dt.date(2014, 1, 1), "not_met")):
        assert paid(("P1", 24000), ("P2", 1000), as_of=at(day, dt.time(9))).value == value


def test_a_payment_outside_the_uses_is_a_finding_at_once() -> None:
    assert paid(("P1", 10), rule="SX-16").value == "met"
    found = paid(("P1", 10), rule="SX-16", use="banquet", as_of=at(dt.date(2013, 5, 1), dt.time(9)))
    assert (found.value, found.detail["outside_uses"]) == ("not_met", ["banquet"])
    assert paid(rule="SX-16").value == "not_reported"


def test_uses_without_an_amount_owe_nobody_anything() -> None:
    found = paid(("P1", 1), rule="SX-16")
    assert (found.value, found.threshold, found.detail["owed"]) == ("met", None, {})


def test_the_setting_of_the_days_is_named() -> None:
    assert paid(("P1", 1)).local_settings == ("funding.day_to_month",)
    assert paid(("P1", 1), rule="SX-16").local_settings == ()
