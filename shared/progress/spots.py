"""Spot checks of a date, read from the ledger's facts (evidence.md §2.3, §10). Pure; the order of facts does not matter."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from shared.attendance import spot
from shared.attendance.spot import Told, Window
from shared.progress.facts import FactRecord
from shared.progress.reading import Decisions, Facts, instant

KINDS = ("spotcheck.issued", "spotcheck.answered", "spotcheck.busy", "spotcheck.lapsed", "spotcheck.decided")
MISSED = "spot_missed"


@dataclass(frozen=True)
class Spot:
    """One check as everybody sees it. `origin`: drawn, random, named; `decision` = entry id of the newest decision.

    `outside`: somebody off the clinic's rota must take part. `told` holds what its state follows from.
    """

    check_id: str
    session: str
    origin: str
    outside: bool
    state: str
    told: Told
    reason: str = ""
    decision: str | None = None
    evidence: tuple[str, ...] = ()

    def to_fact(self) -> dict[str, Any]:
        """What the day fact keeps."""
        return {
            "check_id": self.check_id, "session": self.session, "origin": self.origin, "outside": self.outside,
            "state": self.state, "reason": self.reason, "evidence": list(self.evidence),
        }  # fmt: skip


def spots_of(facts: Facts, day: dt.date) -> list[Spot]:
    """The checks of a service date, by session, drawn ones first. A half-day voided before its issue is one too."""
    found: dict[str, list[FactRecord]] = {}
    for fact in facts.of_kind(*KINDS):
        if fact.payload.get("service_date") == day.isoformat():
            found.setdefault(fact.payload["check_id"], []).append(fact)
    read = [_spot(check_id, listed) for check_id, listed in found.items()]
    return sorted(read, key=lambda one: (one.session, one.origin != "drawn", one.check_id))


def missed(spots: list[Spot], half: str, decisions: Decisions) -> tuple[str, tuple[str, ...]]:
    """("", open or upheld, evidence) of the red flag `spot_missed` on a half-day: only `not_found` raises it (§10.3)."""
    raised = [one for one in spots if one.session == half and one.state == spot.NOT_FOUND and one.decision]
    live = [one for one in raised if not decisions.clears(one.decision or "", MISSED)]
    upheld = any((one.decision, MISSED) in decisions.upheld for one in live)
    evidence = tuple(sorted(entry for one in live for entry in one.evidence))
    return ("upheld" if upheld else "open" if live else ""), evidence


def _spot(check_id: str, facts: list[FactRecord]) -> Spot:
    first = facts[0].payload
    by_kind: dict[str, list[FactRecord]] = {}
    for fact in facts:
        by_kind.setdefault(fact.kind, []).append(fact)
    decided = by_kind.get("spotcheck.decided", [])
    newest = decided[-1].payload if decided else {}
    told = Told(
        window=_window(by_kind.get("spotcheck.issued", [])),
        answers=tuple((fact.payload["verdict"], at) for fact in by_kind.get("spotcheck.answered", [])
                      if (at := instant(fact.payload["effective_at"]))),
        busy="spotcheck.busy" in by_kind, lapsed="spotcheck.lapsed" in by_kind, result=newest.get("result"),
    )  # fmt: skip
    return Spot(
        check_id, first["session"], first.get("origin", "drawn"), bool(first.get("outside_required")),
        spot.state_of(told), told, newest.get("reason_code") or "", decided[-1].entry_id if decided else None,
        tuple(fact.entry_id for fact in facts),
    )  # fmt: skip


def _window(issued: list[FactRecord]) -> Window | None:
    if not issued:
        return None
    times = [instant(issued[0].payload[name]) for name in ("issued_at", "deadline", "session_end")]
    first, deadline, end = (at or issued[0].at for at in times)
    return Window(first, deadline, end)
