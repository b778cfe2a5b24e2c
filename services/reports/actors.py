"""The queue's door: make a draft when asked, and ask for everybody's each night."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from services.reports.usecases import monthly
from shared.service import Job, Runtime, Schedule


def prepare_draft(rt: Runtime, payload: dict[str, Any]) -> monthly.Draft:
    """Read and compute outside the transaction: it may take a second."""
    return monthly.make_draft(rt, payload["programme_id"], payload["recipient_id"], payload["month"])


def draft_month(rt: Runtime, session: Session, payload: dict[str, Any], prepared: monthly.Draft) -> None:
    """Store the draft in place of the one before."""
    monthly.store_draft(session, prepared)


def nightly(rt: Runtime, session: Session, payload: dict[str, Any], _: object) -> None:
    """Ask for the drafts of the open months."""
    monthly.ask_nightly(session, payload["fire_at"])


JOBS = (
    Job("reports.draft_month", "reports", draft_month, prepare_draft),
    Job("reports.nightly", "maintenance", nightly),
)
SCHEDULES = (Schedule("reports.nightly", "10 6 * * *"),)
