"""/sup/handovers: the receiving hospital's signature, the last of three; the two physicians sign on their phones."""

from __future__ import annotations

import secrets

from flask import Response, request

from checkin.routes.pages import pages
from checkin.schemas.office import Signature
from checkin.usecases import handover, handover_page
from shared.http import forms
from shared.http.app import runtime
from shared.http.auth import OWN_ORG, policy, principal
from shared.http.forms import Form
from shared.http.pages import render
from shared.problems import Problem

ALLOW = {"recipient_admin": OWN_ORG}
FORM = Form("交接", "确认并签字", (), lead="移交医师先签,接手医师再签,受援医院最后签。")


@pages.get("/sup/handovers")
@policy("checkin.handover.page", allow=ALLOW)
def handover_list() -> Response:
    """Handovers at the reader's hospital, with the button of those that wait for it."""
    return _page()


@pages.post("/sup/handovers/<handover_id>")
@policy("checkin.handover.sign_form", allow=ALLOW, object=handover.signable, audit="write")
def handover_sign(handover_id: str) -> Response:
    """Sign what was read."""
    who = principal()
    told = {"client_event_id": forms.event_id(), "person": who.person_id, "items_sha256": request.form.get("items_sha256", "")}
    try:
        handover.sign_handover(runtime(), who, handover_id, forms.checked(Signature, told, FORM))
    except Problem as refused:
        return _page(refused)
    return forms.done("/sup/handovers", "stored")


def _page(refused: Problem | None = None) -> Response:
    rows = [{**row, "event_id": secrets.token_hex(16)} for row in handover_page.listing(runtime(), principal())]
    error = forms.words(refused) if refused else None
    response = render("handover.html", form=FORM, rows=rows, error=error, done=request.args.get("done"))
    response.status_code = refused.status if refused else 200
    return response
