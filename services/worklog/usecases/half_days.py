"""Outpatient half-days and other work of a session. One without attendance is kept and marked, never refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from services.worklog import store
from services.worklog.domain.entries import half_day_mistakes
from services.worklog.domain.presence import clinic_of_session
from services.worklog.models import HalfDay
from services.worklog.usecases import filing
from shared import clock, ledger
from shared.directory import lookup
from shared.directory.models import Clinic, Posting
from shared.problems import InvalidBody
from shared.progress import store as progress_store
from shared.progress.known import facts_of
from shared.progress.reading import Decisions, taps_of
from shared.roles import Principal
from shared.service import Runtime


def record_half_day(rt: Runtime, who: Principal, item: dict[str, Any]) -> tuple[bool, dict[str, Any]]:
    """Write down one half-day; (True, {receipt, half_day}) when new, (False, the first answer) for a repeat.

    Raises NotYourRecord, IdempotencyConflict, InvalidBody, DateInFuture, DateOutsidePosting, MonthLocked.
    """
    request = filing.open_filing(who, item["body"], half_day_mistakes(item["body"]))
    with rt.db.transaction() as session:
        first = ledger.seen(session, request.client_event_id, request.body_hash)
        if first is None:
            progress_store.note_contact(session, request.person_id, item)
            first = _write(session, rt, request)
        row = session.get_one(HalfDay, first.entry_id)
        return not first.repeated, {"receipt": first.receipt, "half_day": _view(row, _names(session, [row]))}


def _write(session: Session, rt: Runtime, request: filing.Filing) -> ledger.Appended:
    body = request.body
    posting = filing.posting_for(session, request, body.get("clinic_id"))
    if body.get("clinic_id") and body["clinic_id"] not in posting.clinics:
        raise InvalidBody("clinic_id", "not a clinic of the posting")
    present = _present_at(session, posting, request.day, body["session"])
    clinic_id, kind = body.get("clinic_id") or present or posting.clinics[0], body.get("type", "outpatient")
    unit, number = ("visits", body.get("visits")) if kind == "outpatient" else ("times", body.get("times"))
    entry = filing.append(session, rt, request, posting, "worklog.recorded", {
        "type": kind, "session": body["session"], "clinic_id": clinic_id, "department": body.get("department"),
        "counts": {unit: number}, "record_ref": list(body.get("record_ref") or ()), "notes": body.get("notes") or "",
        "unattended": present != clinic_id,
    })  # fmt: skip
    if not entry.repeated:
        session.add(HalfDay(
            id=entry.entry_id, posting_id=posting.id, person_id=request.person_id, clinic_id=clinic_id,
            service_date=request.day, session=body["session"], type=kind, department=body.get("department"),
            count=number, record_ref=list(body.get("record_ref") or ()), notes=body.get("notes") or "",
            unattended=present != clinic_id, filed_at=request.now,
        ))  # fmt: skip
        session.flush()
    return entry


def _present_at(session: Session, posting: Posting, day: dt.date, half: str) -> str | None:
    """The clinic at which the day's taps show presence in the session; leave, corrections and grades come with the fold."""
    windows = lookup.programme(session, posting.programme_id, day).session_windows
    known = facts_of(ledger.facts(session, posting.id, day, day))
    return clinic_of_session(windows, taps_of(known, day, Decisions.of(known)), day, half)


def own_half_days(rt: Runtime, who: Principal, after: Sequence[Any] | None, limit: int) -> list[dict[str, Any]]:
    """Up to limit + 1 own half-days, newest first; `after` = (id,) of the last one of the page before."""
    with rt.db.read() as session:
        rows = store.half_days_of(session, who.person_id or "", limit + 1, after[0] if after else None)
        names = _names(session, rows)
        return [_view(row, names) for row in rows]


def _names(session: Session, rows: list[HalfDay]) -> dict[str, str]:
    return lookup.names(session, Clinic, {row.clinic_id for row in rows})


def _view(row: HalfDay, names: dict[str, str]) -> dict[str, Any]:
    outpatient = row.type == "outpatient"
    return {
        "id": row.id, "service_date": row.service_date.isoformat(), "session": row.session, "type": row.type,
        "department": row.department, "visits": row.count if outpatient else None,
        "times": None if outpatient else row.count, "record_ref": list(row.record_ref), "notes": row.notes,
        "unattended": row.unattended, "filed_at": clock.iso(row.filed_at),
        "clinic": {"id": row.clinic_id, "name": names.get(row.clinic_id, "")},
    }  # fmt: skip
