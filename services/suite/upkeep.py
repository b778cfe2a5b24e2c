"""What the kernel itself asks for by the clock: parked messages are tried once more every morning (reliability O10)."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from shared import logs, outbox
from shared.service import Job, Runtime, Schedule, Service


def redrive(rt: Runtime, session: Session, payload: dict[str, Any], _: object) -> None:
    """Give every message that parked in the last week one more try."""
    found = outbox.redrive(session)
    if found:
        logs.get("outbox").warning("outbox.redriven", messages=len(found))


SERVICE = Service(
    "suite", jobs=(Job("suite.redrive_outbox", "maintenance", redrive),),
    schedules=(Schedule("suite.redrive_outbox", "35 6 * * *"),),
)  # fmt: skip
