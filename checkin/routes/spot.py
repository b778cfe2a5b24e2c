"""/api/checkin/spot, /countersigns and /objections."""

from __future__ import annotations

from typing import Any

from checkin.routes.events import api
from checkin.routes.forms import install_id
from checkin.schemas import spot as schemas
from checkin.usecases import countersigns, objections
from checkin.usecases.arrival import Sender
from checkin.usecases.deciding import receipt_of
from checkin.usecases.spot import answer as answers
from checkin.usecases.spot import deciding, reading, telling
from shared.http.api import CursorArgs, page_schema
from shared.http.app import runtime
from shared.http.audit import address
from shared.http.auth import OWN_AREA, OWN_CLINIC, OWN_COUNTY, OWN_ORG, OWN_PAIR, SELF, policy, principal
from shared.http.pages import cursor_page

SUPERVISORS = {"recipient_admin": OWN_ORG, "supporter_admin": OWN_PAIR, "county_officer": OWN_COUNTY}
DECIDERS = {"recipient_admin": OWN_ORG, "county_officer": OWN_COUNTY}
SIGNERS = {**SUPERVISORS, "witness": OWN_CLINIC, "quality_office": OWN_PAIR, "city_officer": OWN_AREA}


@api.route("/api/checkin/spot")
@policy("checkin.spot.list", allow={"doctor": SELF, **SUPERVISORS})
@api.arguments(CursorArgs, location="query")
@api.response(200, page_schema(schemas.SpotView))
def listing(args: dict[str, Any]) -> dict[str, Any]:
    """Own checks of a physician, or those of the postings one supervises, newest first."""
    who, after = principal(), args["after"][0] if args["after"] else None
    own = who.has("doctor") and not who.has(*SUPERVISORS)
    rows = reading.listing(runtime(), who, after, args["limit"], own=own)
    return cursor_page(rows, args["limit"], lambda row: (row["id"],))


@api.route("/api/checkin/spot", methods=["POST"])
@policy("checkin.spot.issue", allow=SUPERVISORS, audit="decision", limit="30/h")
@api.arguments(schemas.OwnSpot)
@api.response(201, schemas.SpotView)
def issue(body: dict[str, Any]) -> dict[str, Any]:
    """A check of one's own now, inside a duty session: of a named posting, or of one drawn by a recorded seed."""
    return deciding.own_check(runtime(), principal(), body.get("posting_id"))


@api.route("/api/checkin/spot/<check_id>")
@policy("checkin.spot.read", allow={"doctor": SELF, **SUPERVISORS}, object=telling.visible)
@api.response(200, schemas.SpotView)
def read(check_id: str) -> dict[str, Any]:
    """One check."""
    return reading.one(runtime(), principal(), check_id)


@api.route("/api/checkin/spot/<check_id>/answer", methods=["POST"])
@policy("checkin.spot.answer", allow={"doctor": SELF}, object=telling.own, audit="write")
@api.arguments(schemas.SpotItem)
@api.response(201, schemas.SpotAnswered)
@api.alt_response(200, schema=schemas.SpotAnswered, description="The same item again: the first receipt")
def answer(item: dict[str, Any], check_id: str) -> Any:
    """Answer a check. Late is recorded and decided by a person, never refused."""
    created, done = answers.answer(runtime(), principal(), check_id, item, Sender(install_id(), address()))
    return done, 201 if created else 200


@api.route("/api/checkin/spot/<check_id>/busy", methods=["POST"])
@policy("checkin.spot.busy", allow={"doctor": SELF}, object=telling.own, audit="write")
@api.arguments(schemas.BusyItem)
@api.response(201, schemas.SpotAnswered)
@api.alt_response(200, schema=schemas.SpotAnswered, description="The same item again: the first receipt")
def busy(item: dict[str, Any], check_id: str) -> Any:
    """Say 「正在接诊/抢救」; no penalty, no patient detail."""
    created, done = answers.busy(runtime(), principal(), check_id, item["body"])
    return done, 201 if created else 200


@api.route("/api/checkin/spot/<check_id>/decision", methods=["POST"])
@policy("checkin.spot.decide", allow=DECIDERS, object=telling.visible, audit="decision")
@api.arguments(schemas.SpotDecision)
@api.response(200, schemas.SpotView)
def decide(body: dict[str, Any], check_id: str) -> dict[str, Any]:
    """Decide what a check found: present, excused, not_found."""
    return deciding.decide(runtime(), principal(), check_id, body)


@api.route("/api/checkin/countersigns")
@policy("checkin.countersign.list", allow=SIGNERS)
@api.response(200, schemas.WaitingList)
def waiting() -> dict[str, Any]:
    """Up to 20 records that wait for a signature, first those that lack it to count."""
    return {"items": countersigns.waiting(runtime(), principal())}


@api.route("/api/checkin/countersigns", methods=["POST"])
@policy("checkin.countersign", allow=SIGNERS, audit="decision")
@api.arguments(schemas.Signing)
@api.response(200, schemas.Signed)
def sign(body: dict[str, Any]) -> dict[str, Any]:
    """Confirm, decline or withdraw about at most 20 named records."""
    return {"items": countersigns.sign(runtime(), principal(), body, install_id())}


@api.route("/api/checkin/objections")
@policy("checkin.objection.list", allow={"doctor": SELF, **SUPERVISORS, "city_officer": OWN_AREA})
@api.arguments(CursorArgs, location="query")
@api.response(200, page_schema(schemas.ObjectionView))
def objected(args: dict[str, Any]) -> dict[str, Any]:
    """Objections about own postings and those one supervises, newest first."""
    after = args["after"][0] if args["after"] else None
    rows = objections.listing(runtime(), principal(), after, args["limit"])
    return cursor_page(rows, args["limit"], lambda row: (row["id"],))


@api.route("/api/checkin/objections", methods=["POST"])
@policy("checkin.objection.file", allow={"doctor": SELF, **SUPERVISORS}, audit="write")
@api.arguments(schemas.ObjectionItem)
@api.response(201, schemas.ObjectionAnswer)
@api.alt_response(200, schema=schemas.ObjectionAnswer, description="The same item again: the first receipt")
def object_to(item: dict[str, Any]) -> Any:
    """File an objection, at most 15 days after the record or report."""
    created, view = objections.file(runtime(), principal(), item["body"])
    return {"receipt": receipt_of(runtime(), item["body"]), "objection": view}, 201 if created else 200


@api.route("/api/checkin/objections/<objection_id>/decision", methods=["POST"])
@policy("checkin.objection.decide", allow={"county_officer": OWN_COUNTY, "city_officer": OWN_AREA}, object=objections.visible,
        audit="decision")  # fmt: skip
@api.arguments(schemas.Verdict)
@api.response(200, schemas.ObjectionView)
def judge(body: dict[str, Any], objection_id: str) -> dict[str, Any]:
    """Decide an objection; the city where the county is a party."""
    return objections.decide(runtime(), principal(), objection_id, body)
