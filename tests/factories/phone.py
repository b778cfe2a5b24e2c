"""A physician's phone: a real P-256 key that signs bodies the way the browser does (evidence.md §6.1)."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, derive_private_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from services.identity.usecases import devices
from shared import clock, device, ledger
from shared.access.models import Device
from shared.service import Runtime


class Phone:
    """One key; `name` makes it, so that a test's phone is the same in every run. Signatures differ each time."""

    def __init__(self, name: str = "phone") -> None:
        self.name, self.sequence, self.last = name, 0, None

    @functools.cached_property
    def key(self) -> EllipticCurvePrivateKey:
        """The private half."""
        return derive_private_key(int.from_bytes(hashlib.sha256(self.name.encode()).digest()) >> 1, SECP256R1())

    @property
    def jwk(self) -> dict[str, str]:
        """The public half as the browser exports it."""
        found = self.key.public_key().public_numbers()
        return {"kty": "EC", "crv": "P-256", **{name: device.encoded(getattr(found, name).to_bytes(32)) for name in "xy"}}

    @property
    def thumbprint(self) -> str:
        """How the server calls the key."""
        return device.thumbprint(self.jwk)

    def signature(self, value: Any) -> str:
        """Over the canonical bytes of a value."""
        r, s = decode_dss_signature(self.key.sign(device.DOMAIN + ledger.jcs(value), ECDSA(SHA256())))
        return device.encoded(r.to_bytes(32) + s.to_bytes(32))

    def signed(self, item: dict[str, Any]) -> dict[str, Any]:
        """The item as this phone sends it: the next in its own chain, signed."""
        self.sequence += 1
        body = {**item["body"], "device_seq": self.sequence, "device_prev": self.last}
        self.last = hashlib.sha256(ledger.jcs(body)).hexdigest()
        return {**item, "body": body, "device": {"thumbprint": self.thumbprint, "signature": self.signature(body)}}

    def enrolled(self, rt: Runtime, person_id: str, at: dt.datetime | None = None, how: str = "invitation") -> Device:
        """Make the key known, at an instant (long ago unless said)."""
        when = at or dt.datetime(2026, 8, 31, 9, tzinfo=clock.SHANGHAI)
        with clock.at(when), rt.db.transaction() as session:
            return devices.add(rt, session, person_id, device.public_jwk(self.jwk), "browser-other", how)
