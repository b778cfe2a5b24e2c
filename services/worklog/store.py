"""SQL over worklog's own tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.worklog.models import Activity, Diary, DiaryPhoto, DiaryShape, HalfDay, PhotoLook


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


MOST_COMPARED = 500
"""Diaries of one hospital, newest first, that one is compared with."""


def diaries_like(session: Session, recipient_id: str, grams: tuple[int, int], since: dt.datetime) -> list[Diary]:
    """Diaries filed since then at a recipient whose number of 5-grams lies within the span, newest first."""
    query = sa.select(Diary).join(DiaryShape, DiaryShape.diary_id == Diary.id).where(
        DiaryShape.recipient_id == recipient_id, DiaryShape.grams.between(*grams), DiaryShape.filed_at >= since
    )
    return list(session.scalars(query.order_by(DiaryShape.filed_at.desc()).limit(MOST_COMPARED)))


def looks_like(session: Session, look: PhotoLook) -> list[PhotoLook]:
    """Photos that share a part of their difference hash with this one."""
    same = sa.or_(PhotoLook.low == look.low, PhotoLook.middle == look.middle, PhotoLook.high == look.high)
    return list(session.scalars(sa.select(PhotoLook).where(same)))


def diaries_with_photos(session: Session, photos: Iterable[str]) -> dict[str, list[Diary]]:
    """The diaries that name one of these photos, by programme, earliest first."""
    query = sa.select(DiaryPhoto.programme_id, Diary).join(Diary, Diary.id == DiaryPhoto.diary_id)
    found: dict[str, list[Diary]] = {}
    for programme_id, row in session.execute(query.where(DiaryPhoto.sha256.in_(list(photos))).order_by(Diary.id)):
        rows = found.setdefault(programme_id, [])
        rows.extend([] if row in rows else [row])
    return found
