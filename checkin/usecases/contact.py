"""What a phone still holds unsent, so that "not synced" is told from "not done"; and what the server last knows of it."""

from __future__ import annotations

from typing import Any

from checkin import store
from shared import clock
from shared.ledger import beacon
from shared.problems import NotYourRecord
from shared.progress import store as progress_store
from shared.roles import Principal
from shared.service import Runtime

KNOWN = 20


def contact(rt: Runtime, who: Principal, said: dict[str, Any]) -> dict[str, Any]:
    """Take a phone's report {unsent, device?} and give {beacon, server_time, known: the newest 20 own taps}."""
    if who.person_id is None:
        raise NotYourRecord("this account has no person")
    with rt.db.transaction() as session:
        progress_store.put_contact(session, who.person_id, said.get("device"), said["unsent"])
        rows = store.newest_of(session, who.person_id, KNOWN)
    known = [
        {"client_event_id": row.client_event_id.hex(), "seq": row.seq, "at": clock.iso(row.received_at)} for row in rows
    ]
    return {"beacon": beacon.make(rt.keys.beacon_signer, who.person_id, clock.now()), "server_time": clock.iso(clock.now()), "known": known}
