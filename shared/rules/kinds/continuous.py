"""continuity: so many months on end, of a physician or of a seat (continuity.md §2). Pure."""

from __future__ import annotations

from shared.rules import continuity, coverage, words
from shared.rules.continuity import Continuity
from shared.rules.inquiry import Inquiry
from shared.rules.result import MET, NOT_APPLICABLE, NOT_REPORTED, PROVISIONAL, Result

_LOCAL = (
    "leave.cap_workdays", "leave.break_run_calendar_days", "absence.break_run_workdays", "absence.break_total_workdays",
    "ordered.continuity", "continuity.rest_tail", "session.min_minutes",
)  # fmt: skip


def evaluate(inquiry: Inquiry) -> Result:
    """The months of the decisive segment, its debt and earliest completion; of a team every seat must be filled."""
    scope, months = inquiry.rule.get("scope"), int(inquiry.rule.get("value"))
    if scope == "team_slot":
        found = _seats(inquiry, months)
        if not found:
            return Result(NOT_REPORTED, words.kinds.no_seat(1), threshold=months, unit="month", metric="continuity")
        return _result(inquiry, min(found, key=_worst), months)
    history = next(iter(inquiry.histories), None)
    if history is None or not history.postings:
        return Result(NOT_APPLICABLE, words.kinds.not_applicable(inquiry.rule.id))
    one = continuity.evaluate(history, inquiry.programme, inquiry.calendar, months=months, scope=scope)
    return _result(inquiry, one, months)


def _worst(found: Continuity) -> tuple[bool, int, int]:
    """The seat that is least far along comes first."""
    one = found.decisive
    return found.result == MET, one.length.months if one else 0, one.length.days if one else 0


def _seats(inquiry: Inquiry, months: int) -> list[Continuity]:
    seats = {posting.seat_id for posting in inquiry.postings if posting.seat_id}
    days = inquiry.counting()
    found = []
    for seat in sorted(seats):
        held = [posting for posting in inquiry.postings if posting.seat_id == seat]
        last = max((posting.end or days[-1]) for posting in held)
        history = coverage.seat_history(seat, inquiry.histories, inquiry.facts.substitutions, inquiry.programme,
                                        inquiry.calendar, min(posting.start for posting in held), last)  # fmt: skip
        found.append(continuity.evaluate(history, inquiry.programme, inquiry.calendar, months=months, scope="team_slot"))
    return found


def _result(inquiry: Inquiry, found: Continuity, months: int) -> Result:
    one = found.decisive
    local = tuple(name for name in _LOCAL if name in inquiry.programme.local_settings())
    doubt = found.result == PROVISIONAL
    evidence = {e for history in inquiry.histories for half in history.halves for e in half.evidence if half.status != ""}
    return Result(
        found.result, words.kinds.continuous(found), one.length.months if one else 0, months, months, "month", "continuity",
        evidence=tuple(sorted(evidence)), best=found.best[0] if doubt and found.best else None,
        worst=found.worst[0] if doubt and found.worst else None, detail=found.to_dict(), local_settings=local,
    )  # fmt: skip
