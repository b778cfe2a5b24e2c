"""The desk pages /sup/clinics: a clinic's place in two hands, its outages, its witnesses. Plain forms, no script."""

from __future__ import annotations

from flask import Response, request

from services.roster import schemas
from services.roster.routes.pages import blueprint
from services.roster.usecases import clinics, sites
from shared import clock
from shared.http import forms
from shared.http.app import runtime
from shared.http.auth import OWN_COUNTY, OWN_ORG, policy, principal
from shared.http.forms import Field, Form
from shared.http.pages import render
from shared.problems import InvalidBody, Problem

OFFICE, COUNTY = {"recipient_admin": OWN_ORG}, {"county_officer": OWN_COUNTY}
PLACE = Form("登记位置", "提交", (
    Field("lat_e6", "纬度", "degrees", hint="如 35.244000"), Field("lon_e6", "经度", "degrees", hint="如 113.236000"),
    Field("crs", "坐标种类", "choice", options=clinics.CRS), Field("radius_m", "半径(米)", "number", required=False, hint="100 到 1000,不填为 300"),
    Field("how", "取得方式", "choice", options=clinics.WAYS),
), lead="提交后由县级卫健部门确认,确认前仍用原来的位置。之前的签到不重新判定。")  # fmt: skip
OUTAGE = Form("登记停电断网", "登记", (
    Field("kind", "情况", "choice", options=clinics.KINDS), Field("from_at", "开始", "instant"),
    Field("to_at", "结束", "instant", hint="提前恢复的,可在医疗点页面结束"),
), lead="起始在最近 3 天内,最长 14 天。登记只作说明:这些日期可以补签,不占次数,证据等级不变。")  # fmt: skip
ROTA = Form("值班名单", "保存", (Field("witnesses", "可以确认在岗的人", "choices", required=False),),
            lead="名单上的人可以确认他人在岗,但不能再审批这个医疗点的补签。派驻医师不在其中。")  # fmt: skip


@blueprint.get("/sup/clinics")
@policy("roster.clinic.page", allow={**OFFICE, **COUNTY})
def clinic_list() -> Response:
    """The clinics in view."""
    return render("clinics.html", rows=clinics.listing(runtime(), principal()))


@blueprint.get("/sup/clinics/<clinic_id>")
@policy("roster.clinic.one_page", allow={**OFFICE, **COUNTY}, object=clinics.visible)
def clinic(clinic_id: str) -> Response:
    """One clinic with what the reader may do about it."""
    return _clinic(clinic_id)


@blueprint.post("/sup/clinics/<clinic_id>/approval")
@policy("roster.clinic.place.approve_form", allow=COUNTY, object=sites.clinic_of_county, audit="decision")
def approve(clinic_id: str) -> Response:
    """Put the proposal that was looked at in force."""
    try:
        sites.approve(runtime(), principal(), clinic_id, request.form.get("proposal", "")[:36])
    except Problem as refused:
        return _clinic(clinic_id, refused)
    return forms.done(_back(clinic_id), "stored")


@blueprint.post("/sup/clinics/<clinic_id>/outages/<outage_id>/end")
@policy("roster.clinic.outage.end_form", allow=OFFICE, object=sites.outage_of, audit="write")
def end_outage(clinic_id: str, outage_id: str) -> Response:
    """It is over now."""
    try:
        sites.end_outage(runtime(), principal(), clinic_id, outage_id)
    except Problem as refused:
        return _clinic(clinic_id, refused)
    return forms.done(_back(clinic_id), "stored")


@blueprint.get("/sup/clinics/<clinic_id>/place")
@policy("roster.clinic.place_page", allow=OFFICE, object=sites.clinic_of)
def place_page(clinic_id: str) -> Response:
    """The empty form."""
    return forms.page(PLACE, _back(clinic_id), {"crs": "gcj02"})


@blueprint.post("/sup/clinics/<clinic_id>/place")
@policy("roster.clinic.place_form", allow=OFFICE, object=sites.clinic_of, audit="write")
def place(clinic_id: str) -> Response:
    """Propose a place."""
    return forms.answered(PLACE, _back(clinic_id), schemas.Place, {}, lambda said: sites.propose(runtime(), principal(), clinic_id, said))


@blueprint.get("/sup/clinics/<clinic_id>/outage")
@policy("roster.clinic.outage_page", allow=OFFICE, object=sites.clinic_of)
def outage_page(clinic_id: str) -> Response:
    """The form, beginning now."""
    return forms.page(OUTAGE, _back(clinic_id), {"from_at": clock.iso(clock.now())})


@blueprint.post("/sup/clinics/<clinic_id>/outage")
@policy("roster.clinic.outage_form", allow=OFFICE, object=sites.clinic_of, audit="write")
def outage(clinic_id: str) -> Response:
    """Declare an outage."""
    return forms.answered(OUTAGE, _back(clinic_id), schemas.Outage, {}, lambda said: sites.declare_outage(runtime(), principal(), clinic_id, said))


@blueprint.get("/sup/clinics/<clinic_id>/rota")
@policy("roster.clinic.rota_page", allow=OFFICE, object=sites.clinic_of)
def rota_page(clinic_id: str) -> Response:
    """The list in force, to be ticked anew."""
    return forms.page(_rota(clinic_id), _back(clinic_id), {"witnesses": clinics.one(runtime(), principal(), clinic_id)["on_rota"]})


@blueprint.post("/sup/clinics/<clinic_id>/rota")
@policy("roster.clinic.rota_form", allow=OFFICE, object=sites.clinic_of, audit="write")
def rota(clinic_id: str) -> Response:
    """Name the witnesses; an empty list names nobody."""
    named = {"witnesses": request.form.getlist("witnesses")}
    try:
        sites.set_rota(runtime(), principal(), clinic_id, forms.checked(schemas.Rota, named, ROTA))
    except InvalidBody as refused:
        return forms.page(_rota(clinic_id), _back(clinic_id), named, refused)
    return forms.done(_back(clinic_id), "stored")


def _rota(clinic_id: str) -> Form:
    return ROTA.offering(witnesses=clinics.staff(runtime(), clinic_id))


def _clinic(clinic_id: str, refused: Problem | None = None) -> Response:
    response = render("clinic.html", one=clinics.one(runtime(), principal(), clinic_id), done=request.args.get("done"),
                      county=principal().has(*COUNTY), error=forms.words(refused) if refused else None)  # fmt: skip
    response.status_code = refused.status if refused else 200
    return response


def _back(clinic_id: str) -> str:
    return f"/sup/clinics/{clinic_id}"
