"""The desk pages /sup/spot (SV-05) and /sup/countersign (SV-06). Plain forms, no script; a GET writes nothing."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, request

from checkin.domain.independence import DECLINED, MAX_TARGETS, STATEMENTS, WITHDRAWN
from checkin.routes.forms import install_id
from checkin.routes.pages import pages
from checkin.routes.spot import DECIDERS, SIGNERS, SUPERVISORS
from checkin.usecases import countersigns
from checkin.usecases.spot import deciding, reading, telling
from shared import clock
from shared.attendance.spot import NOT_FOUND, RESULTS, WORDS
from shared.http.app import runtime
from shared.http.auth import policy, principal
from shared.http.pages import cursor_page, decode_cursor, render
from shared.problems import InvalidBody, Problem
from shared.roles import ROLES

PAGE = 30
HALVES = {"am": "上午", "pm": "下午"}
METHODS = {"visit": "到场走访", "phone_call": "电话核实", "duty_record": "查值班记录"}
VERDICTS = {"in_time": "按时应答", "late": "应答较晚", "insufficient": "只有固定海报码,不算应答"}


@pages.get("/sup/spot")
@policy("checkin.spot.page", allow=SUPERVISORS)
def spot_list() -> Response:
    """Checks in the reader's scope: those to be decided first."""
    return _spots()


@pages.post("/sup/spot/new")
@policy("checkin.spot.new_form", allow=SUPERVISORS, audit="decision", limit="30/h")
def spot_new() -> Response:
    """A check of one's own: the posting chosen, or none for a random one."""
    try:
        deciding.own_check(runtime(), principal(), request.form.get("posting_id") or None)
    except Problem as refused:
        return _spots(refused)
    return redirect("/sup/spot", 303)  # type: ignore[return-value]


@pages.post("/sup/spot/<check_id>/decision")
@policy("checkin.spot.decide_form", allow=DECIDERS, object=telling.visible, audit="decision")
def spot_decide(check_id: str) -> Response:
    """Decide by the form; a refusal is told on the page."""
    said = {name: request.form.get(name) or None for name in ("result", "method", "note", "replaces")}
    try:
        if said["result"] not in RESULTS:
            raise InvalidBody("result", "nothing chosen", hint="请选择结果")
        if said["method"] not in METHODS:
            raise InvalidBody("method", "nothing chosen", hint="请选择核实方式")
        deciding.decide(runtime(), principal(), check_id, said)
    except Problem as refused:
        return _spots(refused, check_id)
    return redirect("/sup/spot", 303)  # type: ignore[return-value]


@pages.get("/sup/countersign")
@policy("checkin.countersign.page", allow=SIGNERS)
def countersign_list() -> Response:
    """Up to 20 records that wait for a signature."""
    return _signing()


@pages.post("/sup/countersign/<target>")
@policy("checkin.countersign.form", allow=SIGNERS, audit="decision", values=("target",))
def countersign(target: str) -> Response:
    """One record, one tap: confirm, decline or withdraw."""
    said = {
        "act": request.form.get("act", ""), "targets": [target], "statement": request.form.get("statement") or None,
        "reason_code": request.form.get("reason_code") or None, "shown_at": request.form.get("shown_at") or None,
        "tapped_at": clock.iso(clock.now()),
    }  # fmt: skip
    try:
        if said["act"] not in countersigns.KINDS:
            raise InvalidBody("act", "nothing chosen", hint="请选择确认或不能确认")
        countersigns.sign(runtime(), principal(), said, install_id())
    except Problem as refused:
        return _signing(refused, target)
    return redirect("/sup/countersign", 303)  # type: ignore[return-value]


def _spots(refused: Problem | None = None, at: str | None = None) -> Response:
    who = principal()
    after = decode_cursor(request.args.get("cursor"))
    rows = reading.listing(runtime(), who, after[0] if after else None, PAGE, own=False)
    page = cursor_page(rows, PAGE, lambda row: (row["id"],))
    decides = who.has(*DECIDERS)
    shown = sorted((_row(row, decides) for row in page["items"]), key=lambda row: not row["form"])
    response = render(
        "spot.html", rows=shown, next=page["next_cursor"], error=_words(refused), at=at, methods=METHODS,
        results={name: WORDS[name] for name in RESULTS}, not_found=WORDS[NOT_FOUND], people=reading.on_duty(runtime(), who),
    )  # fmt: skip
    response.status_code = refused.status if refused else 200
    return response


def _row(row: dict[str, Any], decides: bool) -> dict[str, Any]:
    said = row["decision"]
    return {
        **row, "half": HALVES[row["session"]], "issued": _time(row["issued_at"]), "until": _time(row["deadline"]),
        "answered": [f"{VERDICTS[one['verdict']]} {_time(one['at'])}" for one in row["answers"]],
        "decided": {"role": ROLES[said["role"]].label, "at": _time(said["at"]), "note": said["note"],
                    "method": METHODS[said["method"]]} if said else None,
        "form": decides and row["needs_decision"],
    }  # fmt: skip


def _signing(refused: Problem | None = None, at: str | None = None) -> Response:
    who = principal()
    waiting, signed = countersigns.waiting(runtime(), who), countersigns.signed(runtime(), who)
    response = render(
        "countersign.html", rows=[_record(row) for row in waiting], signed=[_record(row) for row in signed],
        error=_words(refused), at=at, statements=STATEMENTS if who.has("witness") else {
            name: words for name, words in STATEMENTS.items() if name != "saw_on_site"},
        declined=DECLINED, withdrawn=WITHDRAWN, most=MAX_TARGETS, shown_at=clock.iso(clock.now()),
    )  # fmt: skip
    response.status_code = refused.status if refused else 200
    return response


def _record(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "at": _time(row["effective_at"]), "left": _time(row["until"]) if row["in_time"] else "本月月报截止"}


def _time(text: str | None) -> str:
    return f"{clock.local(clock.parse_iso(text)):%m-%d %H:%M}" if text else ""


def _words(refused: Problem | None) -> str | None:
    if refused is None:
        return None
    return str(refused.extra.get("hint") or refused.title_text())
