"""The queue's door: fold a touched day, and fold the last days of everybody again each night."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from services.progress.usecases import fold
from shared import clock, outbox
from shared.directory import lookup as directory
from shared.events import DayFolded, DayTouched
from shared.ids import new_id
from shared.progress import requests
from shared.service import Job, Runtime, Schedule

NIGHTLY = "nightly:"
"""How the night's messages name what touched the days: time, and no entry."""


def fold_day(rt: Runtime, session: Session, payload: dict[str, Any], _: object) -> None:
    """Fold the dates a fact touches, judge their periods, fold what is open; every changed day is told."""
    first, last = dt.date.fromisoformat(payload["day_from"]), dt.date.fromisoformat(payload["day_to"])
    night = payload["entry_id"].startswith(NIGHTLY)
    for fact in fold.fold_and_judge(session, rt.keys, payload["posting_id"], first, last, always=night):
        outbox.put(session, DayFolded(new_id(), fact.posting_id, fact.date.isoformat()))
    requests.refresh(session, payload["posting_id"])


def nightly(rt: Runtime, session: Session, payload: dict[str, Any], _: object) -> None:
    """Ask for the last days of every posting: half-days nobody recorded become absent once their window is over, and a
    request that has waited too long moves on."""
    today = clock.today()
    first = today - dt.timedelta(days=fold.FOLLOW_UP_DAYS)
    touched = {posting.id for posting in directory.postings_between(session, first, today)}
    for posting_id in sorted(touched | requests.postings_waiting(session)):
        outbox.put(session, DayTouched(f"{NIGHTLY}{payload['fire_at']}", posting_id, f"{first}", f"{today}"))


JOBS = (Job("progress.fold_day", "fold", fold_day), Job("progress.nightly", "maintenance", nightly))
SCHEDULES = (Schedule("progress.nightly", "20 2 * * *"),)
