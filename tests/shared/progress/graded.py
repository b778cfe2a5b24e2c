"""A story whose taps carry what they are graded by."""

from __future__ import annotations

import datetime as dt
from typing import Any

from shared.calendar import at
from shared.progress.fold import HalfFact
from tests.shared.progress.posted import LONG_AFTER, MONDAY, Story, iso

STRONG = {"version": "grade-1", "device": "ok", "window": "w15", "location": "inside", "accuracy_m": 8}
WEAK = {**STRONG, "device": "none", "location": "none"}


class Graded(Story):
    """A story whose taps carry what they are graded by."""

    def scan(self, direction: str, time: str, judged: dict[str, Any] = STRONG, strength: str = "fresh", *, flags: Any = (),
             day: dt.date = MONDAY, **over: Any) -> str:  # fmt: skip
        """A check-in or check-out at clinic A, received as it was tapped."""
        when = at(day, dt.time.fromisoformat(time))
        return self.write(
            "attendance.recorded", when, direction=direction, clinic_id="A", flags=list(flags), judged=judged,
            strength=strength, service_date=day.isoformat(), effective_at=iso(when), received_at=iso(when), **over,
        )  # fmt: skip

    def morning(self, judged: dict[str, Any] = STRONG, strength: str = "fresh", **over: Any) -> list[str]:
        """A pair of scans around the morning."""
        return [self.scan(way, time, judged, strength, **over) for way, time in (("in", "07:50"), ("out", "12:05"))]

    def countersign(self, targets: list[str], when: dt.datetime, role: str = "witness", person: str = "W1", *,
                    withdrawn: bool = False, **over: Any) -> str:  # fmt: skip
        """Somebody saw it, or takes it back."""
        kind = "attendance.countersign_withdrawn" if withdrawn else "attendance.countersigned"
        given = {"targets": targets, "independent": True, "off_rota": role != "witness", "statement": "visit",
                 "service_date": MONDAY.isoformat(), "actor": {"person": person, "role": role}}  # fmt: skip
        return self.write(kind, when, **(given | over))

    def am(self, as_of: dt.datetime = LONG_AFTER) -> HalfFact:
        """The morning, folded."""
        return self.fold(MONDAY, as_of).halves["am"]


def graded_as(half: HalfFact) -> tuple[str, str | None, str | None]:
    return half.status, half.grade, half.grade_reason
