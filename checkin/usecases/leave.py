"""Leave: asked for by the physician, decided by the level its length asks for (evidence.md §11, continuity.md §1.3)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from checkin import store
from checkin.models import Leave
from shared import clock, ledger, outbox
from shared.directory import lookup
from shared.directory.models import Person, Posting
from shared.events import DayTouched
from shared.ids import new_id
from shared.problems import DateOutsidePosting, IdempotencyConflict, InvalidBody, NotFound, NotYourRecord, Problem
from shared.roles import ROLES, Principal
from shared.rules.days import Pattern, Slip, duty_half_days, level_needed, slip_verdict
from shared.service import Runtime

TYPES = ("personal", "sick", "emergency", "annual", "marriage", "maternity", "bereavement", "other")
DECISIONS = ("approved", "endorsed", "rejected", "returned")
OPEN = ("requested", "endorsed")


class SelfApproval(Problem):
    """Nobody decides about himself (S-08)."""

    status, slug, title = 403, "self-approval", "不能审批自己的申请"


class LeaveLevel(Problem):
    """The length of the leave asks for a higher level than the decider's."""

    status, slug, title = 403, "leave-level", '{workdays} 个工作日的请假需{approver}批准,可"同意并转上级"'


class AlreadyDecided(Problem):
    """Somebody has decided before."""

    status, slug, title = 409, "already-decided", "已被 {name} 于 {time} 处理"


@dataclass(frozen=True)
class LeaveState:
    """A request as its physician and its deciders see it: level = lowest approval level, half_days of duty covered."""

    id: str
    state: str
    level: int
    half_days: int
    filed_late: bool
    receipt: dict[str, Any]


def file_leave(rt: Runtime, who: Principal, body: dict[str, Any]) -> tuple[bool, LeaveState]:
    """Ask for leave: {client_event_id, person, type, from, to, from_session?, to_session?, reason_code?, text?}.

    (True, …) when new, (False, …) with the first receipt for a repeat. Late filing is marked, never refused. Raises
    NotYourRecord, IdempotencyConflict, InvalidBody, DateOutsidePosting.
    """
    if not who.has("doctor") or not who.person_id or body["person"] != who.person_id:
        raise NotYourRecord("leave is asked for by the physician")
    key, digest = bytes.fromhex(body["client_event_id"]), ledger.body_hash(body)
    first, last = _span(body)
    with rt.db.transaction() as session:
        if known := ledger.seen(session, key, digest):
            row = store.leave_of_entry(session, known.entry_id)
            if row is None:
                raise IdempotencyConflict("client_event_id is known with another body")
            return False, _state(row, known.receipt)
        posting = _posting(session, who.person_id, first[0], last[0])
        slip = Slip("", body["type"], first, last, clock.now(), "pending")
        return True, _file(session, rt, posting, slip, body, (key, digest))


def _file(
    session: Session, rt: Runtime, posting: Posting, slip: Slip, body: dict[str, Any], key: tuple[bytes, bytes]
) -> LeaveState:  # fmt: skip
    programme = lookup.programme(session, posting.programme_id, slip.first[0])
    calendar, terms = lookup.calendar(session), lookup.posting_terms(session, posting.id)
    pattern = Pattern(programme.modes[terms.mode], terms.start, terms.end, terms.roster)
    half_days = duty_half_days(slip, calendar, pattern)
    late = slip_verdict(slip, programme, calendar, pattern)[1] == "leave_late"
    leave_id = new_id()
    entry = ledger.append(
        session, rt.keys, kind="leave.requested", stream=ledger.Stream.posting(posting.id),
        actor=ledger.Actor(posting.person_id, "doctor", posting.supporter_id), client_event_id=key[0], body_hash=key[1],
        payload={
            "posting_id": posting.id, "programme_id": programme.id, "rules_sha256": programme.sha256,
            "leave_id": leave_id, "type": slip.type, "from": slip.first[0].isoformat(),
            "to": slip.last[0].isoformat(), "from_session": slip.first[1], "to_session": slip.last[1],
            "half_days": half_days, "reason_code": body.get("reason_code") or "other", "text": body.get("text"),
            "filed_late": late, "filed_at": clock.iso(slip.filed_at), "attachment_sha256": [], "body": body,
        },
    )  # fmt: skip
    row = Leave(
        id=leave_id, entry_id=entry.entry_id, posting_id=posting.id, person_id=posting.person_id, type=slip.type,
        first_day=slip.first[0], first_session=slip.first[1], last_day=slip.last[0], last_session=slip.last[1],
        half_days=half_days, level=level_needed(programme, half_days), filed_at=slip.filed_at, filed_late=late,
        state="requested", decision=None,
    )  # fmt: skip
    session.add(row)
    _touch(session, entry.entry_id, row)
    return _state(row, entry.receipt)


def decide_leave(rt: Runtime, who: Principal, leave_id: str, decision: str, note: str = "") -> LeaveState:
    """Approve, endorse (pass to the level above), return or reject a request, by the highest role held over it.

    `leave_id` = LeaveState.id. Raises NotFound outside the scope, SelfApproval, AlreadyDecided, LeaveLevel, InvalidBody
    for a refusal without reason. Nothing is appended then.
    """
    if decision not in DECISIONS:
        raise InvalidBody("decision", f"one of {', '.join(DECISIONS)}")
    if decision in ("rejected", "returned") and not note.strip():
        raise InvalidBody("note", "a reason is wanted", hint="请写明原因")
    with rt.db.transaction() as session:
        row = store.leave_for_decision(session, leave_id)
        posting = lookup.posting(session, row.posting_id) if row else None
        role = _role_over(session, who, posting) if posting else None
        if row is None or posting is None or role is None:
            raise NotFound(f"no leave request {leave_id}")
        _check(session, who, row, role, decision)
        entry = ledger.append(
            session, rt.keys, kind="leave.decided", stream=ledger.Stream.posting(posting.id),
            actor=ledger.Actor(who.person_id, role, _scope(who, role)), days=(row.first_day, row.last_day),
            payload={"posting_id": posting.id, "leave_id": row.id, "decision": decision,
                     "level": ROLES[role].level, "note": note},
        )  # fmt: skip
        row.state = decision
        row.decision = {"by": who.person_id, "role": role, "at": clock.iso(entry.at), "entry_id": entry.entry_id}
        _touch(session, entry.entry_id, row)
        return _state(row, {})


def _check(session: Session, who: Principal, row: Leave, role: str, decision: str) -> None:
    if who.person_id == row.person_id:
        raise SelfApproval("the requester may not decide")
    if row.state not in OPEN:
        said = row.decision or {}
        names = lookup.names(session, Person, [said["by"]] if said.get("by") else [])
        time = clock.local(clock.parse_iso(said["at"])) if said.get("at") else clock.local(row.filed_at)
        raise AlreadyDecided("decided before", name=names.get(said.get("by", ""), "他人"), time=f"{time:%m-%d %H:%M}")
    enough = (ROLES[role].level or 0) >= row.level
    if enough and decision == "endorsed":
        raise InvalidBody("decision", "this level decides itself")
    if not enough and decision != "endorsed":
        approver = next(each.label for each in ROLES.values() if each.level == row.level)
        raise LeaveLevel("a higher level decides", workdays=-(-row.half_days // 2), approver=approver)


def _role_over(session: Session, who: Principal, posting: Posting) -> str | None:
    """The highest deciding role the person holds over this posting, or None."""
    recipient = lookup.organisation(session, posting.recipient_id)
    over = {
        "recipient_admin": posting.recipient_id, "supporter_admin": posting.supporter_id,
        "county_officer": recipient.county_id, "city_officer": recipient.city_id,
        "province_officer": recipient.province_id,
    }  # fmt: skip
    held = [role for role, organisation in over.items() if organisation in who.scopes(role)]
    return held[-1] if held else None


def _scope(who: Principal, role: str) -> str | None:
    return next(iter(sorted(who.scopes(role))), None)


def _span(body: dict[str, Any]) -> tuple[tuple[dt.date, str], tuple[dt.date, str]]:
    if body.get("type") not in TYPES:
        raise InvalidBody("type", f"one of {', '.join(TYPES)}")
    try:
        first, last = (
            (dt.date.fromisoformat(body[name]), body.get(f"{name}_session") or usual)
            for name, usual in (("from", "am"), ("to", "pm"))
        )
    except ValueError as error:
        raise InvalidBody("from", "not a date") from error
    if last < first:
        raise InvalidBody("to", "ends before it begins")
    return first, last


def _posting(session: Session, person_id: str, first: dt.date, last: dt.date) -> Posting:
    """The posting that holds the whole span."""
    for posting in lookup.open_postings(session, person_id, first):
        if posting.end is None or last <= posting.end:
            return posting
    raise DateOutsidePosting(f"no posting of the person holds {first} to {last}")


def _touch(session: Session, entry_id: str, row: Leave) -> None:
    span = (row.first_day.isoformat(), row.last_day.isoformat())
    outbox.put(session, DayTouched(entry_id, row.posting_id, *span))


def _state(row: Leave, receipt: dict[str, Any]) -> LeaveState:
    return LeaveState(row.id, row.state, row.level, row.half_days, row.filed_late, receipt)
