"""`/api/reports/monthly`: the monthly supervision reports as JSON, HTML, PDF, Word and Excel."""

from __future__ import annotations

import io
from typing import Any

from flask import Response, request, send_file

from services.reports import schemas
from services.reports.usecases import listing, monthly, questions
from services.reports.usecases.scope import drafted_by, part_of, split
from shared.http.api import Blueprint, CursorArgs, page_schema
from shared.http.app import runtime
from shared.http.auth import OWN_AREA, OWN_COUNTY, OWN_ORG, OWN_PAIR, SELF, policy, principal
from shared.http.pages import cursor_page, inline_style, page_blueprint, render
from shared.ledger.entry import jcs

pages = page_blueprint("reports")
blp = Blueprint("reports", __name__, url_prefix="/api/reports", description="Monthly supervision reports")

STAFF = {
    "recipient_admin": OWN_ORG, "supporter_admin": OWN_PAIR, "county_officer": OWN_COUNTY, "city_officer": OWN_AREA,
    "province_officer": OWN_AREA,
}  # fmt: skip
READERS = {"doctor": SELF, **STAFF, "auditor": OWN_AREA}
TYPES = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@blp.route("/monthly")
@policy("reports.month.list", allow=READERS)
@blp.arguments(CursorArgs, location="query")
@blp.response(200, page_schema(schemas.ReportItemSchema))
def listed(query: dict[str, Any]) -> dict[str, Any]:
    """The reports in the reader's scope, newest month first."""
    return cursor_page(listing.reports(runtime(), principal(), **query), query["limit"], listing.key_of)


@blp.route("/monthly/<recipient>/<month>")
@policy("reports.month.read", allow=READERS, object=part_of)
@blp.arguments(schemas.ReportQuery, location="query")
@blp.response(200, schemas.MonthlySchema)
def read_month(query: dict[str, Any], recipient: str, month: str) -> Response:
    """A recipient's month, such as 2026-11; with .html, .pdf, .docx or .xlsx as a document."""
    made = monthly.monthly(runtime(), principal(), recipient, month, query.get("programme"))
    suffix = split(month)[1] or ("html" if _wants_page() else None)
    return _document(made, suffix) if suffix else _json(made)


@blp.route("/monthly/<recipient>/<month>/drafts", methods=["POST"])
@policy("reports.month.draft", allow=STAFF, object=drafted_by, audit="write")
@blp.arguments(schemas.ReportQuery, location="query")
@blp.response(202, schemas.AskedSchema)
def draft(query: dict[str, Any], recipient: str, month: str) -> dict[str, Any]:
    """Ask for a new draft; a worker makes it."""
    return monthly.ask_draft(runtime(), principal(), recipient, month, query.get("programme"))


@pages.get("/sup/questions")
@policy("reports.questions.page", allow={"supporter_admin": OWN_PAIR, "county_officer": OWN_COUNTY})
def asked() -> Response:
    """Where the records of one day do not fit each other: questions to the officer, with dates and evidence."""
    found = questions.asked(runtime(), principal(), request.args.get("recipient") or None, request.args.get("month") or None)
    return render("questions.html", asked=found)


def _json(made: monthly.Made) -> Response:
    """The data object in its canonical bytes, with its hash beside it."""
    body = jcs({**made.report, "sha256": made.sha256, "stored": made.stored})
    return Response(body, mimetype="application/json", headers={"ETag": f'"{made.sha256}"', "Vary": "Accept"})


def _document(made: monthly.Made, suffix: str) -> Response:
    content = monthly.render(made, suffix)
    if suffix == "html":
        inline_style(monthly.style(made))
        return Response(content, content_type=TYPES[suffix], headers={"Vary": "Accept"})
    return send_file(
        io.BytesIO(content),
        mimetype=TYPES[suffix],
        as_attachment=suffix != "pdf",
        download_name=f"{made.name}.{suffix}",
    )


def _wants_page() -> bool:
    """Whether the caller is a browser: it likes HTML better than JSON."""
    accepted = request.accept_mimetypes
    return accepted.best_match(["application/json", "text/html"]) == "text/html"
