"""Leave and ordered work of a case, judged as the rules judge them (continuity.md §1.3, §6.3). Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from shared.calendar import days_between
from shared.rules import days
from shared.rules.case.model import Case, Event
from shared.rules.days import PENDING, VALID, HalfDay, Order, Pattern, Slip
from shared.rules.schema import APPROVERS
from shared.rules.terms import PostingTerms


@dataclass(frozen=True)
class Cover:
    """Leave (L) or ordered work (O) over a posting, its verdict and why it fails; `reason` is its type."""

    event: Event
    letter: str
    verdict: str
    why: str
    reason: str


@dataclass(frozen=True)
class _Slip(Slip):
    """A slip over only the mornings or only the afternoons of its dates, where the event says so."""

    half: str = "both"

    def covers(self, half: HalfDay) -> bool:
        """Whether the slip lies over this half-day."""
        return super().covers(half) and self.half in ("both", half[1])


def covers_of(case: Case, posting: PostingTerms) -> list[Cover]:
    """Every leave slip and order of the physician that touches the posting."""
    mine = [event for event in case.events if event.doctor == posting.person_id and event.kind in ("leave", "ordered")]
    found = []
    for event in mine:
        if not _touches(event, posting):
            continue
        filed = event.get("filed_at")
        if case.as_of and filed and filed > case.as_of:
            continue
        found.append(_leave(case, posting, event) if event.kind == "leave" else _order(case, event))
    return found


def _touches(event: Event, posting: PostingTerms) -> bool:
    return event.last[0] >= posting.start and (posting.end is None or event.first[0] <= posting.end)


def _leave(case: Case, posting: PostingTerms, event: Event) -> Cover:
    slip, pattern = slip_of(case, posting, event)
    verdict, why = days.slip_verdict(slip, case.programme, case.calendar, pattern)
    return Cover(event, "L", verdict, why, event.get("leave_type"))


def slip_of(case: Case, posting: PostingTerms, event: Event) -> tuple[Slip, Pattern]:
    """The slip of a leave event with its defaults: filed and approved at its start by the lowest sufficient level."""
    pattern = Pattern(case.programme.modes[posting.mode], posting.start, posting.end, posting.roster)
    start, _ = case.programme.session_windows.on(event.first[1], event.first[0])
    filed = event.get("filed_at") or start
    decided = event.get("approved_at") or filed
    decision = {"refused": "rejected"}.get(event.get("decision"), event.get("decision"))
    if case.as_of and decided > case.as_of:
        decision = "pending"
    slip = _Slip(event.id, event.get("leave_type"), event.first, event.last, filed, decision, half=event.half)
    needed = days.level_needed(case.programme, days.duty_half_days(slip, case.calendar, pattern))
    return replace(slip, level=APPROVERS[event.get("approved_by")] if event.get("approved_by") else needed), pattern


def _order(case: Case, event: Event) -> Cover:
    order = Order(event.id, event.get("order_kind"), event.get("doc_no") or "-", event.get("issuer"), event.first, event.last,
                  "accepted")  # fmt: skip
    verdict, why = days.order_verdict(order, case.programme)
    return Cover(event, "O", verdict, why, event.get("order_kind"))


def leave_split(case: Case, doctor: str) -> bool:
    """Whether touching slips together exceed the limit of who approved them; each alone kept within it."""
    for posting in case.postings_of(doctor):
        slips = [
            slip_of(case, posting, cover.event)
            for cover in covers_of(case, posting)
            if cover.letter == "L" and cover.verdict in (VALID, PENDING)
        ]
        slips.sort(key=lambda pair: pair[0].first)
        for (one, pattern), (other, _) in pairwise(slips):
            if _between(case, pattern, one.last, other.first):
                continue
            together = sum(days.duty_half_days(slip, case.calendar, pattern) for slip in (one, other))
            if min(one.level, other.level) < days.level_needed(case.programme, together):
                return True
    return False


def _between(case: Case, pattern: Pattern, last: HalfDay, first: HalfDay) -> bool:
    """Whether a duty half-day lies between two slips."""
    return any(
        owed and last < (day, half) < first
        for day in days_between(last[0], first[0])
        for half, owed in pattern.owed(case.calendar, day).items()
    )
