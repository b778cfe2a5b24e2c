"""Two hundred taps of three days without a connection, as a phone keeps them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from checkin.models import Attendance
from tests.journeys.scene import Scene, Site

AWAY, SPAN = 200, dt.timedelta(hours=72)


def began(town: Scene, who: Site) -> dt.datetime:
    """A start three days ago from which no tap comes within a minute of one the physician has made: that one would stand."""
    with town.rt.db.read() as session:
        made = list(session.scalars(sa.select(Attendance.effective_at).where(Attendance.person_id == who.person_id)))
    start = dt.datetime.now(dt.UTC) - SPAN
    while any(abs(start + SPAN * number / AWAY - at) < dt.timedelta(minutes=2) for number in range(AWAY) for at in made):
        start -= dt.timedelta(minutes=1)
    return start


def offline_tap(who: Site, number: int, start: dt.datetime) -> dict[str, Any]:
    """A tap as the phone keeps it that was made without a connection, one of many over three days."""
    at = start + SPAN * number / AWAY
    key, text = f"{number:032x}", at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    body = {
        "client_event_id": key, "kind": "attendance", "person": who.person_id, "site_token": who.site_token,
        "direction": "in" if number % 2 == 0 else "out", "ticket": None, "typed": None, "online": False, "device_time": text,
        "beacon_id": None, "beacon_age_ms": None, "mono_ms": None, "loc": None, "loc_failure": "not_asked",
    }  # fmt: skip
    return {
        "clientEventId": key, "schemaVersion": 2, "kind": "attendance", "personId": who.person_id, "personName": None,
        "route": None, "date": text[:10], "session": None, "label": "x", "body": body, "sealed": True,
        "waitsForFix": False, "location": None, "device": None, "state": "saved", "attempts": 0, "nextAt": None,
        "reason": None, "receipt": None, "answer": None, "photos": [], "confirmedAt": None, "savedAt": int(at.timestamp() * 1000),
    }  # fmt: skip
