"""How loud a person wants each row (PH-17, SV-08): his own choice, never below the row's floor."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from notifier.domain.rows import AUDIENCES, LEVEL_WORDS, ROWS, Row, chosen
from notifier.models import Preference
from shared import clock
from shared.problems import NotFound, Problem
from shared.roles import Principal
from shared.service import Runtime


class LevelNotAllowed(Problem):
    """The level lies below the floor of the row."""

    status, slug, title = 422, "level-not-allowed", "这一项最低可选「{lowest}」"


def listed(rt: Runtime, who: Principal) -> list[dict[str, Any]]:
    """The rows the reader may receive, each with his level and those he may choose."""
    if who.person_id is None:
        return []
    with rt.db.read() as session:
        query = sa.select(Preference.type, Preference.level).where(Preference.person_id == who.person_id)
        mine = {row.type: row.level for row in session.execute(query)}
    return [shown(row, mine.get(row.id)) for row in _rows(who)]


def own_row(session: Session, who: Principal, kind: str) -> Row:
    """A row the reader may receive. Raises NotFound for any other."""
    found = next((row for row in _rows(who) if row.id == kind), None)
    if found is None or who.person_id is None:
        raise NotFound(f"no row {kind} for this reader")
    return found


def choose(rt: Runtime, who: Principal, kind: str, level: str) -> dict[str, Any]:
    """Keep the reader's choice for one row. Raises NotFound, LevelNotAllowed."""
    with rt.db.transaction() as session:
        row = own_row(session, who, kind)
        if level not in row.allowed():
            raise LevelNotAllowed(f"{level} is below {row.floor}", lowest=LEVEL_WORDS[row.floor])
        session.merge(Preference(person_id=who.person_id or "", type=row.id, level=level, changed_at=clock.now()))
    return shown(row, level)


def shown(row: Row, choice: str | None) -> dict[str, Any]:
    """One row as its settings page shows it."""
    return {
        "type": row.id, "label": row.label, "level": chosen(row, choice), "usual": row.usual,
        "levels": [{"level": level, "label": LEVEL_WORDS[level]} for level in row.allowed()],
    }  # fmt: skip


def _rows(who: Principal) -> list[Row]:
    held = {kind for role in who.roles for kind in AUDIENCES.get(role, ())}
    return [row for row in ROWS.values() if row.id in held]
