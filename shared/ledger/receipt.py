"""Acceptance receipts (回执): what the phone keeps as proof that an entry was appended (evidence.md §3).

Ed25519 is deterministic, so entry and key give the same receipt again, byte for byte.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from shared.keys import Keys, Signer
from shared.ledger.entry import encode, jcs, parse_profile

_DOMAIN = b"zhudian/v1/receipt\n"
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def code(entry_hash: bytes) -> str:
    """`8F3K-Q2WD`: the first 8 Crockford base32 digits of SHA-256(entry_hash), for reading aloud; display only."""
    bits = int.from_bytes(hashlib.sha256(entry_hash).digest()[:5])
    digits = "".join(_CROCKFORD[bits >> shift & 31] for shift in range(35, -1, -5))
    return f"{digits[:4]}-{digits[4:]}"


def make(
    signer: Signer, *, event: str, client: bytes | None, stream: str, seq: int, entry_hash: bytes, at: str,
    body_hash: bytes | None,
) -> dict[str, Any]:  # fmt: skip
    """The signed receipt of an entry, members in canonical order; `signature` is base64url without padding."""
    receipt = {
        "v": 1, "kid": signer.kid, "event": event, "client": client.hex() if client else None, "st": stream,
        "seq": seq, "entry_hash": entry_hash.hex(), "at": at, "mmd_s": None,
        "body_hash": body_hash.hex() if body_hash else None, "code": code(entry_hash),
    }  # fmt: skip
    signature = signer.sign(_DOMAIN + encode(receipt))
    receipt["signature"] = base64.urlsafe_b64encode(signature).rstrip(b"=").decode()
    return dict(sorted(receipt.items()))


def to_bytes(receipt: dict[str, Any]) -> bytes:
    """The canonical bytes that are stored beside the entry."""
    return encode(receipt)


def from_bytes(data: bytes) -> dict[str, Any]:
    """A stored receipt, members in the order in which it was made. Raises ProfileError for other bytes."""
    receipt: dict[str, Any] = parse_profile(data)
    return receipt


def verifies(receipt: dict[str, Any], keys: Keys) -> bool:
    """Whether the receipt carries a signature of this installation's receipt key over all its other members."""
    unsigned = {name: value for name, value in receipt.items() if name != "signature"}
    text = receipt.get("signature")
    if unsigned.get("kid") != keys.receipt_signer.kid or not isinstance(text, str):
        return False
    try:
        signature = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        return keys.receipt_signer.verifies(signature, _DOMAIN + jcs(unsigned))
    except ValueError:
        return False
