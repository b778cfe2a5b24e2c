"""/api/checkin/corrections and /leaves: asked for, withdrawn, decided, ended; and many decisions at once."""

from __future__ import annotations

from typing import Any

from checkin.routes.events import api
from checkin.schemas import answers, requests
from checkin.usecases import asked, correction_decide, corrections, leave, leave_decide, leave_effect, leave_end
from checkin.usecases.decide_many import decide_many
from checkin.usecases.deciding import Ruling
from shared.http import problem
from shared.http.api import CursorArgs, page_schema
from shared.http.app import runtime
from shared.http.auth import OWN_COUNTY, OWN_ORG, OWN_PAIR, SELF, policy, principal
from shared.http.pages import cursor_page

REPEATED = "The same item again: the first receipt"
LEVELS = {"recipient_admin": OWN_ORG, "supporter_admin": OWN_PAIR, "county_officer": OWN_COUNTY}
REVIEWERS = {"recipient_admin": OWN_ORG, "county_officer": OWN_COUNTY}


@api.route("/api/checkin/corrections", methods=["POST"])
@policy("checkin.correction.file", allow={"doctor": SELF, "recipient_admin": OWN_ORG}, audit="write")
@api.arguments(requests.CorrectionItem)
@api.response(201, answers.CorrectionAnswer)
@api.alt_response(200, schema=answers.CorrectionAnswer, description=REPEATED)
def request_correction(item: dict[str, Any]) -> Any:
    """Ask for a correction of one date: one half-day or both."""
    created, row, receipt = corrections.request_correction(runtime(), principal(), item)
    return {"receipt": receipt, "correction": asked.shown(runtime(), row)}, 201 if created else 200


@api.route("/api/checkin/corrections")
@policy("checkin.correction.list", allow={"doctor": SELF})
@api.arguments(CursorArgs, location="query")
@api.response(200, page_schema(requests.Correction))
def own_corrections(args: dict[str, Any]) -> dict[str, Any]:
    """Own correction requests, newest first."""
    rows = asked.own_corrections(runtime(), principal(), args["after"], args["limit"])
    return cursor_page(rows, args["limit"], lambda row: (row["id"],))


@api.route("/api/checkin/corrections/allowance")
@policy("checkin.correction.allowance", allow={"doctor": SELF})
@api.arguments(requests.DateQuery, location="query")
@api.response(200, answers.Allowance)
def allowance(query: dict[str, Any]) -> dict[str, Any]:
    """Whether a date may still be corrected, until when, and how many requests of its month are left."""
    return asked.allowance(runtime(), principal(), query["date"])


@api.route("/api/checkin/corrections/<correction_id>/withdrawal", methods=["POST"])
@policy(
    "checkin.correction.withdraw",
    allow={"doctor": SELF, "recipient_admin": OWN_ORG},
    object=correction_decide.own,
    audit="write",
)
@api.response(200, requests.Correction)
def withdraw_correction(correction_id: str) -> dict[str, Any]:
    """Take an own request back before it is decided."""
    return asked.shown(runtime(), corrections.withdraw(runtime(), principal(), correction_id))


@api.route("/api/checkin/corrections/<correction_id>/decision", methods=["POST"])
@policy(
    "checkin.correction.decide", allow=REVIEWERS, object=correction_decide.decidable, audit="decision", limit="120/min"
)
@api.arguments(requests.Decision)
@api.response(200, requests.Correction)
def decide_correction(body: dict[str, Any], correction_id: str) -> dict[str, Any]:
    """Approve, reject or return a correction."""
    row = correction_decide.decide_correction(runtime(), principal(), correction_id, ruling(body))
    return asked.shown(runtime(), row)


@api.route("/api/checkin/leaves", methods=["POST"])
@policy("checkin.leave.file", allow={"doctor": SELF}, audit="write")
@api.arguments(requests.LeaveItem)
@api.response(201, answers.LeaveAnswer)
@api.alt_response(200, schema=answers.LeaveAnswer, description=REPEATED)
def request_leave(item: dict[str, Any]) -> Any:
    """Ask for leave; late filing is marked, not refused."""
    created, state = leave.file_leave(runtime(), principal(), item["body"], item)
    return {"receipt": state.receipt, "leave": asked.shown_leave(runtime(), state.id)}, 201 if created else 200


@api.route("/api/checkin/leaves")
@policy("checkin.leave.list", allow={"doctor": SELF})
@api.arguments(CursorArgs, location="query")
@api.response(200, page_schema(requests.Leave))
def own_leaves(args: dict[str, Any]) -> dict[str, Any]:
    """Own leave requests, newest first."""
    rows = asked.own_leaves(runtime(), principal(), args["after"], args["limit"])
    return cursor_page(rows, args["limit"], lambda row: (row["id"],))


@api.route("/api/checkin/leaves/effect")
@policy("checkin.leave.effect", allow={"doctor": SELF})
@api.arguments(requests.EffectQuery, location="query")
@api.response(200, answers.Effect)
def effect_of_leave(query: dict[str, Any]) -> dict[str, Any]:
    """What a leave would do, before it is sent."""
    return leave_effect.leave_effect(runtime(), principal(), query)


@api.route("/api/checkin/leaves/<leave_id>/decision", methods=["POST"])
@policy("checkin.leave.decide", allow=LEVELS, object=leave_decide.decidable, audit="decision", limit="120/min")
@api.arguments(requests.Decision)
@api.response(200, requests.Leave)
def decide_leave(body: dict[str, Any], leave_id: str) -> dict[str, Any]:
    """Approve, endorse, return or reject a leave."""
    leave_decide.rule_leave(runtime(), principal(), leave_id, ruling(body))
    return asked.shown_leave(runtime(), leave_id)


@api.route("/api/checkin/leaves/<leave_id>/cancel", methods=["POST"])
@policy("checkin.leave.cancel", allow={"doctor": SELF, **LEVELS}, object=leave_end.cancellable, audit="write")
@api.arguments(requests.Cancellation)
@api.response(200, requests.Leave)
def cancel_leave(body: dict[str, Any], leave_id: str) -> dict[str, Any]:
    """Cancel a leave as a whole, or from a half-day on."""
    leave_end.cancel_leave(runtime(), principal(), leave_id, body["from"], body["from_session"])
    return asked.shown_leave(runtime(), leave_id)


@api.route("/api/checkin/leaves/<leave_id>/return", methods=["POST"])
@policy("checkin.leave.return", allow={"doctor": SELF}, object=leave_end.own, audit="write")
@api.arguments(requests.ReturnItem)
@api.response(201, answers.LeaveAnswer)
@api.alt_response(200, schema=answers.LeaveAnswer, description=REPEATED)
def return_from_leave(item: dict[str, Any], leave_id: str) -> Any:
    """Back from leave (销假); the first attendance confirms it."""
    created, state = leave_end.return_from_leave(runtime(), principal(), item, leave_id)
    return {"receipt": state.receipt, "leave": asked.shown_leave(runtime(), leave_id)}, 201 if created else 200


@api.route("/api/checkin/decisions", methods=["POST"])
@policy("checkin.request.decide", allow=LEVELS, audit="decision", limit="60/min")
@api.arguments(requests.Many)
@api.response(200, answers.ManyResults)
def decide_several(body: dict[str, Any]) -> dict[str, Any]:
    """Up to twenty decisions, each its own transaction, each with its own result."""
    found = decide_many(runtime(), principal(), body["items"], body.get("shown_at"), body.get("tapped_at"))
    return {"results": [
        {"id": one["id"], "kind": one["kind"], **({"status": refused.status, "problem": problem.body(refused)} if refused
                                                 else {"status": 200, "state": state})}
        for one, (state, refused) in zip(body["items"], found, strict=True)
    ]}  # fmt: skip


def ruling(body: dict[str, Any]) -> Ruling:
    """The decision a body says."""
    return Ruling(
        body["decision"], body.get("note") or "", body.get("replaces"), body.get("shown_at"), body.get("tapped_at")
    )
