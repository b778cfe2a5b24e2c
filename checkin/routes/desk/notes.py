"""/sup/people/<posting>/note: 「写说明」 on half-days; it silences their reminders and changes no figure."""

from __future__ import annotations

from flask import Response, request

from checkin.routes.pages import pages
from checkin.schemas.office import Note
from checkin.usecases import office
from shared import clock
from shared.directory.scope import posting_under
from shared.http import forms
from shared.http.app import runtime
from shared.http.auth import OWN_ORG, OWN_PAIR, policy, principal
from shared.http.forms import Field, Form

WRITERS = {"recipient_admin": OWN_ORG, "supporter_admin": OWN_PAIR}
SESSIONS = {"am": "上午", "pm": "下午"}
FORM = Form("写说明", "保存", (
    Field("service_date", "日期", "date"), Field("sessions", "半天", "choices", options=SESSIONS),
    Field("text", "情况", "long", max_length=500, hint="写明当时的情况,不写患者信息"),
), lead="说明会留在记录里,这些半天不再提醒;说明不改变任何数字。")  # fmt: skip


@pages.get("/sup/people/<posting_id>/note")
@policy("checkin.day.note_page", allow=WRITERS, object=posting_under)
def note_page(posting_id: str) -> Response:
    """The empty form; `date` fills in the day."""
    return forms.page(FORM, _back(posting_id), {"service_date": request.args.get("date") or clock.today().isoformat()})


@pages.post("/sup/people/<posting_id>/note")
@policy("checkin.day.note_form", allow=WRITERS, object=posting_under, audit="write")
def note(posting_id: str) -> Response:
    """Keep the note."""
    return forms.answered(FORM, _back(posting_id), Note, {"posting_id": posting_id},
                          lambda body: office.note_day(runtime(), principal(), body))  # fmt: skip


def _back(posting_id: str) -> str:
    return f"/sup/people/{posting_id}"
