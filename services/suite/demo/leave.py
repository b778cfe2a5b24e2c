"""Leave in the demo world: a few slips of every sort, so that pages and reports have something to show. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random
from typing import Any

from services.suite.demo.world import MARK, Physician, World
from shared.calendar import SHANGHAI, Calendar

TYPES = ("personal", "sick", "annual")


@dataclass(frozen=True)
class Leave:
    """One slip: whose, over which workdays, when filed, and who decides what and when (None = still open)."""

    key: str
    person: str
    posting: str
    type: str
    first: dt.date
    last: dt.date
    filed_at: dt.datetime
    by: str
    decided_at: dt.datetime | None
    decision: str
    note: str = ""

    def covers(self, one: Physician, day: dt.date, half: str) -> bool:
        """Whether the physician stays away then. Somebody whose leave was refused comes to work."""
        return self.posting == one.posting and self.first <= day <= self.last and self.decision != "rejected"

    def body(self) -> dict[str, Any]:
        """What the physician sends, without person and key."""
        return {"type": self.type, "from": self.first.isoformat(), "to": self.last.isoformat(),
                "reason_code": self.type, "text": "家中有事" if self.type == "personal" else "见附件说明"}  # fmt: skip


def leaves(world: World, calendar: Calendar) -> list[Leave]:
    """About every third physician takes one leave; the newest may wait for its decision."""
    found = []
    for one in world.physicians:
        rng = Random(f"{world.seed}/{one.code}/leave")
        if one.mode == "taskforce" or rng.random() > 0.4:
            continue
        days = calendar.workdays(world.start + dt.timedelta(days=5), world.today)
        if len(days) > 8:
            found.append(_slip(one, rng, days, calendar))
    return found


def _slip(one: Physician, rng: Random, days: list[dt.date], calendar: Calendar) -> Leave:
    kind, length = rng.choice(TYPES), rng.choice((1, 1, 2, 3, 5))
    place = rng.randrange(len(days) - length)
    first, last = days[place], days[place + length - 1]
    sick = kind == "sick"
    asked = first if sick else calendar.add_workdays(first, -rng.randint(1, 3))
    filed_at = dt.datetime.combine(asked, dt.time(7, 20) if sick else dt.time(16, 5), SHANGHAI)
    office = f"{MARK}-R{one.centre + 1}" if length <= 3 else f"{MARK}-A1"
    refused = not sick and rng.random() < 0.1
    decided_at = dt.datetime.combine(calendar.add_workdays(asked, 0 if sick else 1), dt.time(9, 40), SHANGHAI)
    return Leave(
        f"{one.posting}/leave", one.code, one.posting, kind, first, last, filed_at, office, decided_at,
        "rejected" if refused else "approved", "当天门诊无人接替,请改期" if refused else "",
    )  # fmt: skip
