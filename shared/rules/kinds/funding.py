"""funding: a subsidy for each doctor-year, and what money may be used for (000 §三). Pure."""

from __future__ import annotations

from fractions import Fraction

from shared.rules import accumulate, words
from shared.rules.durations import Length
from shared.rules.inquiry import Inquiry
from shared.rules.load import Programme, Rule
from shared.rules.result import MET, NOT_MET, NOT_REPORTED, OPEN, Result
from shared.rules.terms import PostingTerms

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
    """Payments outside the listed uses are findings; each posting gets the amount it comes to, and has time for it until it
    ends."""
    rule, facts = inquiry.rule, inquiry.facts
    if not facts.payments:
        return Result(NOT_REPORTED, words.kinds.not_reported("补助支付"), unit="CNY", metric="funding")
    paid = {one.posting_id: 0 for one in facts.payments}
    for one in facts.payments:
        paid[one.posting_id] += one.amount
    wrong = [one for one in facts.payments if rule.get("uses") and one.use not in rule.get("uses")]
    owed = _owed(inquiry) if rule.get("amount") else {}
    short = [posting for posting in inquiry.postings if paid.get(posting.id, 0) < owed.get(posting.id, 0)]
    running = [posting for posting in short if not _ended(inquiry, posting)]
    value = NOT_MET if wrong or len(running) < len(short) else OPEN if short else MET
    total, due_in_all = sum(paid.values()), int(sum(owed.values(), Fraction(0))) if owed else None
    return Result(
        value, words.kinds.funded(total, due_in_all, len(wrong), value), total, due_in_all, due_in_all, "CNY", "funding", paid,
        evidence=tuple(e for payment in facts.payments for e in payment.evidence),
        detail={"outside_uses": sorted({one.use for one in wrong}), "total": rule.get("total"),
                "owed": {name: amount_text(due) for name, due in owed.items()}},
        local_settings=("funding.day_to_month",) if owed and "funding.day_to_month" in inquiry.programme.local_settings() else (),
    )  # fmt: skip


def _owed(inquiry: Inquiry) -> dict[str, Fraction]:
    """What each posting of the subject comes to, by its length as accumulation counts it."""
    return {
        posting.id: sum((amount(inquiry.programme, inquiry.rule, 1, stay)
                         for stay in accumulate.stays(history, posting, inquiry.programme, inquiry.calendar)), Fraction(0))
        for history in inquiry.histories for posting in history.postings
    }  # fmt: skip


def _ended(inquiry: Inquiry, posting: PostingTerms) -> bool:
    return inquiry.today is None or (posting.end is not None and posting.end < inquiry.today)
