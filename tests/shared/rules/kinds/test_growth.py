"""growth: exact, cut to three decimals, and never from a figure that nobody reported."""

from __future__ import annotations

from fractions import Fraction

import pytest

from shared.rules.facts import Facts, Figure
from shared.rules.kinds import evaluate
from shared.rules.kinds.growth import percent, percent_text
from tests.shared.rules.kinds import asked

PROGRAMME, RULE = asked.rule_of("zhongzhan-2021", "ZZ-07")


@pytest.mark.parametrize(("base", "value", "text", "result"), [
    (12000, 12600, "5.000", "met"), (12000, 12599, "4.991", "not_met"), (12000, 11400, "-5.000", "not_met"), (3, 4, "33.333", "met"),
    (100000000, 104999999, "4.999", "not_met"),
])  # fmt: skip
def test_growth_is_compared_exactly_and_printed_cut(base: int, value: int, text: str, result: str) -> None:
    found = evaluate(asked.ask(PROGRAMME, RULE, facts=asked.figures(base, value), period="2024"))
    assert (found.detail["percent"], found.value) == (text, result)
    assert f"{text}%/5%" in found.explanation


def test_less_than_nothing_is_cut_towards_zero() -> None:
    assert percent_text(Fraction(-1, 3)) == "-0.333"
    assert percent_text(Fraction(-1, 3000)) == "0.000"
    with pytest.raises(ZeroDivisionError):
        percent(0, 5)


@pytest.mark.parametrize(("without", "base"), [((), 78), ((1,), None), ((6,), None), ((12,), None)])
def test_a_year_nobody_reported_is_the_sum_of_its_twelve_months(without: tuple[int, ...], base: int | None) -> None:
    months = tuple(Figure(RULE.get("metric"), f"2023-{n:02d}", None if n in without else n, (f"m{n}",)) for n in range(1, 13))
    found = evaluate(asked.ask(PROGRAMME, RULE, facts=Facts(figures=(*months, Figure(RULE.get("metric"), "2024", 156))), period="2024"))
    assert (found.detail["base"], found.value, found.number) == (base, "met" if base else "not_reported", 100 if base else None)
    assert (found.unit, found.metric, found.threshold, found.effective_threshold, len(found.evidence)) == ("percent", RULE.get("metric"), 5, 5, 12)


def test_only_the_figures_of_both_years_are_evidence_and_the_newest_word_counts() -> None:
    told = [("2022", 9, "a"), ("2023", 1, "b"), ("2023", 12000, "c"), ("2024", 12600, "d")]
    facts = Facts(figures=tuple(Figure("outpatient_emergency_visits", year, number, (entry,)) for year, number, entry in told))
    found = evaluate(asked.ask(PROGRAMME, RULE, facts=facts, period="2024"))
    assert (found.value, found.evidence) == ("met", ("b", "c", "d"))
    unknown = Facts(figures=(*facts.figures, Figure("outpatient_emergency_visits", "2024", None)))
    assert evaluate(asked.ask(PROGRAMME, RULE, facts=unknown, period="2024")).value == "not_reported"
