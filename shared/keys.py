"""The key file: every secret of an installation, made once, mode 600, never in the database.

One JSON object of base64 values. `pepper` names streams without disclosing ids, `session`, `ticket` and `csrf` are HMAC
keys, `wrapping` protects clinic masters at rest, `spot` the seeds of spot checks until they are revealed (only scheduled
work opens one), `receipt` and `beacon` are Ed25519 keys (evidence.md §3, §6.2). A key file from before there were spot
checks has no `spot`: it is then derived from `wrapping`.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import hmac
import json
import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

NAMES = ("pepper", "session", "ticket", "csrf", "wrapping", "receipt", "beacon")
SPOT = "spot"
KEY_BYTES = 32
NONCE_BYTES = 12


class KeysError(Exception):
    """The key file is missing, unreadable or not what it should be; the text is for the operator."""


@dataclass(frozen=True)
class Signer:
    """An Ed25519 key of one purpose. Signatures are deterministic: the same bytes give the same 64 bytes."""

    seed: bytes = field(repr=False)

    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @cached_property
    def public(self) -> bytes:
        """The raw public key, 32 bytes."""
        return self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @cached_property
    def kid(self) -> str:
        """Key id: the first 16 hex digits of SHA-256 over the raw public key."""
        return hashlib.sha256(self.public).hexdigest()[:16]

    def sign(self, message: bytes) -> bytes:
        """The signature of the message, 64 bytes."""
        return self._private.sign(message)

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Whether the signature over the message was made with this key."""
        try:
            self._private.public_key().verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class Keys:
    """Every key of this installation. Nothing of it is ever printed."""

    pepper: bytes = field(repr=False)
    session: bytes = field(repr=False)
    ticket: bytes = field(repr=False)
    csrf: bytes = field(repr=False)
    wrapping: bytes = field(repr=False)
    spot: bytes = field(repr=False)
    receipt_signer: Signer
    beacon_signer: Signer

    def close_seed(self, seed: bytes, month: str) -> bytes:
        """Encrypt the spot-check seed of a month ("2026-12") for the database."""
        return _sealed(self.spot, seed, month.encode())

    def open_seed(self, closed: bytes, month: str) -> bytes:
        """The seed of a month. For scheduled work only: who can open it knows every check of the month before its time.
        Raises KeysError."""
        return _opened(self.spot, closed, month.encode())

    def wrap(self, secret: bytes, context: bytes = b"") -> bytes:
        """Encrypt a secret for the database: 12-byte nonce, AES-256-GCM ciphertext and tag, bound to `context`."""
        return _sealed(self.wrapping, secret, context)

    def unwrap(self, wrapped: bytes, context: bytes = b"") -> bytes:
        """The secret that `wrap` protected. Raises KeysError for another key, another context or changed bytes."""
        return _opened(self.wrapping, wrapped, context)


def _sealed(key: bytes, secret: bytes, context: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, secret, context)


def _opened(key: bytes, closed: bytes, context: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(closed[:NONCE_BYTES], closed[NONCE_BYTES:], context)
    except (InvalidTag, ValueError) as error:
        raise KeysError("a wrapped secret does not open with the wrapping key of this key file") from error


def load_keys(path: Path, create: bool) -> Keys:
    """Read the key file; when it is missing and `create` is set, make it first (mode 600). Raises KeysError."""
    if create and not path.exists():
        _create(path)
    try:
        data = json.loads(path.read_text(encoding="ascii"))
        values = {name: base64.b64decode(data[name], validate=True) for name in (*NAMES, SPOT) if name in data or name != SPOT}
    except OSError as error:
        raise KeysError(f"the key file {path} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise KeysError(f"the key file {path} is not a key file") from error
    values.setdefault(SPOT, hmac.digest(values["wrapping"], b"zhudian/v1/spot-seed", "sha256"))
    if short := [name for name in values if len(values[name]) != KEY_BYTES]:
        raise KeysError(f"the key file {path} holds keys that are not {KEY_BYTES} bytes: {', '.join(short)}")
    receipt, beacon = Signer(values.pop("receipt")), Signer(values.pop("beacon"))
    return Keys(**values, receipt_signer=receipt, beacon_signer=beacon)


def _create(path: Path) -> None:
    """Write a new key file whole or not at all; when two processes start at once, the first one's file stands."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({name: base64.b64encode(os.urandom(KEY_BYTES)).decode() for name in (*NAMES, SPOT)}, indent=1)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
