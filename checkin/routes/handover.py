"""/handover: a seat is handed over by three signatures; the two physicians and the hospital sign on the same page."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Response, request

from checkin.routes.office import HANDOVER
from checkin.routes.pages import pages
from checkin.schemas.office import HandoverBody, Signature
from checkin.usecases import handover, handover_page
from shared.http import forms
from shared.http.app import runtime
from shared.http.auth import SELF, policy, principal
from shared.http.forms import Field, Form
from shared.http.pages import render
from shared.problems import Problem

FORM = Form("交接", "签字并移交", (
    Field("posting_id", "我的派驻", "choice"), Field("in_posting_id", "接手的派驻", "choice"),
    Field("items", "交接事项", "long", max_length=5000, hint="每行一项,不写患者信息"),
), lead="移交医师先签,接手医师再签,受援医院最后签。")  # fmt: skip


@pages.get("/handover")
@policy("checkin.handover.page", allow=HANDOVER)
def handover_list() -> Response:
    """Handovers of the reader, and for a physician the form to begin one."""
    return _page()


@pages.post("/handover")
@policy("checkin.handover.open_form", allow={"doctor": SELF}, audit="write")
def handover_open() -> Response:
    """The outgoing physician signs first."""
    values = forms.filled(FORM)
    told = {**values, "client_event_id": forms.event_id(), "items": [line.strip() for line in values["items"].splitlines() if line.strip()]}
    try:
        handover.open_handover(runtime(), principal(), forms.checked(HandoverBody, told, FORM))
    except Problem as refused:
        return _page(refused, values)
    return forms.done("/handover", "stored")


@pages.post("/handover/<handover_id>")
@policy("checkin.handover.sign_form", allow=HANDOVER, object=handover.signable, audit="write")
def handover_sign(handover_id: str) -> Response:
    """Sign what was read."""
    told = {"client_event_id": forms.event_id(), "items_sha256": request.form.get("items_sha256", "")}
    try:
        handover.sign_handover(runtime(), principal(), handover_id, forms.checked(Signature, told, FORM))
    except Problem as refused:
        return _page(refused)
    return forms.done("/handover", "stored")


def _page(refused: Problem | None = None, values: dict[str, Any] | None = None) -> Response:
    rt, who = runtime(), principal()
    own, others = handover_page.choices(rt, who)
    form = FORM.offering(posting_id=own, in_posting_id=others)
    errors = forms.errors_of(form, refused)
    rows = [{**row, "event_id": secrets.token_hex(16)} for row in handover_page.listing(rt, who)]
    response = render(
        "handover.html", form=form, rows=rows, fields=forms.drawn(form, values or {}, errors), begins=bool(own),
        event_id=forms.event_id(), error=forms.words(refused) if refused and not errors else None, done=request.args.get("done"),
        home="/app/me" if who.has("doctor") else "/sup/todo",
    )  # fmt: skip
    response.status_code = refused.status if refused else 200
    return response
