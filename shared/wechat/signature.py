"""The two signatures of the platforms (channels.md §3, §9): pure."""

from __future__ import annotations

import hashlib
import hmac


def jssdk(ticket: str, noncestr: str, timestamp: int, url: str) -> str:
    """Signature of a page for the JS-SDK; `url` is the page's address without its # part."""
    text = f"jsapi_ticket={ticket}&noncestr={noncestr}&timestamp={timestamp}&url={url.partition('#')[0]}"
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def callback(*parts: str) -> str:
    """Signature of a callback: of token, timestamp, nonce, and in the encrypted mode the ciphertext."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def verifies(signature: str, *parts: str) -> bool:
    """Whether a callback's signature is that of its parts, compared in constant time."""
    return hmac.compare_digest(callback(*parts).encode(), signature.encode())
