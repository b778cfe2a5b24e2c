"""Handovers as the receiving hospital sees them: by name, with whose signature is next. Reads only."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from checkin.models import Handover
from checkin.usecases import handover
from shared import clock
from shared.directory import lookup
from shared.directory.models import Person
from shared.roles import Principal
from shared.service import Runtime

STEPS = {"out": "移交医师", "in": "接手医师", "recipient": "受援医院"}


def listing(rt: Runtime, who: Principal) -> list[dict[str, Any]]:
    """Handovers of the reader, newest first: who to whom, what, who signed when, and whether the reader signs next."""
    with rt.db.read() as session:
        return [_described(session, who, row) for row in handover.rows(session, who)]


def _described(session: Session, who: Principal, row: Handover) -> dict[str, Any]:
    out, coming = lookup.posting(session, row.posting_id), lookup.posting(session, row.in_posting_id)
    people = lookup.names(session, Person, {out.person_id, coming.person_id, *(said["by"] for said in row.signatures)})
    step = handover.NEXT.get(row.step)
    own = step == "recipient" and out.recipient_id in who.scopes("recipient_admin") and who.person_id not in (out.person_id, coming.person_id)
    return {
        **handover.view(row), "from": people.get(out.person_id, ""), "to": people.get(coming.person_id, ""),
        "recipient": lookup.organisation(session, out.recipient_id).name,
        "signed": [(STEPS[said["step"]], people.get(said["by"], ""), clock.local(clock.parse_iso(said["at"])).strftime("%m-%d %H:%M"))
                   for said in row.signatures],
        "waits": STEPS[step] if step else None, "mine": own,
    }  # fmt: skip

