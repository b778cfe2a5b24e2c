"""SQL over worklog's own tables."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.worklog.models import Activity, Diary, HalfDay


def half_days_of(session: Session, person_id: str, limit: int, before: str | None) -> list[HalfDay]:
    """A person's logged half-days, newest entry first; `before` = the id after which a page goes on."""
    query = sa.select(HalfDay).where(HalfDay.person_id == person_id)
    if before is not None:
        query = query.where(HalfDay.id < before)
    return list(session.scalars(query.order_by(HalfDay.id.desc()).limit(limit)))


def diaries_of(session: Session, person_id: str, limit: int, before: str | None) -> list[Diary]:
    """A person's diaries, newest entry first; `before` = the id after which a page goes on."""
    query = sa.select(Diary).where(Diary.person_id == person_id)
    if before is not None:
        query = query.where(Diary.id < before)
    return list(session.scalars(query.order_by(Diary.id.desc()).limit(limit)))


def activities_of(session: Session, diary_ids: Iterable[str]) -> dict[str, list[Activity]]:
    """The activities of diaries, by diary id, in their order."""
    query = sa.select(Activity).where(Activity.diary_id.in_(list(diary_ids)))
    found: dict[str, list[Activity]] = {}
    for row in session.scalars(query.order_by(Activity.diary_id, Activity.position)):
        found.setdefault(row.diary_id, []).append(row)
    return found
