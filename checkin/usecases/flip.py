"""Turn a tap the other way: in is out, or out is in; within ten minutes and before any later tap (evidence.md §2.1)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from checkin.models import Attendance
from shared import clock, ledger, outbox
from shared.directory import lookup
from shared.events import DayTouched
from shared.problems import InvalidBody, NotFound, Problem
from shared.roles import Principal
from shared.service import Runtime

WITHIN = dt.timedelta(minutes=10)


class FlipOver(Problem):
    """Ten minutes have passed, or something was recorded since."""

    status, slug, title = 409, "flip-over", '已超过 10 分钟或之后又有记录,请用"申请补签"更正方向'


def flip(rt: Runtime, who: Principal, event_id: str, body: dict[str, Any]) -> tuple[bool, Attendance]:
    """Record that an own tap was meant the other way: {client_event_id, person, direction}; (new?, the tap).

    Raises NotFound for another's tap, FlipOver, InvalidBody where the tap has that direction already, IdempotencyConflict.
    """
    key = bytes.fromhex(body["client_event_id"]), ledger.body_hash(body)
    with rt.db.transaction() as session:
        row = own_event(session, who, event_id)
        ledger.lock(session, rt.keys, [ledger.Stream.posting(row.posting_id)])
        session.refresh(row)
        if ledger.seen(session, *key):
            return False, row
        later = sa.select(Attendance.id).where(Attendance.posting_id == row.posting_id, Attendance.seq > row.seq)
        if clock.now() - row.received_at > WITHIN or session.scalars(later.limit(1)).first():
            raise FlipOver("ten minutes have passed, or a later tap exists")
        if body["direction"] == row.direction:
            raise InvalidBody("direction", "the tap has this direction already", hint="方向没有变化")
        posting, day = lookup.posting(session, row.posting_id), row.service_date.isoformat()
        entry = ledger.append(
            session, rt.keys, kind="attendance.direction_flipped", stream=ledger.Stream.posting(posting.id),
            actor=ledger.Actor(who.person_id, "doctor", posting.supporter_id), client_event_id=key[0], body_hash=key[1],
            payload={"posting_id": posting.id, "target": row.id, "from": row.direction, "to": body["direction"],
                     "days": [day, day], "body": body},
        )  # fmt: skip
        row.direction, row.direction_source = body["direction"], "flipped"
        outbox.put(session, DayTouched(entry.entry_id, posting.id, day, day))
        return True, row


def own_event(session: Session, who: Principal, event_id: str) -> Attendance:
    """A tap of the person. Raises NotFound."""
    row = session.get(Attendance, event_id)
    if row is None or not who.person_id or row.person_id != who.person_id:
        raise NotFound(f"no event {event_id[:40]}")
    return row
