"""Password hashes (argon2id, 19 MiB, t = 2, p = 1) and the list of passwords nobody may use (S-16)."""

from __future__ import annotations

import functools
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

COMMON = Path(__file__).with_name("common_passwords.txt")

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hashed(password: str) -> str:
    """The argon2id hash to store, with its parameters and salt."""
    return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether the password fits. Without a stored hash the same work is done for nothing: time tells nobody (S-11)."""
    try:
        return _hasher.verify(stored or _nobody(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


@functools.cache
def common() -> frozenset[str]:
    """The commonest passwords, lower case."""
    return frozenset(COMMON.read_text(encoding="utf-8").split())


@functools.cache
def _nobody() -> str:
    return hashed("the password of no account")
