"""`/api/progress`: the physician's day, weeks and months, and the obligation states of a posting."""

from __future__ import annotations

from typing import Any

from services.progress import schemas
from services.progress.usecases import read, requests
from shared.http.api import Blueprint
from shared.http.app import runtime
from shared.http.auth import OWN_AREA, OWN_COUNTY, OWN_ORG, OWN_PAIR, OWN_TEAM, SELF, policy, principal

blp = Blueprint("progress", __name__, url_prefix="/api/progress", description="Obligations and how far they are met")

READERS = {
    "doctor": SELF, "team_leader": OWN_TEAM, "recipient_admin": OWN_ORG, "supporter_admin": OWN_PAIR,
    "county_officer": OWN_COUNTY, "city_officer": OWN_AREA,
}  # fmt: skip
OFFICES = {"quality_office": OWN_PAIR, "hr_officer": OWN_PAIR, "province_officer": OWN_AREA}


@blp.route("/today")
@policy("progress.today.read", allow={"doctor": SELF})
@blp.response(200, schemas.TodaySchema)
def today() -> dict[str, Any]:
    """The reader's own day."""
    return read.today(runtime(), principal())


@blp.route("/weeks/<name>")
@policy("progress.week.read", allow=READERS, values=("name",))
@blp.arguments(schemas.ProgressQuery, location="query")
@blp.response(200, schemas.PeriodSchema)
def week(query: dict[str, Any], name: str) -> dict[str, Any]:
    """A posting's ISO week, such as 2026-W47."""
    return read.week(runtime(), principal(), name, query.get("posting"))


@blp.route("/months/<name>")
@policy("progress.month.read", allow=READERS, values=("name",))
@blp.arguments(schemas.ProgressQuery, location="query")
@blp.response(200, schemas.PeriodSchema)
def month(query: dict[str, Any], name: str) -> dict[str, Any]:
    """A posting's calendar month, such as 2026-11."""
    return read.month(runtime(), principal(), name, query.get("posting"))


@blp.route("/obligations")
@policy("progress.obligations.read", allow=READERS | OFFICES)
@blp.arguments(schemas.ObligationsQuery, location="query")
@blp.response(200, schemas.ObligationsSchema)
def obligations(query: dict[str, Any]) -> dict[str, Any]:
    """The obligation states of a posting and its team, or of another subject of rules."""
    return {"items": read.obligations(runtime(), principal(), query["subject"], query.get("period"))}


@blp.route("/requests")
@policy("progress.requests.read", allow={
    "doctor": SELF, "recipient_admin": OWN_ORG, "supporter_admin": OWN_PAIR, "county_officer": OWN_COUNTY,
    "city_officer": OWN_AREA, "province_officer": OWN_AREA,
})  # fmt: skip
@blp.arguments(schemas.RequestsQuery, location="query")
@blp.response(200, schemas.RequestsSchema)
def waiting(query: dict[str, Any]) -> dict[str, Any]:
    """What waits for the reader's decision, oldest first."""
    total, items = requests.waiting(runtime(), principal(), query["offset"], query["limit"])
    return {"total": total, "items": items}
