"""/api/checkin/events and /api/checkin/contact."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Response, request

from checkin import schemas
from checkin.routes.forms import install_id
from checkin.usecases import contact as contacts
from checkin.usecases import history
from checkin.usecases.batch import record_batch
from checkin.usecases.record import ahead, record_event
from shared.access.lookup import Along
from shared.encoder import compact
from shared.http import problem
from shared.http.api import Blueprint, CursorArgs, page_schema
from shared.http.app import runtime
from shared.http.audit import address
from shared.http.auth import OWN_COUNTY, OWN_ORG, OWN_PAIR, SELF, along, policy, principal
from shared.http.checked import body, checked
from shared.http.pages import cursor_page
from shared.problems import InvalidBody, Problem

api = Blueprint("checkin", "checkin", description="签到")


def _look() -> Along | None:
    """What a tap is judged by, read with who sends it."""
    item = body(schemas.Item)
    return ahead(runtime(), item, install_id()) if item else None


@api.route("/api/checkin/events", methods=["POST"])
@policy("checkin.event.record", allow={"doctor": SELF}, audit="write", along=_look)
@checked(api, schemas.Item)
@api.response(201, schemas.Answer)
@api.alt_response(200, schema=schemas.Answer, description="The same item again: the first receipt")
def record(item: dict[str, Any]) -> Any:
    """Record one tap. A repeat answers 200 with the first receipt, byte for byte."""
    rt, who = runtime(), principal()
    created, done = record_event(rt, who, item, install=install_id(), address=address(), seen=along())
    text = compact(history.answer(rt, who, done))  # a hot route: written as it is, not through the schema
    return Response(text, 201 if created else 200, mimetype="application/json")


@api.route("/api/checkin/events/batch", methods=["POST"])
@policy("checkin.event.batch", allow={"doctor": SELF}, audit="write")
@api.arguments(schemas.Batch)
@api.response(200, schemas.Results)
def record_many(batch: dict[str, Any]) -> dict[str, Any]:
    """Record up to 50 taps, each by itself, in the order of device_seq; answered in the order given."""
    if (request.content_length or 0) > schemas.MAX_BATCH_BYTES:
        raise InvalidBody("items", f"more than {schemas.MAX_BATCH_BYTES} bytes")
    items = [_checked(item) for item in batch["items"]]
    answers = record_batch(runtime(), principal(), items, install=install_id(), address=address())
    return {"results": [_result(item, answer) for item, answer in zip(batch["items"], answers, strict=True)]}


@api.route("/api/checkin/events")
@policy("checkin.event.list", allow={"doctor": SELF})
@api.arguments(CursorArgs, location="query")
@api.response(200, page_schema(schemas.Attendance))
def own(args: dict[str, Any]) -> dict[str, Any]:
    """Own taps, newest first."""
    rows = history.own_events(runtime(), principal(), args["after"], args["limit"])
    return cursor_page(rows, args["limit"], lambda row: (row["id"],))


@api.route("/api/checkin/events/<event_id>")
@policy(
    "checkin.event.read", object=history.visible_event, fields="checkin.event",
    allow={"doctor": SELF, "recipient_admin": OWN_ORG, "supporter_admin": OWN_PAIR, "county_officer": OWN_COUNTY},
)  # fmt: skip
@api.response(200, schemas.Attendance)
def read(event_id: str) -> dict[str, Any]:
    """One tap as judged."""
    return history.read_event(runtime(), principal(), event_id)


@api.route("/api/checkin/contact", methods=["POST"])
@policy("checkin.contact", allow={"doctor": SELF}, audit="write")
@api.arguments(schemas.Contact)
@api.response(200, schemas.ContactAnswer)
def contact(said: dict[str, Any]) -> dict[str, Any]:
    """What a phone still holds unsent; what the server last knows of it."""
    return contacts.contact(runtime(), principal(), said)


def _checked(item: dict[str, Any]) -> dict[str, Any] | Problem:
    try:
        checked: dict[str, Any] = schemas.Item().load(item)
    except ma.ValidationError as error:
        return InvalidBody("items", "the item does not match the schema", errors=error.messages)
    return checked


def _result(item: dict[str, Any], answer: tuple[int, dict[str, Any]] | Problem) -> dict[str, Any]:
    body = item.get("body")
    key = body.get("client_event_id") if isinstance(body, dict) else None
    named = {"client_event_id": key if isinstance(key, str) else None}
    if isinstance(answer, Problem):
        return {**named, "status": answer.status, "problem": problem.body(answer)}
    return {**named, "status": answer[0], "receipt": answer[1]}
