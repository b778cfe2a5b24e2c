"""The desk's pages: /sup/me (own levels), /sup/remind (a manual reminder), /console/reminders. Plain forms, no script."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, request

from notifier.domain.rows import LEVELS
from notifier.routes.api import ADMINISTRATORS, SENDERS
from notifier.usecases import administration, nudge, preferences
from shared import clock
from shared.http.app import runtime
from shared.http.auth import OWN_AREA, OWN_COUNTY, OWN_ORG, OWN_PAIR, policy, principal
from shared.http.pages import page_blueprint, render
from shared.problems import InvalidBody, Problem

blueprint = page_blueprint("notifier_desk")

READERS = {"recipient_admin": OWN_ORG, "supporter_admin": OWN_PAIR, "quality_office": OWN_PAIR, "hr_officer": OWN_PAIR,
           "county_officer": OWN_COUNTY, "city_officer": OWN_AREA}  # fmt: skip
DONE = {"level": "已保存。", "on": "已开启。", "off": "已关闭,不再发送。", "tried": "已发给您自己,请到消息里查看。", "sent": "已提醒。"}


@blueprint.get("/sup/me")
@policy("notifier.preference.page", allow=READERS)
def levels() -> Response:
    """The reader's rows with their levels."""
    return _levels()


@blueprint.post("/sup/me/levels/<kind>")
@policy("notifier.preference.form", allow=READERS, values=("kind",))
def level(kind: str) -> Response:
    """Choose one level, or read why not."""
    try:
        if (wanted := request.form.get("level", "")) not in LEVELS:
            raise InvalidBody("level", "nothing chosen", hint="请选择")
        preferences.choose(runtime(), principal(), kind, wanted)
    except Problem as refused:
        return _levels(refused)
    return _back("/sup/me", "level")


@blueprint.get("/sup/remind/<posting_id>")
@policy("notifier.nudge.page", allow=SENDERS, object=nudge.supervised)
def remind(posting_id: str) -> Response:
    """The exact words, the last reminder, one button."""
    return _remind(posting_id)


@blueprint.post("/sup/remind/<posting_id>")
@policy("notifier.nudge.form", allow=SENDERS, object=nudge.supervised, audit="decision", limit="60/h")
def send(posting_id: str) -> Response:
    """Send it, or read why not."""
    try:
        nudge.send(runtime(), principal(), posting_id)
    except Problem as refused:
        return _remind(posting_id, refused)
    return _back(f"/sup/remind/{posting_id}", "sent")


@blueprint.get("/console/reminders")
@policy("notifier.rule.page", allow=ADMINISTRATORS)
def rules() -> Response:
    """Every row with its switch and figures; with `dry` how many one would tell."""
    dry = request.args.get("dry", "")
    counted = administration.dry_run(runtime(), principal(), dry) if dry else None
    return _page("reminders.html", None, rows=administration.listed(runtime()), counted=counted)


@blueprint.post("/console/reminders/<kind>/switch")
@policy("notifier.rule.switch_form", allow=ADMINISTRATORS, values=("kind",), audit="decision")
def switch(kind: str) -> Response:
    """On or off."""
    enabled = request.form.get("enabled") == "yes"
    administration.switch(runtime(), principal(), kind, enabled=enabled)
    return _back("/console/reminders", "on" if enabled else "off")


@blueprint.post("/console/reminders/<kind>/try")
@policy("notifier.rule.try_form", allow=ADMINISTRATORS, values=("kind",), audit="decision", limit="30/h")
def try_one(kind: str) -> Response:
    """One to oneself."""
    administration.try_out(runtime(), principal(), kind)
    return _back("/console/reminders", "tried")


def _levels(refused: Problem | None = None) -> Response:
    return _page("levels.html", refused, rows=preferences.listed(runtime(), principal()))


def _remind(posting_id: str, refused: Problem | None = None) -> Response:
    gap: dict[str, Any] | None = None
    try:
        gap = nudge.shown(runtime(), principal(), posting_id)
    except nudge.NothingMissing as nothing:
        refused = refused or (None if request.args.get("done") else nothing)
    times = {name: f"{clock.local(clock.parse_iso(gap[name])):%m-%d %H:%M}" if gap and gap[name] else None for name in ("last_at", "free_at")}
    return _page("remind.html", refused, gap=gap, times=times, posting_id=posting_id)


def _back(address: str, done: str) -> Response:
    return redirect(f"{address}?done={done}", 303)  # type: ignore[return-value]


def _page(template: str, refused: Problem | None, **context: Any) -> Response:
    response = render(
        template, error=refused.title_text() if refused else None, done=DONE.get(request.args.get("done", "")), **context,
    )  # fmt: skip
    response.status_code = refused.status if refused else 200
    return response
