"""待办: the open requests somebody may decide now, oldest first, each with who, what, its effect and how long it waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared import clock, ledger
from shared.calendar import days_between, month_days
from shared.directory import lookup as directory
from shared.directory.models import Organisation, Person, Posting
from shared.progress import lookup as progress
from shared.progress import wording
from shared.progress.asked import corrections_used, next_role
from shared.progress.effect import Effect, Scene, decided, effect_of
from shared.progress.known import facts_of
from shared.progress.models import OpenRequest
from shared.progress.reading import Facts, slips_of
from shared.progress.requests import reviewers
from shared.roles import ROLES, Principal
from shared.rules.days import Pattern, duty_half_days, level_needed

OFFICES = ("recipient_admin", "supporter_admin", "county_officer", "city_officer", "province_officer")
JUDGED = ("correction", "leave", "ordered_work")
_OF_KIND = {
    "correction": ("approved", "returned", "rejected"), "ordered_work": ("accepted", "rejected"), "handover": ("signed",),
}  # fmt: skip


def waiting(session: Session, who: Principal) -> list[tuple[OpenRequest, str]]:
    """The open requests the person may decide now, with the role in which, oldest first; never an own one."""
    scopes = who.scopes(*OFFICES) | ({who.person_id} if who.has("doctor") and who.person_id else set())
    near = sa.select(Posting.id).where(Posting.recipient_id.in_(who.scopes("recipient_admin")))
    passed = sa.and_(OpenRequest.kind == "correction", OpenRequest.posting_id.in_(near))
    query = sa.select(OpenRequest).where(sa.or_(OpenRequest.scope_id.in_(scopes), passed))
    rows = list(session.scalars(query.order_by(OpenRequest.asked_at, OpenRequest.id)))
    postings = {
        row.id: row
        for row in session.scalars(sa.select(Posting).where(Posting.id.in_({one.posting_id for one in rows})))
    }
    found = [(row, _role(session, who, row, postings[row.posting_id])) for row in rows]
    return [(row, role) for row, role in found if role]


def one(session: Session, who: Principal, request_id: str) -> tuple[OpenRequest, str] | None:
    """One open request the person may decide now, with the role; None for any other."""
    row = session.get(OpenRequest, request_id)
    role = _role(session, who, row, directory.posting(session, row.posting_id)) if row else None
    return (row, role) if row and role else None


def _role(session: Session, who: Principal, row: OpenRequest, posting: Posting) -> str | None:
    if row.role == "doctor":
        return "doctor" if who.has("doctor") and row.scope_id == who.person_id else None
    if who.person_id and who.person_id in (row.asked_by, posting.person_id):
        return None
    if row.scope_id in who.scopes(row.role):
        return row.role
    if row.kind == "correction" and posting.recipient_id in who.scopes("recipient_admin"):
        fact = ledger.fact(session, row.entry_id)
        able = fact is not None and who.person_id in reviewers(
            session, posting, fact.payload["clinic_id"], row.asked_by
        )
        return "recipient_admin" if able else None
    return None


def described(session: Session, rows: Iterable[tuple[OpenRequest, str]]) -> list[dict[str, Any]]:
    """Each request as 待办 shows it."""
    return [describe(session, row, role) for row, role in rows]


def describe(session: Session, row: OpenRequest, role: str) -> dict[str, Any]:
    """Who, what, why, the effect in words, the remaining quota, the waiting time, and what may be answered."""
    posting = directory.posting(session, row.posting_id)
    person = directory.person(session, posting.person_id)
    fact = ledger.fact(session, row.entry_id)
    told = fact.payload if fact else {}
    facts = month_facts(session, row)
    half_days = leave_half_days(session, posting, row, facts) if row.kind == "leave" else None
    names = directory.names(session, Organisation, {posting.supporter_id, posting.recipient_id})
    return {
        "id": row.id, "kind": row.kind, "kind_label": wording.KINDS[row.kind], "posting_id": row.posting_id, "role": role,
        "person": {"id": person.id, "name": person.name, "department": person.specialty},
        "supporter": names.get(posting.supporter_id, ""), "recipient": names.get(posting.recipient_id, ""),
        "what": wording.asked(row.kind, told, half_days) if told else "", "reason": wording.reason(row.kind, told) if told else "",
        "day_from": row.day_from.isoformat(), "day_to": row.day_to.isoformat(), "asked_at": clock.iso(row.asked_at),
        "asked_by": directory.names(session, Person, [row.asked_by]).get(row.asked_by, "") if row.asked_by else "",
        "waited_workdays": waited(session, row), "effect": effect(session, row, facts).sentence(row.kind) if row.kind in JUDGED else "",
        **_quota(session, posting, row, facts), "attachments": list(told.get("attachment_sha256") or ()),
        "actions": actions(session, posting, row, role, half_days), "endorsed": _endorsed(row, facts),
    }  # fmt: skip


def waited(session: Session, row: OpenRequest) -> int:
    """Workdays since it was asked."""
    first, today = clock.local_date(row.asked_at), clock.today()
    return len(directory.calendar(session).workdays(first + dt.timedelta(days=1), today))


def month_facts(session: Session, row: OpenRequest) -> Facts:
    """The posting's facts over the calendar months a request concerns."""
    first, last = month_days(f"{row.day_from:%Y-%m}")[0], month_days(f"{row.day_to:%Y-%m}")[-1]
    return facts_of(ledger.facts(session, row.posting_id, first, last))


def effect(session: Session, row: OpenRequest, facts: Facts) -> Effect:
    """What granting and refusing the request make of continuity."""
    on = scene(session, directory.posting(session, row.posting_id), facts)
    days = days_between(row.day_from, row.day_to)
    return effect_of(on, days, [decided(row.kind, row.id, granted=True, as_of=on.as_of)],
                     [decided(row.kind, row.id, granted=False, as_of=on.as_of)])  # fmt: skip


def scene(session: Session, posting: Posting, facts: Facts) -> Scene:
    """The physician of a posting with everything the pure rules judge continuity from."""
    own = [
        one
        for one in directory.postings_of_person(session, posting.person_id)
        if one.programme_id == posting.programme_id
    ]
    terms, today = directory.terms_of(session, own), clock.today()
    days = progress.days(session, list(terms), min(one.start for one in own), today)
    return Scene(
        lambda day: directory.programme(session, posting.programme_id, day), directory.calendar(session), list(terms.values()),
        terms[posting.id], days, facts, clock.now(), today,
    )  # fmt: skip


def leave_half_days(session: Session, posting: Posting, row: OpenRequest, facts: Facts) -> int:
    """The duty half-days a leave lies over, as it stands now."""
    slip = next((one for one in slips_of(facts) if one.id == row.id), None)
    programme = directory.programme(session, posting.programme_id, row.day_from)
    pattern = Pattern.of(programme, directory.posting_terms(session, posting.id))
    return duty_half_days(slip, directory.calendar(session), pattern) if slip else 0


def actions(
    session: Session, posting: Posting, row: OpenRequest, role: str, half_days: int | None
) -> list[dict[str, str]]:
    """What may be answered: {decision, label}; the first is the green button."""
    if row.kind != "leave":
        return [{"decision": word, "label": wording.DECISIONS[word]} for word in _OF_KIND[row.kind]]
    programme = directory.programme(session, posting.programme_id, row.day_from)
    level = ROLES[role].level or 0
    if level >= level_needed(programme, half_days or 0):
        return [{"decision": word, "label": wording.DECISIONS[word]} for word in _OF_KIND["correction"]]
    above = ROLES[next_role(programme, half_days or 0, {"level": level})].label
    return [{"decision": "endorsed", "label": f"同意并转{above}"}]


def _quota(session: Session, posting: Posting, row: OpenRequest, facts: Facts) -> dict[str, int | None]:
    """Corrections of the month still to be had; None for other requests."""
    if row.kind != "correction":
        return {"left": None, "limit": None}
    programme = directory.programme(session, posting.programme_id, row.day_from)
    used, limit = corrections_used(facts, programme, f"{row.day_from:%Y-%m}")
    return {"left": max(0, limit - used), "limit": limit}


def _endorsed(row: OpenRequest, facts: Facts) -> dict[str, Any] | None:
    """The endorsement of the level below, marked where it was one of many with one tap."""
    verdict = facts.last(("leave.decided",), "leave_id").get(row.id) if row.kind == "leave" else None
    if verdict is None:
        return None
    actor = verdict.payload.get("actor") or {}
    return {
        "role": ROLES[actor["role"]].label,
        "at": clock.iso(verdict.at),
        "together": verdict.payload.get("blanket") or 1,
    }
