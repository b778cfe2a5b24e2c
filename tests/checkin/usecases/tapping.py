"""Recording taps of the small world, and reading their facts back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from checkin.usecases.record import record_event
from checkin.usecases.repeat import Recorded
from shared import clock, ledger
from shared.service import Runtime
from tests.checkin.scene import MORNING, doctor, item, shown_k
from tests.factories.phone import Phone

HOUR = dt.timedelta(hours=1)


def tapped(rt: Runtime, at: dt.datetime = MORNING, code: str = "D1", site: str = "SQ1", **body: Any) -> Recorded:
    """Record a tap received at an instant."""
    with clock.at(at):
        return record_event(rt, doctor(rt, code), item(rt, doctor(rt, code), site=site, **body))[1]


_PHONES: dict[tuple[str, str], Phone] = {}


def proven(rt: Runtime, at: dt.datetime = MORNING, code: str = "D1", site: str = "SQ1", **body: Any) -> Recorded:
    """Record a tap that counts by itself: the screen's code, signed by a phone enrolled long ago."""
    who, name = doctor(rt, code), (str(rt.settings.var), code)
    if name not in _PHONES:
        _PHONES[name] = Phone(code)
        _PHONES[name].enrolled(rt, who.person_id or "")
    made = _PHONES[name].signed(item(rt, who, site=site, k=shown_k(rt, at, site), **body))
    with clock.at(at):
        return record_event(rt, who, made)[1]


def fact_of(rt: Runtime, recorded: Recorded) -> dict[str, Any]:
    with rt.db.read() as session:
        fact = ledger.fact(session, recorded.entry.entry_id)
    assert fact is not None
    return fact.payload
