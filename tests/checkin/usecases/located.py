"""Taps with a place beside them, and the clinic and consent they need."""

from __future__ import annotations

import base64
import datetime as dt
from typing import Any

import sqlalchemy as sa

from services.identity.usecases import consents
from shared import clock
from shared.attendance import geo
from shared.directory.models import Clinic
from shared.ledger.places import opened_by
from shared.service import Runtime
from tests.checkin.scene import MORNING, Item, doctor, item, shown_k

PLACE = geo.Point(31.5, 108.5)
SALT = base64.urlsafe_b64encode(bytes(range(32))).rstrip(b"=").decode()
HOUR = dt.timedelta(hours=1)


def set_place(rt: Runtime, code: str = "SQ1", at: geo.Point = PLACE) -> None:
    """The clinic lies there."""
    lat, lon = at.to_e6()
    with rt.db.transaction() as session:
        session.execute(sa.update(Clinic).where(Clinic.code == code).values(lat_e6=lat, lon_e6=lon, crs="wgs84"))


def agree(rt: Runtime, code: str = "D1") -> None:
    """The physician lets a tap carry its place, long ago."""
    with clock.at(MORNING - 1500 * HOUR):
        consents.answer(rt, doctor(rt, code), {"screen": "L", "version": "L-2026-11", "language": "zh-CN", "given": True})


def located(rt: Runtime, at: dt.datetime = MORNING, place: geo.Point = PLACE, *, code: str = "D1", site: str = "SQ1", **body: Any) -> Item:
    """A tap with the screen's code and a fix beside it."""
    lat, lon = place.to_e6()
    fix = {"lat_e6": lat, "lon_e6": lon, "crs": "wgs84", "accuracy_dm": 80, "altitude_dm": None,
           "captured_at": clock.iso(at), "source": "browser"}  # fmt: skip
    told = {"k": shown_k(rt, at, site), "device_time": clock.iso(at), **body, "loc": opened_by(bytes(range(32)), fix)}
    return {**item(rt, doctor(rt, code), site=site, **told), "location": {"salt": SALT, **fix}}
