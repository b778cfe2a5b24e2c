"""/sup/people/<posting>/substitution and /closing: the desk forms of a posting, plain forms without script."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from services.roster import schemas
from services.roster.routes.closing import OFFICES
from services.roster.routes.pages import blueprint
from services.roster.usecases import closing, desk
from shared import clock
from shared.directory.scope import posting_under
from shared.http import forms
from shared.http.app import runtime
from shared.http.auth import policy, principal
from shared.http.forms import Field, Form
from shared.progress import wording

SUBSTITUTION = Form("登记替班", "登记", (
    Field("substitute_id", "替班人员", "choice"), Field("from", "起始日期", "date"),
    Field("to", "截止日期", "date", required=False, hint="只有一天的不填"),
    Field("sessions", "半天", "choices", options={"am": "上午", "pm": "下午"}),
), lead="替班人员须在这些日期派驻在同一机构。登记后席位按有人计,本人的记录不变。")  # fmt: skip
CLOSING = Form("结束派驻", "结束派驻", (
    Field("reason", "原因", "choice", options=wording.ENDED), Field("last_day", "最后一天", "date"),
    Field("handover_id", "交接单", "choice", required=False),
), lead="结束后不能再签到。因病或指令性任务结束的,有批准的病假或抽调才不算提前轮换;批准晚到的,可以再提交一次。")  # fmt: skip


@blueprint.get("/sup/people/<posting_id>/substitution")
@policy("roster.substitution.page", allow=OFFICES, object=posting_under)
def substitution_page(posting_id: str) -> Response:
    """The empty form; `date` fills in the day."""
    return forms.page(_substitution(posting_id), _back(posting_id), {"from": request.args.get("date") or clock.today().isoformat()})


@blueprint.post("/sup/people/<posting_id>/substitution")
@policy("roster.substitution.form", allow=OFFICES, object=posting_under, audit="write")
def substitution(posting_id: str) -> Response:
    """Record who stands in on the duty half-days of the span."""

    def about(values: dict[str, Any]) -> dict[str, Any]:
        halves = desk.owed(runtime(), posting_id, values["from"], values.get("to", ""), values["sessions"])
        return {"substitute_id": values["substitute_id"], "half_days": halves}

    return forms.answered(_substitution(posting_id), _back(posting_id), schemas.Substitution, {"posting_id": posting_id},
                          lambda body: closing.record_substitution(runtime(), principal(), body), about)  # fmt: skip


@blueprint.get("/sup/people/<posting_id>/closing")
@policy("roster.posting.close_page", allow=OFFICES, object=posting_under)
def closing_page(posting_id: str) -> Response:
    """The form, and whether an illness or order would count as approved."""
    return forms.page(_closing(posting_id), _back(posting_id), {"last_day": clock.today().isoformat()}, facts=desk.approvals(runtime(), posting_id))


@blueprint.post("/sup/people/<posting_id>/closing")
@policy("roster.posting.close_form", allow=OFFICES, object=posting_under, audit="write")
def close(posting_id: str) -> Response:
    """Close the posting."""
    return forms.answered(
        _closing(posting_id), _back(posting_id), schemas.Closing, {},
        lambda body: closing.close_posting(runtime(), principal(), body, posting_id), facts=desk.approvals(runtime(), posting_id),
    )  # fmt: skip


def _substitution(posting_id: str) -> Form:
    return SUBSTITUTION.offering(substitute_id=desk.substitutes(runtime(), posting_id))


def _closing(posting_id: str) -> Form:
    return CLOSING.offering(handover_id=desk.handovers(runtime(), posting_id))


def _back(posting_id: str) -> str:
    return f"/sup/people/{posting_id}"
