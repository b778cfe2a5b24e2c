"""Leave that ends before its slip does: cancelled as a whole or for the rest, or returned from (销假)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from checkin import store
from checkin.models import Attendance, Leave
from checkin.usecases.deciding import actor, already
from checkin.usecases.leave import LeaveState, measured, state_of, touch
from shared import clock, ledger
from shared.attendance.session import session_of
from shared.directory import lookup
from shared.directory.models import Posting
from shared.directory.scope import role_over
from shared.problems import InvalidBody, NotFound
from shared.roles import Principal
from shared.rules.days import Slip
from shared.service import Runtime

CANCELLERS = ("recipient_admin", "supporter_admin", "county_officer")
RUNNING = ("requested", "endorsed", "approved", "returned")


def cancel_leave(
    rt: Runtime, who: Principal, leave_id: str, start: str | None = None, session_name: str = "am"
) -> LeaveState:
    """Cancel a leave as a whole, or from a half-day on; by its physician or an approver.

    Raises NotFound, AlreadyDecided for one that is over or cancelled, InvalidBody for a date outside the slip.
    """
    with rt.db.transaction() as session:
        row, posting = _running(session, leave_id)
        role = (
            "doctor"
            if who.person_id == row.person_id and who.has("doctor")
            else role_over(session, who, posting, CANCELLERS)
        )
        if role is None:
            raise NotFound(f"no leave request {leave_id[:40]}")
        stop = (_date(start), session_name) if start else (row.first_day, row.first_session)
        first, last = (row.first_day, row.first_session), (row.last_day, row.last_session)
        if row.state not in RUNNING:
            raise already(session, row)
        if not first <= stop <= last:
            raise InvalidBody("from", "outside the slip", hint="日期不在这次请假内")
        whole = stop == first
        entry = ledger.append(
            session, rt.keys, kind="leave.cancelled", stream=ledger.Stream.posting(posting.id), days=(row.first_day, row.last_day),
            actor=actor(session, who, role, posting),
            payload={"posting_id": posting.id, "leave_id": row.id, "from": stop[0].isoformat(), "from_session": stop[1],
                     "to": row.last_day.isoformat()},
        )  # fmt: skip
        touch(session, entry.entry_id, row)
        _shorten(session, row, stop, whole=whole)
        row.decision = (
            {**(row.decision or {}), "by": who.person_id, "role": role, "at": clock.iso(entry.at)}
            if whole
            else row.decision
        )
        return state_of(row, {})


def _shorten(session: Session, row: Leave, stop: tuple[dt.date, str], *, whole: bool) -> None:
    if whole:
        row.state = "cancelled"
        return
    row.last_day, row.last_session = (stop[0], "am") if stop[1] == "pm" else (stop[0] - dt.timedelta(days=1), "pm")
    slip = Slip(
        "", row.type, (row.first_day, row.first_session), (row.last_day, row.last_session), row.filed_at, "pending"
    )
    row.half_days, row.level, _ = measured(session, lookup.posting(session, row.posting_id), slip)


def return_from_leave(rt: Runtime, who: Principal, item: dict[str, Any], leave_id: str) -> tuple[bool, LeaveState]:
    """The physician says to be back, now or since `returned_at`; the first attendance since then confirms it.

    Raises NotFound, AlreadyDecided for a leave that is not approved, InvalidBody, IdempotencyConflict.
    """
    body = item["body"]
    key = bytes.fromhex(body["client_event_id"]), ledger.body_hash(body)
    with rt.db.transaction() as session:
        row, posting = _running(session, leave_id)
        if who.person_id != row.person_id or body["person"] != who.person_id:
            raise NotFound(f"no leave request {leave_id[:40]}")
        if known := ledger.seen(session, *key):
            return False, state_of(row, known.receipt)
        if row.state != "approved" or row.returned_at is not None:
            raise already(session, row)
        at = clock.parse_iso(body["returned_at"]) if body.get("returned_at") else clock.now()
        if at > clock.now() or clock.local_date(at) < row.first_day:
            raise InvalidBody("returned_at", "before the leave, or to come", hint="返岗时间要在请假开始之后、现在之前")
        windows = lookup.programme(session, posting.programme_id, row.first_day).session_windows
        entry = ledger.append(
            session, rt.keys, kind="leave.returned", stream=ledger.Stream.posting(posting.id),
            actor=actor(session, who, "doctor", posting), days=(row.first_day, max(row.last_day, clock.local_date(at))),
            client_event_id=key[0], body_hash=key[1],
            payload={"posting_id": posting.id, "leave_id": row.id, "returned_at": clock.iso(at),
                     "from_session": session_of(windows, at), "body": body},
        )  # fmt: skip
        row.returned_at = at
        touch(session, entry.entry_id, row)
        return True, state_of(row, entry.receipt)


def _running(session: Session, leave_id: str) -> tuple[Leave, Posting]:
    row = store.leave_for_decision(session, leave_id)
    if row is None:
        raise NotFound(f"no leave request {leave_id[:40]}")
    return row, lookup.posting(session, row.posting_id)


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise InvalidBody("from", "not a date") from error


def cancellable(session: Session, who: Principal, leave_id: str) -> Leave:
    """The leave as the object of a cancellation: the own one, or one in the scope. Raises NotFound."""
    row = session.get(Leave, leave_id)
    own = row is not None and who.has("doctor") and row.person_id == who.person_id
    if row is None or not (own or role_over(session, who, lookup.posting(session, row.posting_id), CANCELLERS)):
        raise NotFound(f"no leave request {leave_id[:40]}")
    return row


def own(session: Session, who: Principal, leave_id: str) -> Leave:
    """The person's own leave. Raises NotFound."""
    row = session.get(Leave, leave_id)
    if row is None or row.person_id != who.person_id:
        raise NotFound(f"no leave request {leave_id[:40]}")
    return row


def confirmed(session: Session, row: Leave) -> bool:
    """Whether an attendance since the return confirms it: the leave is closed (已销假)."""
    if row.returned_at is None:
        return False
    query = sa.select(Attendance.id).where(
        Attendance.posting_id == row.posting_id, Attendance.service_date >= clock.local_date(row.returned_at)
    )
    return session.scalars(query.limit(1)).first() is not None
