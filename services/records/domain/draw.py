"""Drawing a list at random so that anybody can draw it again: seed and population are recorded. Pure but for the seed."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from typing import Any


def new_seed() -> str:
    """32 hex digits nobody could foresee."""
    return secrets.token_hex(16)


def population_hash(population: Sequence[str]) -> str:
    """SHA-256 over the ids in order, one to a line."""
    return hashlib.sha256("\n".join(sorted(population)).encode()).hexdigest()


def sample(seed: str, population: Sequence[str], number: int) -> list[str]:
    """`number` ids of the population (all when it has fewer): the lowest SHA-256 of "seed:id"."""
    ranked = sorted(set(population), key=lambda one: (hashlib.sha256(f"{seed}:{one}".encode()).digest(), one))
    return ranked[:number]


def drawn(seed: str, population: Sequence[str], number: int) -> dict[str, Any]:
    """What an inspection records of its draw."""
    return {
        "seed": seed, "population_sha256": population_hash(population), "population": len(set(population)),
        "sample": sample(seed, population, number), "visited": [],
    }  # fmt: skip
