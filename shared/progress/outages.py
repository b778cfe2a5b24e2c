"""Outages of a site as they stand: an end that was told early takes the place of what was declared. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeVar

KIND = "clinic.outage_declared"


class Told(Protocol):
    """A fact, wherever it was read."""

    @property
    def entry_id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def payload(self) -> Mapping[str, Any]: ...


Fact = TypeVar("Fact", bound=Told)


def standing(facts: Iterable[Fact]) -> list[Fact]:
    """The outages among the facts of a clinic that no later fact replaces, in their order."""
    told = [fact for fact in facts if fact.kind == KIND]
    replaced = {fact.payload.get("supersedes") for fact in told}
    return [fact for fact in told if fact.entry_id not in replaced]


def holds(fact: Told, day: dt.date) -> bool:
    """Whether an outage lies over a date."""
    return str(fact.payload.get("from") or "") <= day.isoformat() <= str(fact.payload.get("to") or "9999")
