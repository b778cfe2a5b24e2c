"""Requests as their physician and their deciders see them: rows with words, and how many corrections are left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from checkin import store
from checkin.domain.requests import too_far
from checkin.models import Correction, Leave, OrderedWork
from checkin.usecases.corrections import COUNTED, declared_outage
from checkin.usecases.leave_end import confirmed
from shared import clock
from shared.directory import lookup
from shared.directory.models import Clinic, Person
from shared.problems import DateOutsidePosting, InvalidBody
from shared.progress import wording
from shared.progress.asked import next_role
from shared.roles import ROLES, Principal
from shared.rules.days import window_open
from shared.service import Runtime


def correction_view(session: Session, row: Correction) -> dict[str, Any]:
    """A correction request with its state in words and the decision on it."""
    return {
        "id": row.id, "posting_id": row.posting_id, "service_date": row.service_date.isoformat(), "sessions": row.sessions,
        "clinic": {"id": row.clinic_id, "name": lookup.names(session, Clinic, [row.clinic_id]).get(row.clinic_id, "")},
        "what": row.what, "claimed": row.claimed, "reason_code": row.reason_code, "text": row.text,
        "attachment_sha256": row.attachments, "outage": row.outage, "filed_at": clock.iso(row.filed_at), "state": row.state,
        "state_label": wording.STATES["correction"][row.state], "decision": decision_view(session, row.decision),
    }  # fmt: skip


def leave_view(session: Session, row: Leave) -> dict[str, Any]:
    """A leave request; closed (已销假) once an attendance confirms the return."""
    state = "closed" if row.state == "approved" and confirmed(session, row) else row.state
    return {
        "id": row.id, "posting_id": row.posting_id, "type": row.type, "from": row.first_day.isoformat(),
        "from_session": row.first_session, "to": row.last_day.isoformat(), "to_session": row.last_session,
        "half_days": row.half_days, "level": row.level, "filed_at": clock.iso(row.filed_at), "filed_late": row.filed_late,
        "returned_at": clock.iso(row.returned_at) if row.returned_at else None, "state": state,
        "state_label": _waits_for(session, row) if state == "endorsed" else wording.STATES["leave"][state],
        "decision": decision_view(session, row.decision),
    }  # fmt: skip


def _waits_for(session: Session, row: Leave) -> str:
    """「待{单位}批准」: the step after the one that endorsed the leave."""
    posting = lookup.posting(session, row.posting_id)
    programme = lookup.programme(session, posting.programme_id, row.first_day)
    role = next_role(programme, row.half_days, {"level": ROLES[row.decision["role"]].level if row.decision else 0})
    return f"待{ROLES[role].label}批准"


def order_view(session: Session, row: OrderedWork) -> dict[str, Any]:
    """Ordered work with its state in words and the decision on it."""
    return {
        "id": row.id, "posting_id": row.posting_id, "kind": row.kind, "doc_no": row.doc_no, "issuer": row.issuer,
        "issuer_level": row.issuer_level, "from": row.first_day.isoformat(), "from_session": row.first_session,
        "to": row.last_day.isoformat(), "to_session": row.last_session, "attachment_sha256": row.attachments,
        "filed_at": clock.iso(row.filed_at), "state": row.state, "state_label": wording.STATES["ordered_work"][row.state],
        "decision": decision_view(session, row.decision),
    }  # fmt: skip


def decision_view(session: Session, said: dict[str, Any] | None) -> dict[str, Any] | None:
    """A decision with the name of who took it; earlier ones stay visible in `earlier`."""
    if not said or "decision" not in said:
        return None
    names = lookup.names(session, Person, {one["by"] for one in (said, *said.get("history", ())) if one.get("by")})
    return {
        **_said(said, names),
        "earlier": [_said(one, names) for one in said.get("history", ()) if "decision" in one],
    }


def _said(one: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {
        "decision": one["decision"], "label": wording.DECISIONS[one["decision"]], "note": one.get("note", ""),
        "by": names.get(one.get("by", ""), ""), "role_label": ROLES[one["role"]].label, "at": one["at"],
        "entry_id": one.get("entry_id"), "blanket": bool(one.get("blanket")),
    }  # fmt: skip


def shown(rt: Runtime, row: Correction | Leave | OrderedWork) -> dict[str, Any]:
    """A row that was just written, as it is shown."""
    with rt.db.read() as session:
        if isinstance(row, Correction):
            return correction_view(session, row)
        return leave_view(session, row) if isinstance(row, Leave) else order_view(session, row)


def shown_leave(rt: Runtime, leave_id: str) -> dict[str, Any]:
    """A leave that was just written, as it is shown."""
    with rt.db.read() as session:
        return leave_view(session, session.get_one(Leave, leave_id))


def own_leaves(rt: Runtime, who: Principal, after: Sequence[Any] | None, limit: int) -> list[dict[str, Any]]:
    """Up to limit + 1 own leave requests, newest first."""
    with rt.db.read() as session:
        rows = store.leaves_of(session, who.person_id or "", limit + 1, after[0] if after else None)
        return [leave_view(session, row) for row in rows]


def own_corrections(rt: Runtime, who: Principal, after: Sequence[Any] | None, limit: int) -> list[dict[str, Any]]:
    """Up to limit + 1 requests about or by the person, newest first."""
    with rt.db.read() as session:
        rows = store.corrections_of(session, who.person_id or "", limit + 1, after[0] if after else None)
        return [correction_view(session, row) for row in rows]


def allowance(rt: Runtime, who: Principal, text: str) -> dict[str, Any]:
    """PH-09: whether a correction of a date may still be asked for, until which date, and how many of the month are left.

    Raises InvalidBody, DateOutsidePosting.
    """
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise InvalidBody("date", "not a date") from error
    if too_far(day, clock.today()):
        raise InvalidBody("date", "too far ahead")
    with rt.db.read() as session:
        own = lookup.open_postings(session, who.person_id or "", day)
        if not own:
            raise DateOutsidePosting(f"no posting of the person holds {day}")
        programme, calendar = lookup.programme(session, own[0].programme_id, day), lookup.calendar(session)
        limit, workdays = programme.setting("correction.max_per_month"), programme.setting("correction.window_workdays")
        used = store.corrections_counted(session, own[0].id, day, COUNTED)
        return {
            "date": day.isoformat(), "until": calendar.add_workdays(day, workdays).isoformat(), "limit": limit,
            "left": max(0, limit - used), "open": day <= clock.today() and window_open(programme, calendar, day, clock.now()),
            "workdays": workdays,
            "outage": any(declared_outage(session, clinic, day) for clinic in own[0].clinics),
        }  # fmt: skip
