"""Reading one's own inbox."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from notifier.domain.wording import DONE
from notifier.models import InboxItem
from notifier.store import inbox
from shared import clock
from shared.problems import NotFound
from shared.roles import Principal
from shared.service import Runtime


def page(rt: Runtime, who: Principal, after: tuple[str, str] | None, limit: int) -> list[dict[str, Any]]:
    """The reader's newest messages, at most limit + 1, after the one whose (created_at, id) is given."""
    if who.person_id is None:
        return []
    key = (clock.parse_iso(after[0]), after[1]) if after else None
    with rt.db.read() as session:
        return [_shown(row) for row in inbox.page(session, who.person_id, key, limit)]


def own_item(session: Session, who: Principal, item_id: str) -> InboxItem:
    """The reader's own message. Raises NotFound for any other."""
    found = inbox.item(session, who.person_id, item_id) if who.person_id else None
    if found is None:
        raise NotFound(f"no message {item_id} of this reader")
    return found


def mark_read(rt: Runtime, who: Principal, item_id: str) -> dict[str, Any]:
    """Mark an own message as read; the first time stands. Raises NotFound."""
    with rt.db.transaction() as session:
        found = own_item(session, who, item_id)
        found.read_at = found.read_at or clock.now()
        return _shown(found)


def _shown(row: InboxItem) -> dict[str, Any]:
    return {
        "id": row.id, "title": row.title, "text": row.text, "why": row.why, "url": row.url,
        "created_at": clock.iso(row.created_at), "read_at": _iso(row.read_at), "done_at": _iso(row.done_at),
        "state": DONE if row.done_at else None,
    }  # fmt: skip


def _iso(instant: dt.datetime | None) -> str | None:
    return clock.iso(instant) if instant else None
