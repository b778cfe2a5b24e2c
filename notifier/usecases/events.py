"""D10 and X03: told because something has just happened, not because a time has come."""

from __future__ import annotations

import datetime as dt
from typing import Any

from notifier.domain import requests
from notifier.domain.case import A_DAY
from notifier.store import offices
from notifier.store import reminders as store
from notifier.usecases.reminders import row_of
from shared import clock, ledger
from shared.access.models import Device
from shared.calendar import local_date
from shared.directory import lookup as directory
from shared.service import Runtime

RESULTS = {"correction.decided": "correction", "leave.decided": "leave", "ordered_work.decided": "ordered_work",
           "objection.decided": "objection"}  # fmt: skip
FINAL = frozenset({"approved", "accepted", "rejected", "upheld", "dismissed", "returned"})


def results(rt: Runtime, posting_id: str, day: dt.date) -> list[dict[str, Any]]:
    """D10 for every request about a posting's date that was decided within the last day and is not told yet; reads only."""
    now = clock.now()
    with rt.db.read() as session:
        found = ledger.facts_by_subject(session, [posting_id], day, day, kinds=set(RESULTS))[posting_id]
        fresh = [one for one in found if now - one.at <= A_DAY and one.payload.get("decision") in FINAL]
        if not fresh:
            return []
        person = directory.posting(session, posting_id).person_id
        cases = {}
        for one in fresh:
            name = one.payload.get(f"{RESULTS[one.kind].removesuffix('_work')}_id") or one.entry_id
            case = requests.decided(name, RESULTS[one.kind], person, one.at)
            cases[case.key] = case
        known = {key for key, _ in store.known(session, cases)}
    return [row_of(case, now) for key, case in cases.items() if key not in known]


def device(rt: Runtime, device_id: str) -> list[dict[str, Any]]:
    """X03 for a phone's key that was enrolled: its person at once, the supporter in the digest; reads only."""
    now = clock.now()
    with rt.db.read() as session:
        row = session.get(Device, device_id)
        if row is None:
            return []
        people, around = offices.Holders(session), offices.Offices(session)
        own = directory.open_postings(session, row.person_id, local_date(now))
        places = {around.between(one.supporter_id, one.recipient_id)["supporter_admin"] for one in own}
        office = sorted({person for place in places for person in people("supporter_admin", place)} - {row.person_id})
        cases = list(requests.new_device(device_id, row.person_id, row.enrolled_at, office))
        known = store.known(session, {case.key for case in cases})
    return [row_of(case, now) for case in cases if (case.key, case.person_id) not in known]
