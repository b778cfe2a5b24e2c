"""Device keys of phones (evidence.md §6.1): ECDSA P-256 with SHA-256; a key is known by its RFC 7638 thumbprint.

A phone signs what it says and keeps the private half where no script can read it; here are only public halves.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import functools
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

DOMAIN = b"zhudian/v1/device\n"
HALF = 32
YOUNG = dt.timedelta(hours=24)


class KeyRefused(ValueError):
    """Not a public P-256 key in JWK form."""


def public_jwk(jwk: Mapping[str, Any]) -> dict[str, str]:
    """The four members that make the key, everything else dropped. Raises KeyRefused for any other key type or point."""
    try:
        found = {name: str(jwk[name]) for name in ("crv", "kty", "x", "y")}
        _public(found["x"], found["y"])
    except (KeyError, ValueError, binascii.Error) as error:
        raise KeyRefused("not a public P-256 key") from error
    if "d" in jwk or (found["kty"], found["crv"]) != ("EC", "P-256"):
        raise KeyRefused("not a public P-256 key")
    return found


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """RFC 7638: SHA-256 over the key's own members in order, base64url, 43 characters."""
    members = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
    return encoded(hashlib.sha256(json.dumps(members, separators=(",", ":")).encode()).digest())


def verifies(jwk: Mapping[str, Any], signature: str, canonical: bytes) -> bool:
    """Whether `signature` (64 bytes r‖s, base64url) over the domain and the canonical bytes was made with this key."""
    try:
        raw = decoded(signature)
        if len(raw) != 2 * HALF:
            return False
        made = encode_dss_signature(int.from_bytes(raw[:HALF]), int.from_bytes(raw[HALF:]))
        _public(jwk["x"], jwk["y"]).verify(made, DOMAIN + canonical, ECDSA(SHA256()))
    except (InvalidSignature, ValueError, KeyError, binascii.Error):
        return False
    return True


def age(how: str, enrolled_at: dt.datetime, confirmed_at: dt.datetime | None, at: dt.datetime) -> str:
    """ok or young at an instant: 24 h old and, unless it came with the invitation, confirmed (evidence.md §6.1)."""
    trusted = how == "invitation" or (confirmed_at is not None and confirmed_at <= at)
    return "ok" if trusted and at - enrolled_at >= YOUNG else "young"


def encoded(raw: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Read `encoded` back. Raises binascii.Error or ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


@functools.lru_cache(maxsize=4096)
def _public(x: str, y: str) -> EllipticCurvePublicKey:
    """The key of two coordinates. ValueError for a point that is not on the curve."""
    halves = [decoded(half) for half in (x, y)]
    if any(len(half) != HALF for half in halves):
        raise ValueError("a coordinate of P-256 has 32 bytes")
    return EllipticCurvePublicNumbers(int.from_bytes(halves[0]), int.from_bytes(halves[1]), SECP256R1()).public_key()
