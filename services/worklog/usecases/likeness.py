"""Diaries and photos that say or show what others did before: `diary_similar` and `photo_reused` mark, they refuse nothing.

Both are told at the writing: a diary is compared when it is handed in, a photo when it arrives. What was told is kept
(`raised_flag`), and the fold reads it. A diary handed in again for its date is compared with other dates only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.worklog import store
from services.worklog.domain import likeness
from services.worklog.models import Diary, DiaryPhoto, DiaryShape, PhotoLook
from shared import outbox
from shared.directory.models import Posting
from shared.events import DayTouched
from shared.ids import new_id
from shared.progress.store import raise_flag

LOOK_BACK = dt.timedelta(days=60)


def compare_diary(session: Session, row: Diary, posting: Posting) -> None:
    """Mark a new diary that repeats one of the last 60 days at its recipient, and those whose photos were used before."""
    grams = likeness.grams(row.text)
    if grams:
        fewest, most = likeness.comparable(len(grams))
        others = store.diaries_like(session, posting.recipient_id, (fewest, most), row.filed_at - LOOK_BACK)
        found = (other for other in others if _elsewhere(row, other) and likeness.similar(grams, likeness.grams(other.text)))
        if repeated := next(found, None):
            _mark(session, row, "diary_similar", repeated.id)
        session.add(DiaryShape(diary_id=row.id, recipient_id=posting.recipient_id, grams=len(grams), filed_at=row.filed_at))
    photos = list(dict.fromkeys(row.photo_sha256))
    session.add_all(DiaryPhoto(diary_id=row.id, sha256=one, programme_id=posting.programme_id) for one in photos)
    session.flush()
    for one in photos:
        _compare_photo(session, one)


def photo_arrived(session: Session, sha256: str, look: likeness.Look) -> None:
    """Keep how an uploaded photo looks, and compare the diaries that name it: the text may have come first."""
    if session.get(PhotoLook, sha256) is None:
        try:
            with session.begin_nested():
                session.add(PhotoLook(sha256=sha256, look=look.bits, low=look.low, middle=look.middle, high=look.high))
        except IntegrityError:  # another physician's request stored the same bytes meanwhile
            pass
    for diary in _compare_photo(session, sha256):
        day = diary.service_date.isoformat()
        outbox.put(session, DayTouched(new_id(), diary.posting_id, day, day))


def _compare_photo(session: Session, sha256: str) -> list[Diary]:
    """Mark every diary of a programme that names this photo, or one that looks the same, after another did; gives those
    that were not marked before."""
    marked = []
    for rows in store.diaries_with_photos(session, _same(session, sha256)).values():
        for number, row in enumerate(rows):
            earlier = next((other for other in rows[:number] if _elsewhere(row, other)), None)
            if earlier and _mark(session, row, "photo_reused", earlier.id):
                marked.append(row)
    return marked


def _same(session: Session, sha256: str) -> set[str]:
    """Hashes of the uploads that show the same picture, itself included."""
    own = session.get(PhotoLook, sha256)
    near: Iterable[PhotoLook] = store.looks_like(session, own) if own else ()
    return {sha256, *(other.sha256 for other in near if own and likeness.near(own.look, other.look))}


def _elsewhere(row: Diary, other: Diary) -> bool:
    """Whether the other is no earlier version of the same day's diary."""
    return (row.person_id, row.service_date) != (other.person_id, other.service_date)


def _mark(session: Session, row: Diary, code: str, cause: str) -> bool:
    return raise_flag(
        session, row.id, code, posting_id=row.posting_id, service_date=row.service_date, cause=cause, at=row.filed_at
    )
