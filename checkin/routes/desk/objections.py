"""/sup/objections: objections in the reader's scope, decided one at a time; /sup/people/<posting>/objection files one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Response, request

from checkin.routes.pages import pages
from checkin.routes.spot import SUPERVISORS
from checkin.schemas.spot import NewObjection, Verdict
from checkin.usecases import disputes, objections
from shared import clock
from shared.directory.scope import posting_under
from shared.http import forms
from shared.http.app import runtime
from shared.http.auth import OWN_AREA, OWN_COUNTY, policy, principal
from shared.http.forms import Field, Form
from shared.http.pages import render
from shared.problems import Problem

JUDGES = {"county_officer": OWN_COUNTY, "city_officer": OWN_AREA}
FORM = Form("提出异议", "提交", (
    Field("target", "对象", "choice"), Field("reason_code", "理由", "choice"), Field("text", "说明", "long", max_length=1000),
), lead="由未参与的人员在 10 个工作日内处理。对在岗有异议的,处理前这条记录暂不计入。")  # fmt: skip
VERDICT = Form("处理异议", "", (Field("decision", "结论", "choice", options=disputes.VERDICTS), Field("note", "理由", "long", max_length=500)))


@pages.get("/sup/objections")
@policy("checkin.objection.page", allow={**SUPERVISORS, **JUDGES})
def objection_list() -> Response:
    """The open ones first; who may not decide is told why."""
    return _list()


@pages.post("/sup/objections/<objection_id>")
@policy("checkin.objection.decide_form", allow=JUDGES, object=objections.visible, audit="decision")
def objection_decide(objection_id: str) -> Response:
    """Decide one; a refusal is told on the page."""
    said = forms.filled(VERDICT)
    try:
        objections.decide(runtime(), principal(), objection_id, forms.checked(Verdict, said, VERDICT))
    except Problem as refused:
        return _list(refused, objection_id, said["note"])
    return forms.done("/sup/objections", "stored")


@pages.get("/sup/people/<posting_id>/objection")
@policy("checkin.objection.new_page", allow=SUPERVISORS, object=posting_under)
def objection_page(posting_id: str) -> Response:
    """The form about a date of the posting."""
    return forms.page(_form(posting_id), _back(posting_id), {}, note=f"日期:{_day():%Y-%m-%d}。其他日期请从当月记录进入。")


@pages.post("/sup/people/<posting_id>/objection")
@policy("checkin.objection.file_form", allow=SUPERVISORS, object=posting_under, audit="write")
def objection_file(posting_id: str) -> Response:
    """File it."""

    def about(values: dict[str, Any]) -> dict[str, Any]:
        kind, _, target = values["target"].partition(":")
        return {**values, "target_kind": kind or None, "target": target}

    return forms.answered(_form(posting_id), _back(posting_id), NewObjection, {"posting_id": posting_id, "person": principal().person_id},
                          lambda body: objections.file(runtime(), principal(), body), about)  # fmt: skip


def _form(posting_id: str) -> Form:
    return FORM.offering(target=disputes.targets(runtime(), posting_id, _day()), reason_code=disputes.reasons())


def _day() -> dt.date:
    try:
        return dt.date.fromisoformat(request.args.get("date", ""))
    except ValueError:
        return clock.today()


def _back(posting_id: str) -> str:
    return f"/sup/people/{posting_id}"


def _list(refused: Problem | None = None, at: str | None = None, note: str = "") -> Response:
    rows = [
        {**row, "filed": f"{clock.local(clock.parse_iso(row['filed_at'])):%m-%d %H:%M}"}
        for row in disputes.listing(runtime(), principal())
    ]
    response = render(
        "objections.html", rows=rows, verdicts=disputes.VERDICTS, error=forms.words(refused) if refused else None, at=at, note=note,
        done=request.args.get("done"), judge=principal().has(*JUDGES), people=principal().has(*SUPERVISORS),
    )  # fmt: skip
    response.status_code = refused.status if refused else 200
    return response
