"""The phones of the demo world: each physician has one, enrolled with the invitation, and signs what it sends."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from random import Random
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, derive_private_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from sqlalchemy.orm import Session

from services.identity.usecases import consents, devices
from services.suite.demo.world import clinic_place
from shared import clock, device, ledger
from shared.ledger.places import opened_by
from shared.roles import Principal
from shared.service import Runtime

SCREEN_L = {"screen": "L", "version": "L-2026-11", "language": "zh-CN", "given": True}
NEAR_E6 = 600
"""A fix lies within some 70 m of its clinic."""


class Phone:
    """One physician's phone; its key follows from seed and person, its signatures differ from play to play."""

    def __init__(self, seed: int, person: str) -> None:
        self._name, self._number = f"{seed}/{person}/phone", 0
        self._last: str | None = None

    @functools.cached_property
    def _key(self) -> EllipticCurvePrivateKey:
        return derive_private_key(int.from_bytes(hashlib.sha256(self._name.encode()).digest()) >> 1, SECP256R1())

    @functools.cached_property
    def jwk(self) -> dict[str, str]:
        """The public half."""
        found = self._key.public_key().public_numbers()
        return {"crv": "P-256", "kty": "EC", "x": device.encoded(found.x.to_bytes(32)), "y": device.encoded(found.y.to_bytes(32))}

    def enrol(self, rt: Runtime, session: Session, person_id: str) -> None:
        """Make the key known, as the one-time link does."""
        devices.add(rt, session, person_id, self.jwk, "wechat-android", "invitation")

    def sealed(self, body: dict[str, Any], location: dict[str, Any] | None) -> dict[str, Any]:
        """The item: the body with its place in the phone's own order, committed to the location and signed."""
        self._number += 1
        numbered = {**body, "device_seq": self._number, "device_prev": self._last}
        if location:
            numbered["loc"] = opened_by(device.decoded(location["salt"]), location)
        canonical = ledger.jcs(numbered)
        self._last = hashlib.sha256(canonical).hexdigest()
        r, s = decode_dss_signature(self._key.sign(device.DOMAIN + canonical, ECDSA(SHA256())))
        signature = device.encoded(r.to_bytes(32) + s.to_bytes(32))
        sent = {"thumbprint": device.thumbprint(self.jwk), "signature": signature}
        return {"body": numbered, "device": sent, **({"location": location} if location else {})}


def agree(rt: Runtime, who: Principal) -> None:
    """The physician lets a tap carry its place."""
    consents.answer(rt, who, dict(SCREEN_L))


def fix(seed: int, person: str, clinic: str, at: dt.datetime) -> dict[str, Any]:
    """One reading near a clinic of the world, as a browser gives it."""
    rng = Random(f"{seed}/{person}/{clinic}/{at.isoformat()}/fix")
    lat, lon = clinic_place(clinic)
    return {
        "salt": device.encoded(rng.randbytes(32)), "lat_e6": lat + rng.randint(-NEAR_E6, NEAR_E6),
        "lon_e6": lon + rng.randint(-NEAR_E6, NEAR_E6), "crs": "wgs84", "accuracy_dm": rng.randint(60, 450),
        "altitude_dm": None, "captured_at": clock.iso(at), "source": "browser",
    }  # fmt: skip
