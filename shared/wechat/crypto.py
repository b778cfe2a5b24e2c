"""Encryption of callbacks (channels.md §9): AES-256-CBC, random 16 bytes, length, message, app id, padding to 32: pure."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Sequence

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32


class NotOurs(Exception):
    """A ciphertext that no key of ours opens to a message for us."""


def encrypt(aes_key: str, app: str, message: str, prefix: bytes) -> str:
    """The ciphertext of a message; `prefix` are the 16 random bytes."""
    key, content = _key(aes_key), message.encode()
    plain = prefix + len(content).to_bytes(4, "big") + content + app.encode()
    pad = BLOCK - len(plain) % BLOCK
    worker = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(worker.update(plain + bytes([pad]) * pad) + worker.finalize()).decode()


def decrypt(aes_keys: Sequence[str], app: str, ciphertext: str) -> str:
    """The message, with the first of these keys that fits. Raises NotOurs."""
    for aes_key in aes_keys:
        message = _opened(_key(aes_key), app, ciphertext)
        if message is not None:
            return message
    raise NotOurs


def _key(aes_key: str) -> bytes:
    return base64.b64decode(aes_key + "=")


def _opened(key: bytes, app: str, ciphertext: str) -> str | None:
    try:
        content = base64.b64decode(ciphertext, validate=True)
        worker = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
        plain = worker.update(content) + worker.finalize()
    except (ValueError, binascii.Error):
        return None
    pad = plain[-1] if plain else 0
    if not 1 <= pad <= BLOCK or plain[-pad:] != bytes([pad]) * pad:
        return None
    plain = plain[:-pad]
    length = int.from_bytes(plain[16:20], "big")
    if len(plain) < 20 + length or not hmac.compare_digest(plain[20 + length :], app.encode()):
        return None
    try:
        return plain[20 : 20 + length].decode()
    except UnicodeDecodeError:
        return None
