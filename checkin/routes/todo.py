"""The pages /sup/todo and /sup/todo/<id>: plain forms, no script; nothing is decided by a GET, nothing is queued."""

from __future__ import annotations

import secrets

from flask import Response, redirect, request

from checkin.routes.pages import pages
from checkin.usecases import handover, todo
from checkin.usecases.decide_many import MOST, decide_many, decide_one
from checkin.usecases.deciding import Ruling
from shared import clock
from shared.http.app import runtime
from shared.http.auth import OWN_COUNTY, OWN_ORG, OWN_PAIR, policy, principal
from shared.http.pages import render
from shared.problems import InvalidBody, Problem

OFFICES = {"recipient_admin": OWN_ORG, "supporter_admin": OWN_PAIR, "county_officer": OWN_COUNTY}


@pages.get("/sup/todo")
@policy("checkin.todo.list", allow=OFFICES)
def todo_list() -> Response:
    """What waits for the reader, oldest first; `many` shows boxes, `many=all` with every box of the page ticked."""
    text = request.args.get("page", "0")
    page = int(text) if text.isdigit() and len(text) < 5 else 0
    done = request.args.get("done", "")
    return render("todo.html", **todo.listing(runtime(), principal(), page), many=request.args.get("many", ""), page=page,
                  done=done if done in ("one",) else "", results=[])  # fmt: skip


@pages.get("/sup/todo/confirm")
@policy("checkin.todo.confirm", allow=OFFICES)
def todo_confirm() -> Response:
    """The chosen requests once more, before they are decided together."""
    items = todo.chosen(runtime(), principal(), request.args.getlist("id")[:MOST])
    return render("todo_confirm.html", items=items, shown_at=clock.iso(clock.now()))


@pages.post("/sup/todo")
@policy("checkin.todo.decide_many", allow=OFFICES, audit="decision")
def todo_decide_many() -> Response:
    """Decide the chosen requests, each by itself, and tell what came of each."""
    ids, who = request.form.getlist("id")[:MOST], principal()
    items = todo.chosen(runtime(), who, ids)
    asked = [{"kind": one["kind"], "id": one["id"], "decision": one["actions"][0]["decision"]} for one in items]
    found = decide_many(runtime(), who, asked, _instant("shown_at"), clock.iso(clock.now()))
    results = [
        {"who": one["person"]["name"], "what": one["what"], "said": refused.title_text() if refused else one["actions"][0]["label"],
         "ok": refused is None}
        for one, (_, refused) in zip(items, found, strict=True)
    ]  # fmt: skip
    gone = len(set(ids)) - len(items)
    return render("todo.html", **todo.listing(runtime(), who, 0), many="", page=0, done="", gone=gone, results=results)


@pages.get("/sup/todo/<request_id>")
@policy("checkin.todo.read", allow=OFFICES, object=todo.find)
def todo_detail(request_id: str) -> Response:
    """One request with everything a decision stands on."""
    return _detail(request_id)


@pages.post("/sup/todo/<request_id>")
@policy("checkin.todo.decide", allow=OFFICES, object=todo.find, audit="decision")
def todo_decide(request_id: str) -> Response:
    """Decide one request by the form; a refusal is told on its page."""
    who, rt = principal(), runtime()
    note = request.form.get("note", "")[:500]
    try:
        shown = todo.detail(rt, who, request_id)
        word = request.form.get("decision", "")
        if shown["kind"] == "handover":
            handover.sign_handover(rt, who, request_id, _signature(shown))
        else:
            said = Ruling(word, note, request.form.get("replaces") or None, _instant("shown_at"), clock.iso(clock.now()))
            decide_one(rt, who, shown["kind"], request_id, said)
    except Problem as refused:
        return _detail(request_id, refused, note)
    return redirect("/sup/todo?done=one", 303)  # type: ignore[return-value]


def _signature(shown: dict[str, str]) -> dict[str, str]:
    event = request.form.get("client_event_id", "")
    if len(event) != 32 or not set(event) <= set("0123456789abcdef"):
        raise InvalidBody("client_event_id", "32 hex digits")
    return {"client_event_id": event, "items_sha256": shown["items_sha256"]}


def _instant(name: str) -> str | None:
    """An instant the form carries; whatever is none is left out."""
    try:
        return clock.iso(clock.parse_iso(request.form.get(name, "")))
    except (ValueError, OverflowError):
        return None


def _detail(request_id: str, refused: Problem | None = None, note: str = "") -> Response:
    hint = refused.extra.get("hint") if refused else None
    wrong = bool(refused and refused.extra.get("field") == "note")
    response = render(
        "todo_one.html", one=todo.detail(runtime(), principal(), request_id), note=note, event_id=secrets.token_hex(16),
        note_error=hint if wrong else None, error=None if refused is None or wrong else hint or refused.title_text(),
        shown_at=clock.iso(clock.now()),
    )  # fmt: skip
    response.status_code = refused.status if refused else 200
    return response
