"""/sup/clinics/<clinic>/posters: print the A4 poster of a clinic, and those printed before."""

from __future__ import annotations

from flask import Response, request

from checkin.routes.pages import pages
from checkin.usecases import posters
from shared import clock
from shared.http import forms
from shared.http.app import runtime
from shared.http.auth import OWN_ORG, policy, principal
from shared.http.pages import render

OFFICE = {"recipient_admin": OWN_ORG}


@pages.get("/sup/clinics/<clinic_id>/posters")
@policy("checkin.poster.page", allow=OFFICE, object=posters.own_clinic)
def poster_list(clinic_id: str) -> Response:
    """Posters issued so far, the newest first, each with its files."""
    rows = [
        {"at": f"{clock.local(one.issued_at):%Y-%m-%d %H:%M}", "revoked": one.revoked_at is not None, "base": posters.base_of(clinic_id, one.id)}
        for one in posters.issued(runtime(), clinic_id)
    ]  # fmt: skip
    return render("posters.html", clinic_id=clinic_id, rows=rows, done=request.args.get("done"))


@pages.post("/sup/clinics/<clinic_id>/posters")
@policy("checkin.poster.issue_form", allow=OFFICE, object=posters.own_clinic, audit="key", limit="10/min")
def poster_issue(clinic_id: str) -> Response:
    """Print one."""
    posters.issue_poster(runtime(), principal(), clinic_id)
    return forms.done(f"/sup/clinics/{clinic_id}/posters", "stored")
