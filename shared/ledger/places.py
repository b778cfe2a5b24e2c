"""Location payloads: coordinates that were committed to beside a fact, while they are kept (evidence.md §7, §12)."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.ledger.entry import jcs
from shared.ledger.models import LedgerPayload

_DOMAIN = b"zhudian/v1/loc\n"


def opened_by(salt: bytes, location: dict[str, Any]) -> str:
    """What a body commits to with its member `loc`: SHA-256(domain ‖ salt ‖ JCS(location without salt)), in hex (§4)."""
    rest = jcs({name: value for name, value in location.items() if name != "salt"})
    return hashlib.sha256(_DOMAIN + salt + rest).hexdigest()


def places(session: Session, subjects: Iterable[str], date_from: dt.date, date_to: dt.date) -> dict[str, dict[str, Any]]:
    """Entry id → location as it came, of these subjects' facts that touch a date of the span and still have one."""
    query = sa.select(LedgerPayload.entry_id, LedgerPayload.loc).where(
        LedgerPayload.subject.in_(list(subjects)), LedgerPayload.day_from <= date_to, LedgerPayload.day_to >= date_from,
        LedgerPayload.loc.is_not(None),
    )  # fmt: skip
    return {row.entry_id: json.loads(row.loc) for row in session.execute(query) if row.loc is not None}
