"""A posting that ended for illness is approved by the sick leave that was granted, and by nothing else (continuity.md §2.4)."""

from __future__ import annotations

import datetime as dt
import secrets

from checkin.usecases.deciding import Ruling
from checkin.usecases.leave import file_leave
from checkin.usecases.leave_decide import rule_leave
from services.roster.usecases.closing import close_posting
from shared import clock
from shared.directory import lookup
from shared.service import Runtime
from tests.checkin.scene import doctor, id_of
from tests.checkin.usecases.asking import EVENING, event, facts_of, office


def sick(rt: Runtime) -> str:
    """A sick leave of Monday and Tuesday, filed on Monday evening."""
    body = event(person=doctor(rt).person_id, type="sick", **{"from": "2026-11-23", "to": "2026-11-24"})
    with clock.at(EVENING):
        return file_leave(rt, doctor(rt), body, {"body": body})[1].id


def closed(rt: Runtime, reason: str) -> bool:
    """Close the posting with Tuesday; whether its end counts as approved, in the roster and in its fact alike."""
    told = {"client_event_id": secrets.token_hex(16), "reason": reason, "last_day": "2026-11-24"}
    with clock.at(EVENING + dt.timedelta(days=1)):
        close_posting(rt, office(rt), told, id_of(rt, "posting", "P1"))
    with rt.db.read() as session:
        found = lookup.posting_terms(session, id_of(rt, "posting", "P1")).end_approved
    assert found == (facts_of(rt, "posting.closed")[-1].payload["approval"] is not None)
    return found


def test_a_granted_sick_leave_approves_an_end_for_illness_also_when_it_came_later(rt: Runtime) -> None:
    leave = sick(rt)
    assert not closed(rt, "illness"), "nobody has decided yet"
    with clock.at(EVENING):
        rule_leave(rt, office(rt), leave, Ruling("approved"))
    assert not closed(rt, "rotation"), "a rotation is none"
    assert not closed(rt, "ordered"), "no ordered work"
    assert closed(rt, "illness")
