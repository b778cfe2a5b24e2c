"""/sup/people/<posting>/correction: the recipient asks for half-days that a declared outage kept from being recorded."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from checkin.routes.desk.notes import SESSIONS
from checkin.routes.pages import pages
from checkin.schemas.requests import CorrectionBody
from checkin.usecases import corrections, office
from shared import clock
from shared.directory.scope import posting_under
from shared.http import forms
from shared.http.app import runtime
from shared.http.auth import OWN_ORG, policy, principal
from shared.http.forms import Field, Form

OFFICE = {"recipient_admin": OWN_ORG}
FORM = Form("停电断网补签", "提交", (
    Field("service_date", "日期", "date"), Field("sessions", "半天", "choices", options=SESSIONS),
    Field("clinic_id", "医疗点", "choice"), Field("text", "情况", "long", required=False, max_length=500),
), lead="只用于已登记停电、断网或设备故障的日期,不占本人的补签次数。提交后由另一人审批。")  # fmt: skip


@pages.get("/sup/people/<posting_id>/correction")
@policy("checkin.correction.page", allow=OFFICE, object=posting_under)
def correction_page(posting_id: str) -> Response:
    """The empty form."""
    return forms.page(_form(posting_id), f"/sup/people/{posting_id}", {"service_date": request.args.get("date") or f"{clock.today()}"})


@pages.post("/sup/people/<posting_id>/correction")
@policy("checkin.correction.form", allow=OFFICE, object=posting_under, audit="write")
def correction(posting_id: str) -> Response:
    """Ask for it."""

    def store(body: dict[str, Any]) -> Any:
        return corrections.request_correction(runtime(), principal(), {"body": body})

    told = {"posting_id": posting_id, "person": principal().person_id or "", "what": "missing_in", "reason_code": "system_outage"}
    return forms.answered(_form(posting_id), f"/sup/people/{posting_id}", CorrectionBody, told, store)


def _form(posting_id: str) -> Form:
    return FORM.offering(clinic_id=office.clinics_of(runtime(), posting_id))
