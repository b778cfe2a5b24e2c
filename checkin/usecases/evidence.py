"""The phone's key and place, judged at the tap. Neither can refuse it: what does not verify is marked and left out."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from collections.abc import Sequence
from typing import Any

from checkin import store
from checkin.domain.evidence import Held, Placed
from checkin.models import Attendance
from checkin.store.look import SHARED, Key, Look
from shared import clock, device, ledger, outbox
from shared.attendance import geo
from shared.db import Database
from shared.events import DayTouched
from shared.ledger.places import opened_by
from shared.outbox.models import OutboxMessage
from shared.progress.models import RaisedFlag

MANY_KEYS = 3


def held(sent: dict[str, Any] | None, canonical: bytes, person_id: str, seen: Look, at: dt.datetime) -> Held:
    """The key that signed, as it stood at the tap (evidence.md §6.1): its age where the signature verifies, else none.

    `canonical`: JCS bytes of the body. A key of another person marks the phone as shared, a revoked one as revoked.
    """
    shared = ("device_shared",) if seen.shared_install else ()
    if not sent:
        return Held(flags=shared)
    thumbprint, signature, key = sent["thumbprint"], sent["signature"], seen.key
    if key is None or not device.verifies(key.jwk, signature, canonical):
        return Held("none", thumbprint, signature, (*shared, "sig_invalid"))
    if key.person_id != person_id:
        return Held("none", thumbprint, signature, ("device_shared",))
    age = device.age(key.how, key.enrolled_at, key.confirmed_at, at)
    return Held(age, thumbprint, signature, (*shared, *_marks(key, age)), key.how == "invitation")


def _marks(key: Key, age: str) -> tuple[str, ...]:
    marks = (
        ("device_revoked", key.revoked_at is not None),
        ("device_young", age == "young"),
        ("device_many", key.enrolments > MANY_KEYS),
    )
    return tuple(code for code, raised in marks if raised)


def placed(
    db: Database, item: dict[str, Any], person_id: str, clinics: Sequence[str], tapped_at: dt.datetime
) -> Placed:  # fmt: skip
    """The verdict over the location that came, against the nearest of these clinics (evidence.md §7).

    One that came without consent, does not open the body's `loc`, or is no place on earth is dropped with its failure.
    """
    said = item.get("location")
    if not said:
        return Placed(failure=item["body"].get("loc_failure") or "not_asked")
    with db.read() as session:
        agreed, sites = store.consented(session, person_id), store.sites(session, clinics)
    if not agreed:
        return Placed(failure="no_consent")
    numbers = (said.get("lat_e6"), said.get("lon_e6"))
    if not opens(said, item["body"].get("loc")) or None in numbers or not geo.is_valid(*numbers) or not said.get("crs"):
        return Placed(failure="invalid", flags=("loc_invalid",))
    captured, accuracy = said.get("captured_at"), said.get("accuracy_dm")
    at = clock.parse_iso(captured) if captured else None
    found = geo.judge(geo.Fix(*numbers, said["crs"], accuracy, at, said.get("source")), sites, tapped_at)
    metres = None if accuracy is None else round(accuracy / 10)
    return Placed(found.verdict, found.band, metres, None, found.flags, dict(said))


def opens(said: dict[str, Any], loc: str | None) -> bool:
    """Whether the location is the one the body commits to: see `opened_by`."""
    try:
        salt = base64.b64decode(said["salt"] + "=" * (-len(said["salt"]) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return False
    return loc is not None and loc == opened_by(salt, said)


def sharers(db: Database, person_id: str, thumbprint: str | None, install: str | None, at: dt.datetime) -> list[Attendance]:
    """What other physicians tapped with this key or this browser in the last 30 days and does not say so yet (§8)."""
    with db.read() as session:
        return store.others_taps(session, person_id, thumbprint, install, at - SHARED)


def marking(taps: Sequence[Attendance], cause: str, at: dt.datetime) -> list[ledger.Row]:
    """The rows that mark these taps as made with a shared phone, and have their days folded again."""
    found: list[ledger.Row] = [
        (RaisedFlag, {"target": one.id, "code": "device_shared", "posting_id": one.posting_id, "service_date": one.service_date,
                      "cause": cause, "at": at})
        for one in taps
    ]  # fmt: skip
    for posting_id in dict.fromkeys(one.posting_id for one in taps):
        days = sorted(one.service_date for one in taps if one.posting_id == posting_id)
        messages = outbox.messages(DayTouched(cause, posting_id, days[0].isoformat(), days[-1].isoformat()))
        found += [(OutboxMessage, message) for message in messages]
    return found
