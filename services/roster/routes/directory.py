"""`/api/roster`: import of the workbook, and the directory in the reader's scope."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from services.roster import schemas
from services.roster.usecases import imports, listing
from shared.http.api import Blueprint, CursorArgs, page_schema
from shared.http.app import runtime
from shared.http.auth import ANY, OWN_AREA, OWN_COUNTY, OWN_ORG, OWN_PAIR, policy, principal
from shared.http.pages import cursor_page

blp = Blueprint("roster", __name__, url_prefix="/api/roster", description="People, places and postings")

READERS = {
    "recipient_admin": OWN_ORG, "supporter_admin": OWN_PAIR, "quality_office": OWN_PAIR, "hr_officer": OWN_PAIR,
    "county_officer": OWN_COUNTY, "city_officer": OWN_AREA, "system_admin": ANY,
}  # fmt: skip
IMPORTERS = {"supporter_admin": OWN_PAIR, "county_officer": OWN_COUNTY, "system_admin": ANY}


@blp.route("/imports", methods=["POST"])
@policy("roster.import", allow=IMPORTERS, audit="write", limit="30/min")
@blp.arguments(schemas.ImportQuery, location="query")
@blp.arguments(schemas.ImportFile, location="files")
@blp.response(201, schemas.ImportedSchema, description="stored")
@blp.alt_response(200, schema=schemas.ImportedSchema, description="checked only, or nothing new in it")
def create_import(query: dict[str, Any], files: dict[str, Any]) -> tuple[Response, int]:
    """Import a roster workbook: all of it, or nothing and every mistake (workbook-invalid)."""
    data = files["file"].read()
    done = imports.import_workbook(runtime(), data, principal(), dry_run=query["dry_run"])
    stored = not done.dry_run and bool(done.created or done.changed)
    return jsonify(done.to_dict()), 201 if stored else 200


def _page(read: Any, args: dict[str, Any]) -> dict[str, Any]:
    rows = read(runtime(), principal(), args["after"][0] if args["after"] else None, args["limit"])
    return cursor_page(rows, args["limit"], lambda row: (row["code"],))


@blp.route("/organisations")
@policy("roster.organisation.list", allow=READERS)
@blp.arguments(CursorArgs, location="query")
@blp.response(200, page_schema(schemas.OrganisationSchema))
def organisations(args: dict[str, Any]) -> dict[str, Any]:
    """Hospitals, clinics' operators and authorities in view."""
    return _page(listing.organisations, args)


@blp.route("/clinics")
@policy("roster.clinic.list", allow=READERS)
@blp.arguments(CursorArgs, location="query")
@blp.response(200, page_schema(schemas.ClinicSchema))
def clinics(args: dict[str, Any]) -> dict[str, Any]:
    """Clinics in view."""
    return _page(listing.clinics, args)


@blp.route("/people")
@policy("roster.person.list", allow=READERS, fields="roster.person.masked")
@blp.arguments(CursorArgs, location="query")
@blp.response(200, page_schema(schemas.PersonSchema))
def people(args: dict[str, Any]) -> dict[str, Any]:
    """People in view, their phone numbers masked."""
    return _page(listing.people, args)


@blp.route("/postings")
@policy("roster.posting.list", allow=READERS)
@blp.arguments(CursorArgs, location="query")
@blp.response(200, page_schema(schemas.PostingSchema))
def postings(args: dict[str, Any]) -> dict[str, Any]:
    """Postings in view."""
    return _page(listing.postings, args)
