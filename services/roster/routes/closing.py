"""`/api/roster/substitutions` and `/api/roster/postings/<id>/close`."""

from __future__ import annotations

from typing import Any

from services.roster import schemas
from services.roster.routes.directory import blp
from services.roster.usecases import closing
from shared.http.app import runtime
from shared.http.auth import OWN_ORG, OWN_PAIR, policy, principal

OFFICES = {"recipient_admin": OWN_ORG, "supporter_admin": OWN_PAIR}
REPEATED = "The same again: the first entry"


@blp.route("/substitutions", methods=["POST"])
@policy("roster.substitution.write", allow=OFFICES, audit="write")
@blp.arguments(schemas.Substitution)
@blp.response(201, schemas.EnteredSchema)
@blp.alt_response(200, schema=schemas.EnteredSchema, description=REPEATED)
def substitute(body: dict[str, Any]) -> Any:
    """Record who stands in for a physician on half-days."""
    created, answer = closing.record_substitution(runtime(), principal(), body)
    return answer, 201 if created else 200


@blp.route("/postings/<posting_id>/close", methods=["POST"])
@policy("roster.posting.close", allow=OFFICES, object=closing.in_scope, audit="write")
@blp.arguments(schemas.Closing)
@blp.response(201, schemas.EnteredSchema)
@blp.alt_response(200, schema=schemas.EnteredSchema, description=REPEATED)
def close(body: dict[str, Any], posting_id: str) -> Any:
    """Close a posting with its last day and reason."""
    created, answer = closing.close_posting(runtime(), principal(), body, posting_id)
    return answer, 201 if created else 200
