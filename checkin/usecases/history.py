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
from shared.calendar import iso_week
from shared.directory import lookup
from shared.directory.models import Clinic
from shared.ledger import beacon
from shared.problems import NotFound
from shared.roles import Principal
from shared.service import Runtime


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
        return fact.view(row, lookup.clinic(session, row.clinic_id).name)


def own_events(rt: Runtime, who: Principal, after: Sequence[Any] | None, limit: int) -> list[dict[str, Any]]:
    """Up to limit + 1 own taps, newest first; `after` = (id,) of the last one of the page before."""
    with rt.db.read() as session:
        rows = store.newest_of(session, who.person_id or "", limit + 1, after[0] if after else None)
        names = lookup.names(session, Clinic, {row.clinic_id for row in rows})
        return [fact.view(row, names.get(row.clinic_id, "")) for row in rows]


def answer(rt: Runtime, who: Principal, recorded: Recorded) -> dict[str, Any]:
    """What the phone gets for a recorded tap: receipt, the tap as judged, the week's line, a new beacon, and the time."""
    now = clock.now()
    return {
        "receipt": recorded.entry.receipt, "attendance": fact.view(recorded.row, recorded.clinic_name),
        "beacon": beacon.make(rt.keys.beacon_signer, who.person_id or "", now),
        "progress": {"period": iso_week(recorded.row.service_date), "line": recorded.line},
        "server_time": clock.iso(now),
    }  # fmt: skip
