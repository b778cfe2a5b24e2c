"""/sup/people/<posting>/arrival: 「确认到岗」, once, with the ID shown in person."""

from __future__ import annotations

from flask import Response

from checkin.routes.pages import pages
from checkin.routes.requests import REVIEWERS
from checkin.schemas.office import Arrival
from checkin.usecases import office
from shared import clock
from shared.directory.scope import posting_under
from shared.http import forms
from shared.http.app import runtime
from shared.http.auth import policy, principal
from shared.http.forms import Field, Form

FORM = Form("确认到岗", "确认到岗", (
    Field("date", "到岗日期", "date"), Field("session", "半天", "choice", options={"am": "上午", "pm": "下午"}),
    Field("id_shown", "已当面核对证件", "flag"),
), lead="医师本人到岗并当面核对证件后确认,只确认一次。")  # fmt: skip


@pages.get("/sup/people/<posting_id>/arrival")
@policy("checkin.arrival.page", allow=REVIEWERS, object=posting_under)
def arrival_page(posting_id: str) -> Response:
    """The empty form."""
    return forms.page(FORM, f"/sup/people/{posting_id}", {"date": clock.today().isoformat()})


@pages.post("/sup/people/<posting_id>/arrival")
@policy("checkin.arrival.form", allow=REVIEWERS, object=posting_under, audit="write")
def arrival(posting_id: str) -> Response:
    """Confirm."""
    return forms.answered(FORM, f"/sup/people/{posting_id}", Arrival, {"posting_id": posting_id},
                          lambda body: office.confirm_arrival(runtime(), principal(), body))  # fmt: skip
