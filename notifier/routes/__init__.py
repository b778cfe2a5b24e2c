"""`/api/notifier`: the reader's own inbox."""

from __future__ import annotations

from typing import Any

from notifier import schemas
from notifier.usecases import inbox
from shared.http.api import Blueprint, CursorArgs, page_schema
from shared.http.app import runtime
from shared.http.auth import SELF, policy, principal
from shared.http.pages import cursor_page

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
