"""PH-10: what a leave would do, before it is sent: leave used, when continuity is full, who must approve, what overlaps."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from checkin.usecases.leave import measured, posting_of, span_of
from checkin.usecases.leave_decide import approver
from shared import clock, ledger
from shared.calendar import days_between, month_days
from shared.directory import lookup
from shared.directory.models import Posting
from shared.problems import NotYourRecord
from shared.progress import lookup as progress
from shared.progress import wording
from shared.progress.effect import Effect, decided, effect_of
from shared.progress.facts import FactRecord
from shared.progress.known import facts_of
from shared.progress.todo import scene
from shared.roles import Principal
from shared.rules.days import Slip
from shared.service import Runtime

ASSUMED = "~leave"
_LAST = 2**53 - 2

Span = tuple[tuple[dt.date, str], tuple[dt.date, str]]


def leave_effect(rt: Runtime, who: Principal, asked: dict[str, Any]) -> dict[str, Any]:
    """The effect of a leave {type, from, to, from_session?, to_session?} of the physician who asks; nothing is stored.

    Raises NotYourRecord without a person, InvalidBody, DateOutsidePosting.
    """
    if not who.person_id:
        raise NotYourRecord("leave is asked for by the physician")
    span = span_of(asked)
    with rt.db.read() as session:
        posting = posting_of(session, who.person_id, span[0][0], span[1][0])
        half_days, level, late = measured(session, posting, Slip("", asked["type"], *span, clock.now(), "pending"))
        found = _effect(session, posting, asked["type"], span)
        cap = lookup.programme(session, posting.programme_id, span[0][0]).setting("leave.cap_workdays")
        return {
            "half_days": half_days, "level": level, "approver": approver(level), "filed_late": late,
            "overlap": _overlap(session, posting, span), **_figures(found, cap),
        }  # fmt: skip


def _effect(session: Session, posting: Posting, kind: str, span: Span) -> Effect:
    first, last = month_days(f"{span[0][0]:%Y-%m}")[0], month_days(f"{span[1][0]:%Y-%m}")[-1]
    on = scene(session, posting, facts_of(ledger.facts(session, posting.id, first, last)))
    told = {"leave_id": ASSUMED, "type": kind, "from": span[0][0].isoformat(), "from_session": span[0][1],
            "to": span[1][0].isoformat(), "to_session": span[1][1], "filed_at": clock.iso(on.as_of)}  # fmt: skip
    asked = FactRecord("~asked", "leave.requested", _LAST, on.as_of, told)
    granted = [asked, decided("leave", ASSUMED, granted=True, as_of=on.as_of)]
    return effect_of(on, days_between(span[0][0], span[1][0]), granted, [])


def _figures(found: Effect, cap: int) -> dict[str, Any]:
    """Leave used with this one, in half-days, the cap in workdays, and the dates by which continuity is full."""
    with_it, without = found.granted, found.refused
    if with_it is None or without is None:
        return {"leave_half_days": None, "cap_workdays": cap, "earliest": None, "earliest_without": None, "breaks_on": None,
                "text": "不涉及连续派驻"}  # fmt: skip
    new = sorted(with_it.breaks - without.breaks)
    return {
        "leave_half_days": with_it.leave, "cap_workdays": cap, "earliest": with_it.earliest, "earliest_without": without.earliest,
        "breaks_on": new[0] if new else None,
        "text": wording.leave_effect(with_it.leave, cap, with_it.earliest, broken=new, before=without.earliest),
    }  # fmt: skip


def _overlap(session: Session, posting: Posting, span: Span) -> list[dict[str, str]]:
    """Half-days of the span that are attended already: presence wins there."""
    found = progress.days(session, [posting.id], span[0][0], span[1][0])
    return [
        {"date": day.isoformat(), "session": half}
        for (_, day), fact in sorted(found.items(), key=lambda item: item[0][1])
        for half, one in fact.halves.items()
        if one.status == "A" and span[0] <= (day, half) <= span[1]
    ]  # fmt: skip
