"""The desk pages /sup/people (SV-03) and /sup/people/<posting> (SV-04): server-rendered, no script; they write nothing."""

from __future__ import annotations

from flask import Response, request

from services.progress.usecases import person, whereabouts
from shared import clock
from shared.directory.scope import posting_under
from shared.http.app import runtime
from shared.http.auth import OWN_COUNTY, OWN_ORG, OWN_PAIR, policy, principal
from shared.http.pages import page_blueprint, render

pages = page_blueprint("progress")

OFFICES = {"recipient_admin": OWN_ORG, "supporter_admin": OWN_PAIR, "county_officer": OWN_COUNTY}


@pages.get("/sup/people")
@policy("progress.people.page", allow=OFFICES)
def people() -> Response:
    """Who is where now: the counts, then everybody a duty half-day is owed today; with `all` also who is posted at all."""
    found = whereabouts.here(runtime(), principal())
    everybody = whereabouts.posted(runtime(), principal()) if request.args.get("all") else None
    now = clock.local(clock.now())
    return render("people.html", **found, everybody=everybody, now_text=f"{now.month}月{now.day}日 {now:%H:%M}")


@pages.get("/sup/people/<posting_id>")
@policy("progress.person.page", allow=OFFICES, object=posting_under)
def one(posting_id: str) -> Response:
    """One posting of a physician: `month` (this one) as calendar, obligations, what is open, diaries, and the forms."""
    month = request.args.get("month") or f"{clock.today():%Y-%m}"
    found = person.person(runtime(), principal(), posting_id, month)
    return render("person.html", **found, done=request.args.get("done"))
