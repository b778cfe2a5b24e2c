"""/sup/people/<posting>/ordered: 「登记抽调」, what was filed before, and the county's revocation."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from checkin.domain.requests import ORDER_KINDS
from checkin.routes.pages import pages
from checkin.routes.requests import LEVELS
from checkin.schemas.office import OrderBody
from checkin.usecases import asked, ordered
from shared import clock
from shared.directory.scope import posting_under
from shared.http import forms
from shared.http.app import runtime
from shared.http.auth import OWN_COUNTY, policy, principal
from shared.http.forms import Field, Form
from shared.http.pages import render
from shared.problems import InvalidBody, Problem
from shared.progress import wording
from shared.rules import words

HALVES = {"am": "上午", "pm": "下午"}
ISSUERS = {"supporter": "支援医院", "county": "县级", "city": "市级", "province": "省级", "national": "国家级"}
FORM = Form("登记抽调", "登记", (
    Field("kind", "类型", "choice", options={kind: words.REASONS[kind] for kind in ORDER_KINDS}),
    Field("doc_no", "文号"), Field("issuer", "发文单位"), Field("issuer_level", "发文级别", "choice", options=ISSUERS),
    Field("from", "起始日期", "date"), Field("from_session", "从", "choice", required=False, options=HALVES, hint="不选为上午起"),
    Field("to", "截止日期", "date"), Field("to_session", "到", "choice", required=False, options=HALVES, hint="不选为下午止"),
), lead="登记后由另一人认定:会议和路途由受援机构认定,其他由县级认定。")  # fmt: skip


@pages.get("/sup/people/<posting_id>/ordered")
@policy("checkin.ordered.page", allow=LEVELS, object=posting_under)
def order_page(posting_id: str) -> Response:
    """The empty form, and what was filed so far."""
    return _form(posting_id, {"from": clock.today().isoformat(), "to": clock.today().isoformat()})


@pages.post("/sup/people/<posting_id>/ordered")
@policy("checkin.ordered.form", allow=LEVELS, object=posting_under, audit="write")
def order(posting_id: str) -> Response:
    """File it."""
    return forms.answered(
        FORM, f"/sup/people/{posting_id}", OrderBody, {"posting_id": posting_id},
        lambda body: ordered.file_order(runtime(), principal(), body), facts=_filed(posting_id),
    )  # fmt: skip


@pages.get("/sup/ordered/<ordered_id>")
@policy("checkin.ordered.revoke_page", allow={"county_officer": OWN_COUNTY}, object=ordered.revocable)
def revoke_page(ordered_id: str) -> Response:
    """One record of ordered work, and the form to take it back."""
    return _one(ordered_id)


@pages.post("/sup/ordered/<ordered_id>")
@policy("checkin.ordered.revoke_form", allow={"county_officer": OWN_COUNTY}, object=ordered.revocable, audit="decision")
def revoke(ordered_id: str) -> Response:
    """Take it back, with the reason."""
    reason = request.form.get("reason_code", "").strip()[:100]
    try:
        if not reason:
            raise InvalidBody("reason_code", "a reason is wanted", hint="请写明原因")
        row = ordered.revoke_order(runtime(), principal(), ordered_id, reason)
    except Problem as refused:
        return _one(ordered_id, refused, reason)
    return forms.done(f"/sup/people/{row.posting_id}", "stored")


def _form(posting_id: str, values: dict[str, Any]) -> Response:
    return forms.page(FORM, f"/sup/people/{posting_id}", values, facts=_filed(posting_id))


def _filed(posting_id: str) -> list[tuple[str, str]]:
    rows = ordered.orders_of(runtime(), principal(), posting_id)
    return [(wording.asked("ordered_work", asked.shown(runtime(), row)), wording.STATES["ordered_work"][row.state]) for row in rows]


def _one(ordered_id: str, refused: Problem | None = None, reason: str = "") -> Response:
    view = ordered.one(runtime(), principal(), ordered_id)
    response = render("ordered.html", one=view, what=wording.asked("ordered_work", view), reason=reason,
                      open=view["state"] in ordered.REVOCABLE, error=forms.words(refused) if refused else None)  # fmt: skip
    response.status_code = refused.status if refused else 200
    return response
