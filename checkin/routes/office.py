"""/api/checkin: ordered work, flags, arrivals, notes, handovers, and the direction of a tap."""

from __future__ import annotations

from typing import Any

from checkin.routes.events import api
from checkin.routes.requests import LEVELS, REVIEWERS, ruling
from checkin.schemas import answers, requests
from checkin.schemas import day as days
from checkin.schemas import office as schemas
from checkin.usecases import asked, day, flags, flip, handover, office, ordered
from shared.http.app import runtime
from shared.http.auth import OWN_COUNTY, OWN_ORG, OWN_PAIR, SELF, policy, principal

REPEATED = "The same again: the first entry"
HANDOVER = {"doctor": SELF, "recipient_admin": OWN_ORG}


@api.route("/api/checkin/ordered", methods=["POST"])
@policy("checkin.ordered.file", allow=LEVELS, audit="write")
@api.arguments(schemas.OrderBody)
@api.response(201, schemas.Order)
@api.alt_response(200, schema=schemas.Order, description=REPEATED)
def file_order(body: dict[str, Any]) -> Any:
    """File ordered work of a posting."""
    created, row = ordered.file_order(runtime(), principal(), body)
    return asked.shown(runtime(), row), 201 if created else 200


@api.route("/api/checkin/ordered")
@policy("checkin.ordered.list", allow={"doctor": SELF, **LEVELS})
@api.arguments(schemas.PostingQuery, location="query")
@api.response(200, schemas.Orders)
def list_orders(query: dict[str, Any]) -> dict[str, Any]:
    """Ordered work of a posting."""
    rows = ordered.orders_of(runtime(), principal(), query["posting"])
    return {"items": [asked.shown(runtime(), row) for row in rows]}


@api.route("/api/checkin/ordered/<ordered_id>/decision", methods=["POST"])
@policy("checkin.ordered.decide", allow=REVIEWERS, object=ordered.decidable, audit="decision", limit="120/min")
@api.arguments(requests.Decision)
@api.response(200, schemas.Order)
def decide_order(body: dict[str, Any], ordered_id: str) -> dict[str, Any]:
    """Accept or reject ordered work."""
    return asked.shown(runtime(), ordered.decide_order(runtime(), principal(), ordered_id, ruling(body)))


@api.route("/api/checkin/ordered/<ordered_id>/revocation", methods=["POST"])
@policy("checkin.ordered.revoke", allow={"county_officer": OWN_COUNTY}, object=ordered.revocable, audit="decision")
@api.arguments(schemas.Revocation)
@api.response(200, schemas.Order)
def revoke_order(body: dict[str, Any], ordered_id: str) -> dict[str, Any]:
    """Take ordered work back."""
    return asked.shown(runtime(), ordered.revoke_order(runtime(), principal(), ordered_id, body["reason_code"]))


@api.route("/api/checkin/events/<event_id>/direction", methods=["POST"])
@policy("checkin.event.flip", allow={"doctor": SELF}, object=flip.own_event, audit="write")
@api.arguments(schemas.Flip)
@api.response(201, answers.Flipped)
@api.alt_response(200, schema=answers.Flipped, description=REPEATED)
def flip_direction(body: dict[str, Any], event_id: str) -> Any:
    """Turn an own tap the other way within ten minutes."""
    created, row = flip.flip(runtime(), principal(), event_id, body)
    return {"id": row.id, "direction": row.direction, "direction_source": row.direction_source}, 201 if created else 200


@api.route("/api/checkin/flags/<event_id>/decision", methods=["POST"])
@policy("checkin.flag.decide", allow=REVIEWERS, object=flags.flagged, audit="decision")
@api.arguments(schemas.FlagDecision)
@api.response(200, answers.FlagDecided)
def decide_flag(body: dict[str, Any], event_id: str) -> dict[str, Any]:
    """Uphold or dismiss a flag of a tap; a red one is the county's."""
    return flags.decide_flag(runtime(), principal(), event_id, body["flag"], ruling(body))


@api.route("/api/checkin/arrivals", methods=["POST"])
@policy("checkin.arrival.confirm", allow=REVIEWERS, audit="write")
@api.arguments(schemas.Arrival)
@api.response(201, answers.Entered)
@api.alt_response(200, schema=answers.Entered, description=REPEATED)
def confirm_arrival(body: dict[str, Any]) -> Any:
    """Confirm that the physician arrived in person."""
    created, answer = office.confirm_arrival(runtime(), principal(), body)
    return answer, 201 if created else 200


@api.route("/api/checkin/notes", methods=["POST"])
@policy("checkin.day.note", allow={"recipient_admin": OWN_ORG, "supporter_admin": OWN_PAIR}, audit="write")
@api.arguments(schemas.Note)
@api.response(201, answers.Entered)
@api.alt_response(200, schema=answers.Entered, description=REPEATED)
def note_day(body: dict[str, Any]) -> Any:
    """Write a note on half-days of a posting; it changes no figure."""
    created, answer = office.note_day(runtime(), principal(), body)
    return answer, 201 if created else 200


@api.route("/api/checkin/days/<date>")
@policy("checkin.day.read", allow={"doctor": SELF}, values=("date",))
@api.response(200, days.OwnDay)
def own_day(date: str) -> dict[str, Any]:
    """An own date: what was asked, decided, checked, noted and handed over."""
    return day.own_day(runtime(), principal(), date)


@api.route("/api/checkin/handovers", methods=["POST"])
@policy("checkin.handover.open", allow={"doctor": SELF}, audit="write")
@api.arguments(schemas.HandoverItem)
@api.response(201, answers.HandoverAnswer)
@api.alt_response(200, schema=answers.HandoverAnswer, description=REPEATED)
def open_handover(item: dict[str, Any]) -> Any:
    """The outgoing physician hands the seat over and signs first."""
    created, row = handover.open_handover(runtime(), principal(), item["body"])
    return handover.answer(runtime(), principal(), row, item["body"]), 201 if created else 200


@api.route("/api/checkin/handovers")
@policy("checkin.handover.list", allow=HANDOVER)
@api.response(200, answers.Handovers)
def list_handovers() -> dict[str, Any]:
    """Handovers of the reader: as one of the two physicians, or of the own hospital."""
    return {"items": handover.listing(runtime(), principal())}


@api.route("/api/checkin/handovers/successors")
@policy("checkin.handover.successors", allow={"doctor": SELF})
@api.response(200, answers.Successors)
def list_successors() -> dict[str, Any]:
    """Postings that may take an own one over."""
    return {"items": handover.successors(runtime(), principal())}


@api.route("/api/checkin/handovers/<handover_id>/signature", methods=["POST"])
@policy("checkin.handover.sign", allow=HANDOVER, object=handover.signable, audit="write")
@api.arguments(schemas.SignatureItem)
@api.response(201, answers.HandoverAnswer)
@api.alt_response(200, schema=answers.HandoverAnswer, description=REPEATED)
def sign_handover(item: dict[str, Any], handover_id: str) -> Any:
    """Sign next: the incoming physician, then the recipient."""
    created, row = handover.sign_handover(runtime(), principal(), handover_id, item["body"])
    return handover.answer(runtime(), principal(), row, item["body"]), 201 if created else 200

