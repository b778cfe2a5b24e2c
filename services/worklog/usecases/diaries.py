"""The diary of a day: text in words, activities of the vocabulary, the photos it names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from services.worklog import store
from services.worklog.domain.entries import diary_mistakes, has_words
from services.worklog.models import Activity, Diary
from services.worklog.usecases import filing
from services.worklog.usecases.likeness import compare_diary
from shared import clock, ledger
from shared.problems import Problem
from shared.progress import store as progress_store
from shared.roles import Principal
from shared.service import Runtime


class TextEmpty(Problem):
    """The diary holds no word: blank, emoji or digits alone."""

    status, slug, title = 422, "text-empty", "请用文字写几句"


def submit_diary(rt: Runtime, who: Principal, item: dict[str, Any]) -> tuple[bool, dict[str, Any]]:
    """Hand in a diary; (True, {receipt, diary}) when new, (False, the first answer) for a repeat.

    Photos are named by the hash of the uploaded bytes and may arrive later (text first, then photos); only those that
    this person uploads are ever shown. A later diary of the same date stands for the earlier one. Raises TextEmpty,
    NotYourRecord, IdempotencyConflict, InvalidBody, DateInFuture, DateOutsidePosting, MonthLocked.
    """
    request = filing.open_filing(who, item["body"], diary_mistakes(item["body"]))
    if not has_words(request.body["text"]):
        raise TextEmpty("no letter in the text")
    with rt.db.transaction() as session:
        first = ledger.seen(session, request.client_event_id, request.body_hash)
        if first is None:
            progress_store.note_contact(session, request.person_id, item)
            first = _write(session, rt, request)
        row = session.get_one(Diary, first.entry_id)
        view = _view(row, store.activities_of(session, [row.id]).get(row.id, []))
        return not first.repeated, {"receipt": first.receipt, "diary": view}


def _write(session: Session, rt: Runtime, request: filing.Filing) -> ledger.Appended:
    body, posting = request.body, filing.posting_for(session, request)
    activities = [
        {"kind": item["kind"], "count": item.get("count", 1), "people": item.get("people"),
         "record_ref": list(item.get("record_ref") or ())}
        for item in body.get("activities") or ()
    ]  # fmt: skip
    photos = list(body.get("photo_sha256") or ())
    entry = filing.append(session, rt, request, posting, "diary.submitted", {
        "text": body["text"], "activities": activities, "photo_sha256": photos,
        "declaration": "no_patient_face" if body.get("declaration") else None,
    })  # fmt: skip
    if not entry.repeated:
        row = Diary(
            id=entry.entry_id, posting_id=posting.id, person_id=request.person_id, service_date=request.day,
            text=body["text"], photo_sha256=photos, filed_at=request.now,
        )  # fmt: skip
        session.add(row)
        session.add_all(
            Activity(diary_id=entry.entry_id, position=place, **item) for place, item in enumerate(activities)
        )
        session.flush()
        compare_diary(session, row, posting)
    return entry


def own_diaries(rt: Runtime, who: Principal, after: Sequence[Any] | None, limit: int) -> list[dict[str, Any]]:
    """Up to limit + 1 own diaries, newest first; `after` = (id,) of the last one of the page before."""
    with rt.db.read() as session:
        rows = store.diaries_of(session, who.person_id or "", limit + 1, after[0] if after else None)
        activities = store.activities_of(session, [row.id for row in rows])
        return [_view(row, activities.get(row.id, [])) for row in rows]


def _view(row: Diary, activities: list[Activity]) -> dict[str, Any]:
    return {
        "id": row.id, "service_date": row.service_date.isoformat(), "text": row.text,
        "activities": [
            {"kind": item.kind, "count": item.count, "people": item.people, "record_ref": list(item.record_ref)}
            for item in activities
        ],
        "photo_sha256": list(row.photo_sha256), "filed_at": clock.iso(row.filed_at),
    }  # fmt: skip
