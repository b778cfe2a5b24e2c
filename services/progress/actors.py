"""The queue's door: fold a touched day, and fold the last days of everybody again each night."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from services.progress.usecases import duties, fold, retention
from shared import clock, logs, outbox
from shared.directory import lookup as directory
from shared.directory import subjects
from shared.events import DayFolded, DayTouched, SubjectTouched
from shared.ids import new_id
from shared.progress import requests
from shared.service import Job, Runtime, Schedule

NIGHTLY = "nightly:"
"""How the night's messages name what touched the days: time, and no entry."""


def fold_day(rt: Runtime, session: Session, payload: dict[str, Any], _: object) -> None:
    """Fold the dates a fact touches, judge their periods, fold what is open; every changed day is told."""
    first, last = dt.date.fromisoformat(payload["day_from"]), dt.date.fromisoformat(payload["day_to"])
    night = payload["entry_id"].startswith(NIGHTLY)
    changed = fold.fold_and_judge(session, rt.keys, payload["posting_id"], first, last, always=night)
    for fact in changed:
        outbox.put(session, DayFolded(new_id(), fact.posting_id, fact.date.isoformat()))
    if changed:
        posting = directory.posting(session, payload["posting_id"])
        duties.touch(session, fold.ground(session), posting, [fact.date for fact in changed])
    requests.refresh(session, payload["posting_id"])


def judge_subjects(rt: Runtime, session: Session, payload: dict[str, Any], _: object) -> None:
    """Judge what a record touches: its subjects, by the rules of the kinds that read it; without a programme by all."""
    on = fold.ground(session)
    first, last = (dt.date.fromisoformat(payload[name] or f"{clock.today()}") for name in ("day_from", "day_to"))
    programmes = [payload["programme_id"]] if payload["programme_id"] else sorted(directory.programme_ids(session))
    for programme_id in programmes:
        duties.judge(session, on, programme_id, payload["subjects"], first, max(first, last), payload["rule_kinds"])


def judge_subject(rt: Runtime, session: Session, payload: dict[str, Any], _: object) -> None:
    """Judge one subject after its days were folded, or because time went by."""
    first, last = (dt.date.fromisoformat(payload[name]) for name in ("day_from", "day_to"))
    duties.judge(session, fold.ground(session), payload["programme_id"], [payload["subject"]], first, last)


def nightly(rt: Runtime, session: Session, payload: dict[str, Any], _: object) -> None:
    """Ask for the last days of every posting: half-days nobody recorded become absent once their window is over, and a
    request that has waited too long moves on. And for every subject of every programme: deadlines pass by themselves."""
    today = clock.today()
    first = today - dt.timedelta(days=fold.FOLLOW_UP_DAYS)
    touched = {posting.id for posting in directory.postings_between(session, first, today)}
    for posting_id in sorted(touched | requests.postings_waiting(session)):
        outbox.put(session, DayTouched(f"{NIGHTLY}{payload['fire_at']}", posting_id, f"{first}", f"{today}"))
    for programme_id in sorted(directory.programme_ids(session)):
        for name in subjects.of_programme(session, programme_id, today - duties.AFTERMATH):
            asked = f"{NIGHTLY}{payload['fire_at']}"
            outbox.put(session, SubjectTouched(programme_id, name, f"{first}", f"{today}", asked))


def places_due(rt: Runtime, session: Session, payload: dict[str, Any], _: object) -> None:
    """Ask for every posting that holds coordinates whose time is over."""
    if found := retention.ask(session, rt.settings.location_days, payload["fire_at"]):
        logs.get("progress").info("places.due", postings=found)


def erase_places(rt: Runtime, session: Session, payload: dict[str, Any], _: object) -> None:
    """Erase those of one posting."""
    retention.erase_places(session, rt.keys, payload["posting_id"], dt.date.fromisoformat(payload["last"]), payload["basis"])


JOBS = (
    Job("progress.fold_day", "fold", fold_day), Job("progress.nightly", "maintenance", nightly),
    Job("progress.judge_subjects", "fold", judge_subjects), Job("progress.judge_subject", "maintenance", judge_subject),
    Job("progress.places_due", "maintenance", places_due), Job("progress.erase_places", "maintenance", erase_places),
)  # fmt: skip
SCHEDULES = (Schedule("progress.nightly", "20 2 * * *"), Schedule("progress.places_due", "50 2 * * *"))
