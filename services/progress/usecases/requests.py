"""待办 of whoever asks."""

from __future__ import annotations

from typing import Any

from shared.progress import todo
from shared.roles import Principal
from shared.service import Runtime


def waiting(rt: Runtime, who: Principal, offset: int, limit: int) -> tuple[int, list[dict[str, Any]]]:
    """(how many wait, the `limit` of them after `offset`), oldest first; own requests are never among them."""
    with rt.db.read() as session:
        rows = todo.waiting(session, who)
        return len(rows), todo.described(session, rows[offset : offset + limit])
