"""Shapes of /api/notifier."""

from __future__ import annotations

import marshmallow as ma

from notifier.domain.rows import LEVELS


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


class LevelSchema(ma.Schema):
    """A level and its word."""

    level = ma.fields.String(required=True)
    label = ma.fields.String(required=True)


class PreferenceSchema(ma.Schema):
    """One row as its reader has set it."""

    type = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    level = ma.fields.String(required=True)
    usual = ma.fields.String(required=True)
    levels = ma.fields.List(ma.fields.Nested(LevelSchema), required=True)


class PreferencesSchema(ma.Schema):
    """The rows of a reader."""

    items = ma.fields.List(ma.fields.Nested(PreferenceSchema), required=True)


class LevelBody(ma.Schema):
    """The level chosen."""

    level = ma.fields.String(required=True, validate=ma.validate.OneOf(LEVELS))


class NudgeSchema(ma.Schema):
    """A manual reminder: its exact words, the last one, and when the next may go out (null: now)."""

    posting_id = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    why = ma.fields.String(required=True)
    last_at = ma.fields.String(required=True, allow_none=True)
    free_at = ma.fields.String(required=True, allow_none=True)


class DroppedSchema(ma.Schema):
    """How many were dropped for one reason."""

    reason = ma.fields.String(required=True)
    count = ma.fields.Integer(required=True)


class RuleSchema(ma.Schema):
    """One row of the table with its figures of four weeks; `acted`: the fact changed within two hours."""

    type = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    class_ = ma.fields.String(required=True, attribute="class", data_key="class")
    usual = ma.fields.String(required=True)
    enabled = ma.fields.Boolean(required=True)
    times = ma.fields.List(ma.fields.String(), required=True)
    planned = ma.fields.Integer(required=True)
    pushed = ma.fields.Integer(required=True)
    told = ma.fields.Integer(required=True)
    opened = ma.fields.Integer(required=True)
    acted = ma.fields.Integer(required=True)
    acted_percent = ma.fields.Integer(required=True, allow_none=True)
    dropped = ma.fields.List(ma.fields.Nested(DroppedSchema), required=True)
    advice = ma.fields.String(required=True, allow_none=True)


class RulesSchema(ma.Schema):
    """Every row."""

    items = ma.fields.List(ma.fields.Nested(RuleSchema), required=True)


class SwitchBody(ma.Schema):
    """On or off."""

    enabled = ma.fields.Boolean(required=True)


class SwitchedSchema(ma.Schema):
    """A row and whether it is on."""

    type = ma.fields.String(required=True)
    enabled = ma.fields.Boolean(required=True)


class DryRunSchema(ma.Schema):
    """How many persons a row would tell on a date."""

    type = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    date = ma.fields.String(required=True)
    people = ma.fields.Integer(required=True)


class TriedSchema(ma.Schema):
    """What was sent to oneself."""

    type = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
