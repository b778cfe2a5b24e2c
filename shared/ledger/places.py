"""Location payloads: coordinates that were committed to beside a fact, while they are kept (evidence.md §7, §12)."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.ledger.models import LedgerPayload


def places(session: Session, subject: str, date_from: dt.date, date_to: dt.date) -> dict[str, dict[str, Any]]:
    """Entry id → location as it came, of the subject's facts that touch a date of the span and still have one."""
    query = sa.select(LedgerPayload.entry_id, LedgerPayload.loc).where(
        LedgerPayload.subject == subject, LedgerPayload.day_from <= date_to, LedgerPayload.day_to >= date_from,
        LedgerPayload.loc.is_not(None),
    )  # fmt: skip
    return {row.entry_id: json.loads(row.loc) for row in session.execute(query) if row.loc is not None}
