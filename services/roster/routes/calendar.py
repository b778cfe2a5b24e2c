"""`/api/roster/calendar`: the calendar in use and its override table."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from services.roster import schemas
from services.roster.domain.overrides import MAX_BYTES
from services.roster.routes.programmes import ADMINISTRATORS, READERS
from services.roster.usecases import calendar
from shared import clock
from shared.http.api import Blueprint
from shared.http.app import runtime
from shared.http.auth import policy

blp = Blueprint("calendar", __name__, url_prefix="/api/roster/calendar", description="Workdays and rest days")


@blp.route("")
@policy("roster.calendar.read", allow=READERS)
@blp.arguments(schemas.CalendarQuery, location="query")
@blp.response(200, schemas.CalendarYearSchema)
def read(query: dict[str, Any]) -> dict[str, Any]:
    """A year as everything is counted by it, with the overrides in it."""
    return calendar.show(runtime(), query["year"] or clock.today().year).to_dict()


@blp.route("", methods=["POST"])
@policy("roster.calendar.load", allow=ADMINISTRATORS, audit="decision", limit="30/min")
@blp.arguments(schemas.CalendarFile, location="files")
@blp.response(201, schemas.CalendarLoadedSchema, description="stored")
@blp.alt_response(200, schema=schemas.CalendarLoadedSchema, description="nothing new in it")
def load(files: dict[str, Any]) -> tuple[Response, int]:
    """Add days and complete years (JSON or CSV): all of them, or nothing and every mistake (calendar-invalid)."""
    done = calendar.load_overrides(runtime(), files["file"].read(MAX_BYTES + 1))
    return jsonify(done.to_dict()), 201 if done.added or done.changed or done.years else 200
