"""coverage: seats that may never be empty (continuity.md §4). Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping

from shared.calendar import days_between
from shared.rules import coverage, periods, words
from shared.rules.coverage import Coverage
from shared.rules.days import HalfDay
from shared.rules.inquiry import Inquiry
from shared.rules.result import MET, NOT_MET, NOT_REPORTED, OPEN, PROVISIONAL, Result

_LOCAL = ("session.am", "session.pm", "session.min_minutes")


def evaluate(inquiry: Inquiry) -> Result:
    """Every duty half-day of every seat filled, gaps within the limit, as many seats as the clause asks for, and never fewer
    than `min_present` of them filled at one time."""
    rule = inquiry.rule
    spans = _spans(inquiry)
    if not spans:
        return Result(NOT_REPORTED, words.kinds.no_seat(rule.get("slots")), unit="half_day", metric="coverage")
    limit = rule.get("max_gap_half_days")
    found = {
        seat: coverage.evaluate(seat, inquiry.histories, inquiry.facts.substitutions, inquiry.programme, inquiry.calendar,
                                *span, limit)
        for seat, span in spans.items()
    }  # fmt: skip
    few = _too_few(inquiry, spans)
    results = {one.result for one in found.values()}
    short = NOT_MET in results or len(found) < max(rule.get("slots"), rule.get("min_present")) or bool(few)
    value = NOT_MET if short else next((one for one in (PROVISIONAL, OPEN) if one in results), MET)
    gaps = {seat: one.duty - one.covered for seat, one in found.items()}
    best, worst = _readings(found) if value == PROVISIONAL else (None, None)
    return Result(
        value, words.kinds.covered(len(found), rule.get("slots"), sum(gaps.values()), value), max(gaps.values()), limit, limit,
        "half_day", "coverage", gaps, _evidence(inquiry), best, worst,
        detail={**{seat: one.to_dict() for seat, one in found.items()}, "too_few_half_days": len(few)},
        local_settings=tuple(name for name in _LOCAL if name in inquiry.programme.local_settings()),
    )  # fmt: skip


def _spans(inquiry: Inquiry) -> dict[str, tuple[dt.date, dt.date]]:
    """The seats and the dates on which each must be filled: from its first holder to the end of all postings (to the day of
    judging while one is open), inside the programme."""
    effective = inquiry.programme.effective_from, inquiry.programme.effective_to
    ends = [posting.end for posting in inquiry.postings]
    still = inquiry.today or effective[1]
    last = max((end or still or posting.start for end, posting in zip(ends, inquiry.postings, strict=True)), default=None)
    found: dict[str, tuple[dt.date, dt.date]] = {}
    for posting in inquiry.postings:
        if posting.seat_id and posting.seat_id not in found and last is not None and posting.start <= last:
            days = periods.dates_that_count(days_between(posting.start, last), [(posting.start, last)], effective)
            found[posting.seat_id] = days[0], days[-1]
    return found


def _too_few(inquiry: Inquiry, spans: Mapping[str, tuple[dt.date, dt.date]]) -> list[HalfDay]:
    """Half-days on which some seats are on duty and fewer than `min_present` of them are filled, however it turns out."""
    least, filled = inquiry.rule.get("min_present"), Counter[HalfDay]()
    if least == 1 and inquiry.rule.get("max_gap_half_days") == 0:
        return []  # an empty seat is a gap already
    for seat, span in spans.items():
        history = coverage.seat_history(seat, inquiry.histories, inquiry.facts.substitutions, inquiry.programme,
                                        inquiry.calendar, *span)  # fmt: skip
        for half in history.halves:
            filled[half.at] += half.status != "X"
    return sorted(at for at, number in filled.items() if number < least)


def _evidence(inquiry: Inquiry) -> tuple[str, ...]:
    entries = {entry for half in inquiry.halves for entry in half.evidence}
    return tuple(sorted(entries | {entry for one in inquiry.facts.substitutions for entry in one.evidence}))


def _readings(found: Mapping[str, Coverage]) -> tuple[str, str]:
    """Best and worst of a provisional result, over all seats."""
    order = (NOT_MET, OPEN, MET)
    best, worst = ([told or one.result for one, told in pairs]
                   for pairs in ([(one, one.best) for one in found.values()], [(one, one.worst) for one in found.values()]))  # fmt: skip
    return min(best, key=order.index), min(worst, key=order.index)
