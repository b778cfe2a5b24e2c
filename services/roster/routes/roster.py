"""/sup/roster: import of the workbook of people, seats, postings and monthly rosters (CN-03), checked first; without script."""

from __future__ import annotations

from flask import Response, request

from services.roster import template, workbook
from services.roster.routes.directory import IMPORTERS
from services.roster.routes.pages import blueprint, chosen
from services.roster.usecases import imports
from shared.http.app import runtime
from shared.http.auth import policy, principal
from shared.http.pages import render

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/sup/roster")
@policy("roster.import.page", allow=IMPORTERS)
def roster_page() -> Response:
    """The form, with the empty workbook to fill in."""
    return _page()


@blueprint.get("/sup/roster/template.xlsx")
@policy("roster.import.template", allow=IMPORTERS)
def roster_template() -> Response:
    """The empty workbook."""
    return Response(template.workbook(), mimetype=SHEET, headers={"Content-Disposition": 'attachment; filename="roster.xlsx"'})


@blueprint.post("/sup/roster")
@policy("roster.import.form", allow=IMPORTERS, audit="write", limit="30/min")
def roster_import() -> Response:
    """Check the workbook or import it: all of it, or nothing and every mistake."""
    try:
        done = imports.import_workbook(runtime(), chosen(workbook.MAX_BYTES)[1], principal(), dry_run=request.form.get("act") != "import")
    except workbook.WorkbookInvalid as refused:
        return _page(refused)
    return _page(done=done)


def _page(refused: workbook.WorkbookInvalid | None = None, done: imports.Imported | None = None) -> Response:
    mistakes = [(f"{one.sheet} 第 {one.row} 行" if one.row else one.sheet, one.column, one.reason) for one in refused.mistakes] if refused else []
    response = render("roster.html", error=refused.title_text() if refused else None, mistakes=mistakes, done=done)
    response.status_code = refused.status if refused else 200
    return response
