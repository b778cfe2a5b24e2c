"""coverage: seats that may never be empty (continuity.md §4). Pure."""

from __future__ import annotations

from shared.rules import coverage, words
from shared.rules.inquiry import Inquiry
from shared.rules.result import MET, NOT_APPLICABLE, NOT_MET, OPEN, PROVISIONAL, Result


def evaluate(inquiry: Inquiry) -> Result:
    """Every duty half-day of every seat filled, gaps within the limit, and as many seats as the clause asks for."""
    rule, days = inquiry.rule, inquiry.counting()
    seats = sorted({posting.seat_id for posting in inquiry.postings if posting.seat_id})
    if not seats or not days:
        return Result(NOT_APPLICABLE, words.kinds.not_applicable(rule.id))
    last = min(days[-1], inquiry.today) if inquiry.today else days[-1]
    found = {}
    for seat in seats:
        first = min(posting.start for posting in inquiry.postings if posting.seat_id == seat)
        found[seat] = coverage.evaluate(
            seat, inquiry.histories, inquiry.facts.substitutions, inquiry.programme, inquiry.calendar, max(first, days[0]),
            last, rule.get("max_gap_half_days"),
        )  # fmt: skip
    results = {one.result for one in found.values()}
    short = NOT_MET in results or len(seats) < rule.get("slots")
    value = NOT_MET if short else next((one for one in (PROVISIONAL, OPEN) if one in results), MET)
    gaps = {seat: one.duty - one.covered for seat, one in found.items()}
    evidence = {e for half in inquiry.halves for e in half.evidence} | {e for s in inquiry.facts.substitutions for e in s.evidence}
    doubt = value == PROVISIONAL
    return Result(
        value, words.kinds.covered(len(seats), rule.get("slots"), sum(gaps.values()), value), max(gaps.values()),
        rule.get("max_gap_half_days"), rule.get("max_gap_half_days"), "half_day", "coverage", gaps, tuple(sorted(evidence)),
        best=MET if doubt else None, worst=NOT_MET if doubt else None,
        detail={seat: one.to_dict() for seat, one in found.items()},
    )  # fmt: skip
