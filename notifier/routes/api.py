"""`/api/notifier`: the reader's own inbox and levels, manual reminders, the administrator's rows."""

from __future__ import annotations

from typing import Any

from notifier import schemas
from notifier.usecases import administration, inbox, nudge, preferences
from shared.http.api import Blueprint, CursorArgs, page_schema
from shared.http.app import runtime
from shared.http.auth import ANY, OWN_COUNTY, OWN_ORG, OWN_PAIR, SELF, policy, principal
from shared.http.pages import cursor_page

ADMINISTRATORS = {"system_admin": ANY}
SENDERS = {"recipient_admin": OWN_ORG, "supporter_admin": OWN_PAIR, "county_officer": OWN_COUNTY}

blp = Blueprint("notifier", __name__, url_prefix="/api/notifier", description="消息")


@blp.route("/inbox")
@policy("notifier.inbox.list", allow=SELF)
@blp.arguments(CursorArgs, location="query")
@blp.response(200, page_schema(schemas.MessageSchema))
def list_inbox(args: dict[str, Any]) -> dict[str, Any]:
    """The reader's own messages, newest first."""
    rows = inbox.page(runtime(), principal(), args["after"], args["limit"])
    return cursor_page(rows, args["limit"], lambda row: (row["created_at"], row["id"]))


@blp.route("/inbox/<item_id>/read", methods=["POST"])
@policy("notifier.inbox.read", allow=SELF, object=inbox.own_item)
@blp.response(200, schemas.MessageSchema)
def read_message(item_id: str) -> dict[str, Any]:
    """Mark an own message as read; a repeat changes nothing."""
    return inbox.mark_read(runtime(), principal(), item_id)


@blp.route("/preferences")
@policy("notifier.preference.list", allow=SELF)
@blp.response(200, schemas.PreferencesSchema)
def list_preferences() -> dict[str, Any]:
    """The rows the reader may receive, with his level and those he may choose."""
    return {"items": preferences.listed(runtime(), principal())}


@blp.route("/preferences/<kind>", methods=["PUT"])
@policy("notifier.preference.choose", allow=SELF, values=("kind",))
@blp.arguments(schemas.LevelBody)
@blp.response(200, schemas.PreferenceSchema)
def choose_level(body: dict[str, Any], kind: str) -> dict[str, Any]:
    """Choose the level of one row (level-not-allowed below its floor)."""
    return preferences.choose(runtime(), principal(), kind, body["level"])


@blp.route("/nudges/<posting_id>")
@policy("notifier.nudge.read", allow=SENDERS, object=nudge.supervised)
@blp.response(200, schemas.NudgeSchema)
def read_nudge(posting_id: str) -> dict[str, Any]:
    """What a reminder to this physician would say now, and when the last one went out (nothing-missing)."""
    return nudge.shown(runtime(), principal(), posting_id)


@blp.route("/nudges/<posting_id>", methods=["POST"])
@policy("notifier.nudge.send", allow=SENDERS, object=nudge.supervised, audit="decision", limit="60/h")
@blp.response(201, schemas.NudgeSchema)
def send_nudge(posting_id: str) -> dict[str, Any]:
    """Send it (nothing-missing, nudge-too-soon, nudge-hours)."""
    return nudge.send(runtime(), principal(), posting_id)


@blp.route("/rules")
@policy("notifier.rule.list", allow=ADMINISTRATORS)
@blp.response(200, schemas.RulesSchema)
def list_rules() -> dict[str, Any]:
    """Every row with its switch, times and figures of four weeks."""
    return {"items": administration.listed(runtime())}


@blp.route("/rules/<kind>", methods=["PUT"])
@policy("notifier.rule.switch", allow=ADMINISTRATORS, values=("kind",), audit="decision")
@blp.arguments(schemas.SwitchBody)
@blp.response(200, schemas.SwitchedSchema)
def switch_rule(body: dict[str, Any], kind: str) -> dict[str, Any]:
    """Switch a row on or off."""
    return administration.switch(runtime(), principal(), kind, enabled=body["enabled"])


@blp.route("/rules/<kind>/dry-run")
@policy("notifier.rule.dry_run", allow=ADMINISTRATORS, values=("kind",))
@blp.response(200, schemas.DryRunSchema)
def dry_run(kind: str) -> dict[str, Any]:
    """How many persons it would tell on the next day it is due."""
    return administration.dry_run(runtime(), principal(), kind)


@blp.route("/rules/<kind>/try", methods=["POST"])
@policy("notifier.rule.try", allow=ADMINISTRATORS, values=("kind",), audit="decision", limit="30/h")
@blp.response(201, schemas.TriedSchema)
def try_rule(kind: str) -> dict[str, Any]:
    """Send one to oneself."""
    return administration.try_out(runtime(), principal(), kind)
