"""/sup/people/<posting>/visit: 「登记走访」. Where there is a record of the date it is confirmed, else a note is written."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Response, request

from checkin.domain.independence import STATEMENTS
from checkin.routes.desk.notes import WRITERS
from checkin.routes.forms import install_id
from checkin.routes.pages import pages
from checkin.routes.spot import SUPERVISORS
from checkin.schemas.office import Note
from checkin.schemas.spot import Signing
from checkin.usecases import countersigns, office
from shared import clock
from shared.directory.scope import posting_under
from shared.http import forms
from shared.http.app import runtime
from shared.http.auth import policy, principal
from shared.http.forms import Field, Form
from shared.http.pages import render
from shared.problems import Forbidden, Problem

SAID = {"confirmed": "您已确认", "declined": "您已说明不能确认", "withdrawn": "您已撤回确认"}
LEAD = "当天有签到记录的,确认走访时见到本人;没有记录的,写明走访情况。"
CONFIRM = Form("登记走访", "确认在岗", (Field("targets", "见到本人的记录", "choices"),), LEAD)
TELL = Form("登记走访", "保存", (
    Field("sessions", "半天", "choices", options={"am": "上午", "pm": "下午"}), Field("text", "走访情况", "long", max_length=500),
), LEAD)  # fmt: skip


@pages.get("/sup/people/<posting_id>/visit")
@policy("checkin.visit.page", allow=SUPERVISORS, object=posting_under)
def visit_page(posting_id: str) -> Response:
    """The records of a date, or the form for a note where there are none."""
    return _page(posting_id, _date(request.args.get("date")))


@pages.post("/sup/people/<posting_id>/visit")
@policy("checkin.visit.form", allow=SUPERVISORS, object=posting_under, audit="decision")
def visit(posting_id: str) -> Response:
    """Confirm the chosen records as seen on the visit, or keep what was found."""
    rt, who, day = runtime(), principal(), _date(request.form.get("date"))
    form = _form(countersigns.of_day(rt, who, posting_id, day))
    values = forms.filled(form)
    try:
        if "targets" in values:
            now = clock.iso(clock.now())
            said = {"act": "confirm", "targets": values["targets"], "statement": "visit", "tapped_at": now}
            countersigns.sign(rt, who, forms.checked(Signing, said, form), install_id())
        elif not who.has(*WRITERS):
            raise Forbidden("a note is the hospitals' business")
        else:
            told = {"client_event_id": forms.event_id(), "posting_id": posting_id, "service_date": day.isoformat(), **values}
            office.note_day(rt, who, forms.checked(Note, told, form))
    except Problem as refused:
        return _page(posting_id, day, values, refused)
    return forms.done(f"/sup/people/{posting_id}", "stored")


def _form(rows: list[dict[str, Any]]) -> Form:
    left = {row["id"]: f"{row['label']} {_time(row)} · {row['clinic']} · {row['code']}" for row in rows if row["said"] != "confirmed"}
    return CONFIRM.offering(targets=left) if rows else TELL


def _page(posting_id: str, day: dt.date, values: dict[str, Any] | None = None, refused: Problem | None = None) -> Response:
    rows = countersigns.of_day(runtime(), principal(), posting_id, day)
    form, errors = _form(rows), forms.errors_of(_form(rows), refused)
    open_ = bool(form.fields[0].options) if rows else principal().has(*WRITERS)
    response = render(
        "visit.html", form=form, posting_id=posting_id, day=day.isoformat(), open=open_, rows=rows, basis=STATEMENTS["visit"],
        said=[(f"{row['label']} {_time(row)}", SAID[row["said"]]) for row in rows if row["said"]], event_id=forms.event_id(),
        fields=forms.drawn(form, values or {}, errors), error=forms.words(refused) if refused and not errors else None,
    )  # fmt: skip
    response.status_code = refused.status if refused else 200
    return response


def _time(row: dict[str, Any]) -> str:
    return f"{clock.local(clock.parse_iso(row['effective_at'])):%H:%M}"


def _date(text: str | None) -> dt.date:
    try:
        return dt.date.fromisoformat(text or "")
    except ValueError:
        return clock.today()
