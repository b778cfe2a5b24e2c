"""Reading recorded taps: the physician's own list, and one tap within the reader's scope."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from checkin import store
from checkin.models import Attendance
from checkin.usecases import fact
from checkin.usecases.repeat import Recorded
from shared import clock
from shared.attendance.flags import is_red
from shared.attendance.grade import Graded
from shared.attendance.words import AMBER, RED
from shared.calendar import iso_week, month_days
from shared.directory import lookup
from shared.directory.models import Clinic
from shared.ledger import beacon
from shared.problems import NotFound
from shared.progress import grades
from shared.progress.known import placed_facts
from shared.progress.reading import Decisions
from shared.roles import Principal
from shared.service import Runtime

FLAGS = {**RED, **AMBER}


def visible_event(session: Session, who: Principal, event_id: str) -> Attendance:
    """One tap the reader may see: as its physician, hospital or authority. Raises NotFound."""
    row = session.get(Attendance, event_id)
    if row is None or not lookup.posting_visible(session, who, row.posting_id):
        raise NotFound(f"no event {event_id}")
    return row


def read_event(rt: Runtime, who: Principal, event_id: str) -> dict[str, Any]:
    """One tap in full."""
    with rt.db.read() as session:
        row = visible_event(session, who, event_id)
        return _judged(session, [row], {row.clinic_id: lookup.clinic(session, row.clinic_id).name})[0]


def own_events(rt: Runtime, who: Principal, after: Sequence[Any] | None, limit: int) -> list[dict[str, Any]]:
    """Up to limit + 1 own taps, newest first; `after` = (id,) of the last one of the page before."""
    with rt.db.read() as session:
        rows = store.newest_of(session, who.person_id or "", limit + 1, after[0] if after else None)
        names = lookup.names(session, Clinic, {row.clinic_id for row in rows})
        return _judged(session, rows, names)


def _judged(session: Session, rows: Sequence[Attendance], names: dict[str, str]) -> list[dict[str, Any]]:
    """Taps as judged so far, by what came later: countersigns, decisions, objections, the phone's other records."""
    calendar, now = lookup.calendar(session), clock.now()
    found: dict[str, Graded] = {}
    marks: dict[str, list[dict[str, Any]]] = {}
    claimed: dict[str, Any] = {}
    for posting_id, month in {(row.posting_id, f"{row.service_date:%Y-%m}") for row in rows}:
        held = month_days(month)
        facts = placed_facts(session, posting_id, held[0], held[-1])
        decisions = Decisions.of(facts)
        for day in {row.service_date for row in rows if row.posting_id == posting_id and row.service_date in held}:
            marked = grades.graded(facts, day, decisions, calendar, now)
            found |= {name: one.graded for name, one in marked.items()}
            marks |= {name: [_mark(name, code, decisions) for code in one.flags] for name, one in marked.items()}
        claimed |= {one.entry_id: one.payload.get("device_time") for one in facts.of_kind("attendance.recorded")}
    return [
        {**fact.view(row, names.get(row.clinic_id, ""), found.get(row.id)), "device_time": claimed.get(row.id),
         "marks": marks.get(row.id) or [_mark(row.id, code) for code in row.flags]}
        for row in rows
    ]  # fmt: skip


def _mark(entry_id: str, code: str, decisions: Decisions | None = None) -> dict[str, Any]:
    """One flag of a tap in words, and what was decided about it."""
    pair = entry_id, code
    state = "open" if decisions is None else "dismissed" if pair in decisions.dismissed else "upheld" if pair in decisions.upheld else "open"
    return {"flag": code, "text": FLAGS.get(code, code), "red": is_red(code), "state": state}


def answer(rt: Runtime, who: Principal, recorded: Recorded) -> dict[str, Any]:
    """What the phone gets for a recorded tap: receipt, the tap as judged, the week's line, a new beacon, and the time."""
    now = clock.now()
    return {
        "receipt": recorded.entry.receipt, "attendance": fact.view(recorded.row, recorded.clinic_name),
        "beacon": beacon.make(rt.keys.beacon_signer, who.person_id or "", now),
        "progress": {"period": iso_week(recorded.row.service_date), "line": recorded.line},
        "server_time": clock.iso(now),
    }  # fmt: skip
