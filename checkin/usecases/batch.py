"""Many taps of one phone, sent together after a time without a connection: each is its own gesture and transaction."""

from __future__ import annotations

from typing import Any

from checkin.usecases.record import record_event
from shared.problems import Problem
from shared.roles import Principal
from shared.service import Runtime


def record_batch(
    rt: Runtime, who: Principal, items: list[dict[str, Any] | Problem], *, install: str | None, address: str | None
) -> list[tuple[int, dict[str, Any]] | Problem]:
    """(status, receipt) or the problem of each item, in the order given; worked in the order of device_seq.

    An item that was found malformed before comes in as its Problem and passes through.
    """
    answers: list[tuple[int, dict[str, Any]] | Problem] = [
        item if isinstance(item, Problem) else (0, {}) for item in items
    ]
    for position in sorted(range(len(items)), key=lambda n: _sequence(items[n])):
        item = items[position]
        if isinstance(item, Problem):
            continue
        try:
            created, done = record_event(rt, who, item, install=install, address=address)
            answers[position] = (201 if created else 200, done.entry.receipt)
        except Problem as refused:
            answers[position] = refused
    return answers


def _sequence(item: dict[str, Any] | Problem) -> int:
    return 0 if isinstance(item, Problem) else item["body"].get("device_seq") or 0
