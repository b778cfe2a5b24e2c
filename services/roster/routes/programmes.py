"""`/api/roster/programmes`: versions of programme files. A version is uploaded first and counts once it is activated.

A programme decides figures of every county that uses it, so only the operator (system_admin) changes it; officers read.
"""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from services.roster import schemas
from services.roster.usecases import versions
from shared.http.api import Blueprint
from shared.http.app import runtime
from shared.http.auth import ANY, policy, principal

blp = Blueprint("programmes", __name__, url_prefix="/api/roster/programmes", description="Programme files")

ADMINISTRATORS = {"system_admin": ANY}
READERS = {**ADMINISTRATORS, "county_officer": ANY, "city_officer": ANY, "province_officer": ANY}


@blp.route("")
@policy("roster.programme.list", allow=READERS)
@blp.response(200, schemas.VersionsSchema)
def listing() -> dict[str, Any]:
    """Every stored version, by programme, the newest first."""
    return {"items": [version.to_dict() for version in versions.listing(runtime())]}


@blp.route("", methods=["POST"])
@policy("roster.programme.upload", allow=ADMINISTRATORS, audit="decision", limit="30/min")
@blp.arguments(schemas.ProgrammeFile, location="files")
@blp.response(201, schemas.VersionSchema, description="stored")
@blp.alt_response(200, schema=schemas.VersionSchema, description="the same bytes are stored already")
def upload(files: dict[str, Any]) -> tuple[Response, int]:
    """Store a programme file; a file with problems is refused with all of them (programme-invalid) and not stored."""
    file = files["file"]
    version, new = versions.upload(runtime(), file.filename or "", file.read(versions.MAX_BYTES + 1), principal())
    return jsonify(version.to_dict()), 201 if new else 200


@blp.route("/<version_id>/activate", methods=["POST"])
@policy("roster.programme.activate", allow=ADMINISTRATORS, object=versions.stored, audit="decision")
@blp.arguments(schemas.Activation)
@blp.response(200, schemas.VersionSchema)
def activate(body: dict[str, str], version_id: str) -> dict[str, Any]:
    """Let a version count from a month that has not begun (month-begun, version-counts, mode-in-use)."""
    return versions.activate(runtime(), version_id, body["first_month"]).to_dict()
