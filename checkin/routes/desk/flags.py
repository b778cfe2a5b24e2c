"""/sup/flags: doubts about taps, decided one at a time with a reason; a red one is the county's."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Response, request

from checkin.routes.pages import pages
from checkin.routes.requests import LEVELS, REVIEWERS
from checkin.usecases import doubts, flags
from checkin.usecases.deciding import Ruling
from shared import clock
from shared.http import forms
from shared.http.app import runtime
from shared.http.auth import policy, principal
from shared.http.pages import render
from shared.problems import Problem

BACK = dt.timedelta(days=62)


@pages.get("/sup/flags")
@policy("checkin.flag.page", allow=LEVELS)
def flag_list() -> Response:
    """Red flags of two months, the undecided first; with `all` the amber ones too."""
    return _page()


@pages.post("/sup/flags/<event_id>")
@policy("checkin.flag.decide_form", allow=REVIEWERS, object=flags.flagged, audit="decision")
def flag_decide(event_id: str) -> Response:
    """Decide one flag of one tap; a refusal is told on the page."""
    said = {name: request.form.get(name, "") for name in ("flag", "decision", "note", "replaces", "shown_at")}
    ruling = Ruling(said["decision"], said["note"][:500], said["replaces"] or None, _instant(said["shown_at"]), clock.iso(clock.now()))
    try:
        flags.decide_flag(runtime(), principal(), event_id, said["flag"], ruling)
    except Problem as refused:
        return _page(refused, (event_id, said["flag"]), said["note"])
    return forms.done("/sup/flags?all=1" if request.args.get("all") else "/sup/flags", "stored")


def _instant(text: str) -> str | None:
    try:
        return clock.iso(clock.parse_iso(text))
    except (ValueError, OverflowError):
        return None


def _page(refused: Problem | None = None, at: tuple[str, str] | None = None, note: str = "") -> Response:
    amber = bool(request.args.get("all"))
    rows: list[dict[str, Any]] = [
        {**row, "time": f"{clock.local(clock.parse_iso(row['at'])):%m-%d %H:%M}"}
        for row in doubts.listing(runtime(), principal(), clock.today() - BACK, amber=amber)
    ]  # fmt: skip
    response = render(
        "flags.html", rows=rows, amber=amber, error=forms.words(refused) if refused else None, at=at, note=note,
        decisions=doubts.DECISIONS, shown_at=clock.iso(clock.now()), done=request.args.get("done"),
        decider=principal().has(*REVIEWERS),
    )  # fmt: skip
    response.status_code = refused.status if refused else 200
    return response
