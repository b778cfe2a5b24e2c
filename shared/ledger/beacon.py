"""Beacons: what proves that a phone spoke to us not before an instant (evidence.md §6.2). Nothing of them is stored.

An event carries the beacon's id alone. The id holds time and nonce in clear and 16 bytes of the signature's hash;
Ed25519 is deterministic, so the signature for the person who sends it can be made again and compared.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import hmac
import os
from typing import Any, NamedTuple

from shared import clock
from shared.keys import Signer
from shared.ledger.entry import encode

LIFE = dt.timedelta(hours=72)
_DOMAIN = b"zhudian/v1/beacon\n"
_TIME, _NONCE, _TAG = 6, 16, 16


class Heard(NamedTuple):
    """What a beacon id says: `at` = its server time; None when it is expired, absent, forged or another person's."""

    at: dt.datetime | None = None
    bad: bool = False


def make(signer: Signer, person_id: str, now: dt.datetime) -> dict[str, Any]:
    """A new beacon for a person: {v, kid, id, nonce, server_time, person, exp, signature}; the id has 51 characters."""
    return _beacon(signer, person_id, int(now.timestamp() * 1000), os.urandom(_NONCE))


def hear(signer: Signer, beacon_id: str | None, person_id: str, received_at: dt.datetime) -> Heard:
    """Judge the id that came with an event: its server time unless it is older than 72 h; `bad`: not ours, or not this
    person's, or of the future."""
    if not beacon_id:
        return Heard()
    try:
        raw = base64.b64decode(beacon_id + "=" * (-len(beacon_id) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return Heard(bad=True)
    if len(raw) != _TIME + _NONCE + _TAG:
        return Heard(bad=True)
    ms, nonce = int.from_bytes(raw[:_TIME]), raw[_TIME:-_TAG]
    try:
        ours = _beacon(signer, person_id, ms, nonce)["id"]
    except (OverflowError, ValueError, OSError):
        return Heard(bad=True)
    at = _instant(ms)
    if not hmac.compare_digest(ours.encode(), beacon_id.encode()) or at > received_at:
        return Heard(bad=True)
    return Heard(at if received_at - at <= LIFE else None)


def _beacon(signer: Signer, person_id: str, ms: int, nonce: bytes) -> dict[str, Any]:
    at = _instant(ms)
    said = {"v": 1, "kid": signer.kid, "nonce": nonce.hex(), "server_time": clock.iso(at), "person": person_id,
            "exp": clock.iso(at + LIFE)}  # fmt: skip
    signature = signer.sign(_DOMAIN + encode(said))
    name = ms.to_bytes(_TIME) + nonce + hashlib.sha256(signature).digest()[:_TAG]
    return {**said, "id": _text(name), "signature": _text(signature)}


def _instant(ms: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(ms // 1000, dt.UTC) + dt.timedelta(milliseconds=ms % 1000)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
