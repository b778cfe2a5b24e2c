"""growth: this year against the year before, in percent, exactly (004 §二: 每年门急诊人次增长5%以上). Pure."""

from __future__ import annotations

from fractions import Fraction

from shared.rules import quota, words
from shared.rules.inquiry import Inquiry
from shared.rules.result import MET, NOT_EVALUABLE, NOT_MET, NOT_REPORTED, Result


def percent(base: int, value: int) -> Fraction:
    """(value - base) ÷ base × 100. ZeroDivisionError for a base of 0."""
    return Fraction(value - base, base) * 100


def percent_text(found: Fraction) -> str:
    """A percentage as text, cut to three decimals and never rounded up: `5.000`, `4.991`, `-0.333`."""
    thousandths = int(found * 1000)
    sign = "-" if thousandths < 0 else ""
    return f"{sign}{abs(thousandths) // 1000}.{abs(thousandths) % 1000:03d}"


def figure(inquiry: Inquiry, year: str) -> int | None:
    """The reported figure of a year: of the year itself, else the sum of its twelve months; None when one is missing."""
    metric = inquiry.rule.get("metric")
    known = {one.period: one.value for one in inquiry.facts.figures if one.metric == metric}
    if year in known:
        return known[year]
    months = [known.get(f"{year}-{month:02d}") for month in range(1, 13)]
    told = [value for value in months if value is not None]
    return sum(told) if len(told) == len(months) else None


def evaluate(inquiry: Inquiry) -> Result:
    """The growth of the year `period` names; not_reported without both figures, not_evaluable from a base of 0."""
    rule, year = inquiry.rule, inquiry.period
    base, value = figure(inquiry, str(int(year) - 1)), figure(inquiry, year)
    detail = {"base": base, "value": value, "percent": None}
    years = (year, str(int(year) - 1))
    told = [one for one in inquiry.facts.figures if one.metric == rule.get("metric") and one.period[:4] in years]
    evidence = tuple(e for one in told for e in one.evidence)
    title = words.METRICS[rule.get("metric")]
    if base is None or value is None:
        result, sentence, number = NOT_REPORTED, words.kinds.not_reported(title), None
    elif base == 0:
        result, sentence, number = NOT_EVALUABLE, words.kinds.base_zero(title), None
    else:
        grown = percent(base, value)
        detail["percent"] = text = percent_text(grown)  # type: ignore[assignment]
        result = MET if quota.holds(rule.get("op"), grown, rule.get("value")) else NOT_MET
        sentence, number = words.kinds.grown(title, text, rule.get("value"), result), int(grown)
    return Result(result, sentence, number, rule.get("value"), rule.get("value"), "percent", rule.get("metric"),
                  evidence=evidence, detail=detail)  # fmt: skip
