"""The scan ticket: what a page load with a fresh code hands to the tap. Stateless, so the load writes nothing (§5)."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hmac
import json
from dataclasses import dataclass

from shared.calendar import local_date

FRESH = dt.timedelta(minutes=5)


@dataclass(frozen=True)
class Ticket:
    """tid: 128 bit hex; slot: 15 s slot of the code; install: keyed hash of the browser's install id, or None."""

    tid: str
    clinic_id: str
    slot: int
    method: str
    issued_at: dt.datetime
    install: str | None = None


def seal(key: bytes, ticket: Ticket) -> str:
    """The ticket as text: base64url(JSON) "." base64url(HMAC-SHA-256)."""
    body = json.dumps(
        {"v": 1, "tid": ticket.tid, "clinic": ticket.clinic_id, "slot": ticket.slot, "method": ticket.method,
         "issued_at": ticket.issued_at.isoformat(), "install": ticket.install},
        sort_keys=True, separators=(",", ":"),
    ).encode()  # fmt: skip
    return f"{_b64(body)}.{_b64(_mac(key, body))}"


def unseal(key: bytes, text: str) -> Ticket | None:
    """The ticket in `text` when its HMAC is ours, of whatever age; None otherwise."""
    try:
        body, mac = (base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
                     for part in text.split("."))  # fmt: skip
    except (binascii.Error, ValueError):
        return None
    if not hmac.compare_digest(_mac(key, body), mac):
        return None
    data = json.loads(body)
    if data.get("v") != 1:
        return None
    return Ticket(tid=data["tid"], clinic_id=data["clinic"], slot=data["slot"], method=data["method"],
                  issued_at=dt.datetime.fromisoformat(data["issued_at"]), install=data["install"])  # fmt: skip


def strength(ticket: Ticket, tapped_at: dt.datetime) -> str:
    """Strength of a tap: fresh up to 5 min after issue, kiosk later on the same Shanghai date, poster afterwards."""
    if tapped_at - ticket.issued_at <= FRESH:
        return "fresh"
    return "kiosk" if local_date(tapped_at) == local_date(ticket.issued_at) else "poster"


def _mac(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, b"zhudian/v1/ticket\n" + body, "sha256")


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
