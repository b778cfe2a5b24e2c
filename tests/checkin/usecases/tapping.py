"""Recording taps of the small world, and reading their facts back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from checkin.usecases.record import record_event
from checkin.usecases.repeat import Recorded
from shared import clock, ledger
from shared.service import Runtime
from tests.checkin.scene import MORNING, doctor, item

HOUR = dt.timedelta(hours=1)


def tapped(rt: Runtime, at: dt.datetime = MORNING, code: str = "D1", site: str = "SQ1", **body: Any) -> Recorded:
    """Record a tap received at an instant."""
    with clock.at(at):
        return record_event(rt, doctor(rt, code), item(rt, doctor(rt, code), site=site, **body))[1]


def fact_of(rt: Runtime, recorded: Recorded) -> dict[str, Any]:
    with rt.db.read() as session:
        fact = ledger.fact(session, recorded.entry.entry_id)
    assert fact is not None
    return fact.payload
