"""One own date of a physician: what was asked, decided, checked, noted, substituted and handed over (experience.md PH-06)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from checkin import store
from checkin.domain.requests import sessions_of, too_far
from checkin.store import signing, spots
from checkin.usecases import asked, handover, objections
from checkin.usecases.spot import reading
from shared import clock, ledger
from shared.calendar import local_date
from shared.directory import lookup
from shared.directory.models import Person, Posting
from shared.problems import InvalidBody
from shared.roles import ROLES, Principal
from shared.service import Runtime


def own_day(rt: Runtime, who: Principal, text: str) -> dict[str, Any]:
    """Everything about a date of the physician's own postings beside its taps; `posting_id` None where none holds the date.

    Raises InvalidBody for what is no date.
    """
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise InvalidBody("date", "not a date") from error
    if too_far(day, clock.today()):
        raise InvalidBody("date", "too far ahead")
    with rt.db.read() as session:
        own = lookup.open_postings(session, who.person_id or "", day)
        ids = [one.id for one in own]
        facts = [fact for name in ids for fact in ledger.facts(session, name, day, day)]
        return {
            "date": day.isoformat(), "posting_id": ids[0] if ids else None,
            "corrections": [asked.correction_view(session, row) for row in store.corrections_on(session, ids, day)],
            "leaves": [asked.leave_view(session, row) for row in store.leaves_over(session, ids, day)],
            "orders": [asked.order_view(session, row) for row in store.orders_of(session, ids) if row.first_day <= day <= row.last_day],
            "checks": [reading.one_own(session, row) for row in spots.of_person_on(session, who.person_id or "", day)],
            "objections": [objections.view(session, row) for row in signing.objections_of_entries(session, _entries(facts, "objection.filed"))],
            "notes": [_note(fact) for fact in facts if fact.kind == "day.noted"],
            "substitutions": _substitutions(session, who, own, facts, day),
            "handovers": handover.shown(session, who, [row for row in store.handovers_of(session, ids) if _signed_on(row, day)]),
        }  # fmt: skip


def _entries(facts: Iterable[ledger.Fact], kind: str) -> list[str]:
    return [fact.entry_id for fact in facts if fact.kind == kind]


def _note(fact: ledger.Fact) -> dict[str, Any]:
    told = fact.payload
    return {"sessions": told["sessions"], "text": told["text"], "role_label": ROLES[told["actor"]["role"]].label,
            "at": clock.iso(fact.at)}  # fmt: skip


def _substitutions(
    session: Session, who: Principal, own: list[Posting], facts: list[ledger.Fact], day: dt.date
) -> list[dict[str, Any]]:
    """Who stood in for the physician, and for whom he stood in: the latter is written in the chain of the absent one."""
    places = {one.recipient_id for one in own}
    others = [one.id for one in lookup.postings_between(session, day, day) if one.recipient_id in places and one not in own]
    elsewhere = ledger.facts_by_subject(session, others, day, day, ("substitution.recorded",))
    told = [fact.payload for fact in facts if fact.kind == "substitution.recorded"]
    told += [fact.payload for found in elsewhere.values() for fact in found if fact.payload["who"] == who.person_id]
    names = lookup.names(session, Person, {one[side] for one in told for side in ("for", "who")})
    return [
        {"sessions": sessions_of([half["session"] for half in one["half_days"] if half["date"] == day.isoformat()]),
         "mine": one["who"] == who.person_id, "name": names.get(one["for" if one["who"] == who.person_id else "who"], "")}
        for one in told
        if any(half["date"] == day.isoformat() for half in one["half_days"])
    ]  # fmt: skip


def _signed_on(row: Any, day: dt.date) -> bool:
    return any(local_date(clock.parse_iso(one["at"])) == day for one in row.signatures)
