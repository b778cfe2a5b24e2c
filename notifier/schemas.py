"""Shapes of /api/notifier."""

from __future__ import annotations

import marshmallow as ma


class MessageSchema(ma.Schema):
    """One message of the inbox. `state` is 「已完成」 once the thing it asks for was done, else null."""

    id = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    why = ma.fields.String(required=True)
    url = ma.fields.String(required=True, allow_none=True)
    created_at = ma.fields.String(required=True)
    read_at = ma.fields.String(required=True, allow_none=True)
    done_at = ma.fields.String(required=True, allow_none=True)
    state = ma.fields.String(required=True, allow_none=True)
