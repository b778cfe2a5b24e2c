"""/api/worklog: half-days, diaries, photos. Everybody writes and reads only what is his own."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from services.worklog import schemas
from services.worklog.photos import MAX_UPLOAD_BYTES, PhotoTooLarge
from services.worklog.usecases import diaries, half_days, photos
from shared.http.api import Blueprint, CursorArgs, page_schema
from shared.http.app import runtime
from shared.http.auth import SELF, policy, principal
from shared.http.pages import cursor_page

api = Blueprint("worklog", "worklog", description="工作记录")

REPEATED = "The same item again: the first receipt"


@api.route("/api/worklog/half-days", methods=["POST"])
@policy("worklog.half_day.write", allow={"doctor": SELF}, audit="write")
@api.arguments(schemas.HalfDayItem)
@api.response(201, schemas.HalfDayAnswer)
@api.alt_response(200, schema=schemas.HalfDayAnswer, description=REPEATED)
def record_half_day(item: dict[str, Any]) -> Any:
    """Write down one half-day."""
    created, answer = half_days.record_half_day(runtime(), principal(), item)
    return answer, 201 if created else 200


@api.route("/api/worklog/half-days")
@policy("worklog.half_day.list", allow={"doctor": SELF})
@api.arguments(CursorArgs, location="query")
@api.response(200, page_schema(schemas.HalfDayView))
def list_half_days(args: dict[str, Any]) -> dict[str, Any]:
    """Own half-days, newest first."""
    rows = half_days.own_half_days(runtime(), principal(), args["after"], args["limit"])
    return cursor_page(rows, args["limit"], lambda row: (row["id"],))


@api.route("/api/worklog/diaries", methods=["POST"])
@policy("worklog.diary.write", allow={"doctor": SELF}, audit="write")
@api.arguments(schemas.DiaryItem)
@api.response(201, schemas.DiaryAnswer)
@api.alt_response(200, schema=schemas.DiaryAnswer, description=REPEATED)
def submit_diary(item: dict[str, Any]) -> Any:
    """Hand in a diary; its photos may arrive before or after it."""
    created, answer = diaries.submit_diary(runtime(), principal(), item)
    return answer, 201 if created else 200


@api.route("/api/worklog/diaries")
@policy("worklog.diary.list", allow={"doctor": SELF})
@api.arguments(CursorArgs, location="query")
@api.response(200, page_schema(schemas.DiaryView))
def list_diaries(args: dict[str, Any]) -> dict[str, Any]:
    """Own diaries, newest first."""
    rows = diaries.own_diaries(runtime(), principal(), args["after"], args["limit"])
    return cursor_page(rows, args["limit"], lambda row: (row["id"],))


@api.route("/api/worklog/photos/<sha256>", methods=["PUT"])
@policy("worklog.photo.write", allow={"doctor": SELF}, audit="write", values=("sha256",))
@api.response(201, schemas.Photo)
@api.alt_response(200, schema=schemas.Photo, description="The same photo again")
def store_photo(sha256: str) -> Any:
    """Upload one whole photo as the raw body; the address names the SHA-256 of its bytes."""
    if (request.content_length or 0) > MAX_UPLOAD_BYTES:
        raise PhotoTooLarge(f"{request.content_length} bytes; at most {MAX_UPLOAD_BYTES} are accepted")
    data = request.stream.read(MAX_UPLOAD_BYTES + 1)
    created, answer = photos.store_photo(runtime(), principal(), sha256, data)
    return answer, 201 if created else 200


@api.route("/api/worklog/photos/<sha256>")
@policy("worklog.photo.read", allow={"doctor": SELF}, object=photos.own_photo)
@api.response(200, content_type="image/jpeg")
def read_photo(sha256: str) -> Response:
    """An own photo as it is stored."""
    return Response(photos.read_photo(runtime(), principal(), sha256), mimetype=photos.MEDIA_TYPE)
