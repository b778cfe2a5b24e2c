"""funding: a subsidy for each doctor-year, and what money may be used for (000 §三). Pure."""

from __future__ import annotations

from fractions import Fraction

from shared.rules import accumulate, words
from shared.rules.durations import Length
from shared.rules.inquiry import Inquiry
from shared.rules.load import Programme, Rule
from shared.rules.result import MET, NOT_MET, NOT_REPORTED, Result

MONTHS_OF_YEAR = 12


def amount(programme: Programme, rule: Rule, persons: int, stay: Length) -> Fraction:
    """CNY owed: the yearly amount ÷ 12 for each month, the rest of the days by `funding.day_to_month`."""
    monthly = Fraction(rule.get("amount"), MONTHS_OF_YEAR)
    return persons * monthly * (stay.months + Fraction(stay.days, programme.setting("funding.day_to_month")))


def amount_text(found: Fraction) -> str:
    """An amount with two decimals, cut to whole cents."""
    cents = int(found * 100)
    return f"{cents // 100}.{cents % 100:02d}"


def evaluate(inquiry: Inquiry) -> Result:
    """Payments outside the listed uses are findings; what was paid is shown against what the postings come to."""
    rule, facts = inquiry.rule, inquiry.facts
    if not facts.payments:
        return Result(NOT_REPORTED, words.kinds.not_reported("补助支付"), unit="CNY", metric="funding")
    paid = sum(payment.amount for payment in facts.payments)
    uses = rule.get("uses")
    wrong = [payment for payment in facts.payments if uses and payment.use not in uses]
    owed = _owed(inquiry) if rule.get("amount") else None
    short = owed is not None and paid < owed
    value = NOT_MET if wrong or short else MET
    return Result(
        value, words.kinds.funded(paid, int(owed) if owed is not None else None, len(wrong), value), paid,
        int(owed) if owed is not None else None, int(owed) if owed is not None else None, "CNY", "funding",
        evidence=tuple(e for payment in facts.payments for e in payment.evidence),
        detail={"outside_uses": sorted({payment.use for payment in wrong}), "total": rule.get("total")},
    )  # fmt: skip


def _owed(inquiry: Inquiry) -> Fraction:
    """What the postings of the subject come to, each by its length as accumulation counts it."""
    return sum(
        (amount(inquiry.programme, inquiry.rule, 1, stay)
         for history in inquiry.histories for posting in history.postings
         for stay in accumulate.stays(history, posting, inquiry.programme, inquiry.calendar)),
        Fraction(0),
    )  # fmt: skip
