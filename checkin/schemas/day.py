"""An own date as its physician reads it."""

from __future__ import annotations

import marshmallow as ma

from checkin.schemas.answers import Handover
from checkin.schemas.office import Order
from checkin.schemas.requests import Correction, Leave
from checkin.schemas.spot import ObjectionView, SpotView


class DayNote(ma.Schema):
    """A note of a supervisor on half-days; it changes no figure."""

    sessions = ma.fields.List(ma.fields.String(), required=True)
    text = ma.fields.String(required=True)
    role_label = ma.fields.String(required=True)
    at = ma.fields.String(required=True)


class Substitution(ma.Schema):
    """Half-days on which somebody stood in; `mine`: the reader did, for `name`, else `name` for the reader."""

    sessions = ma.fields.List(ma.fields.String(), required=True)
    mine = ma.fields.Boolean(required=True)
    name = ma.fields.String(required=True)


class OwnDay(ma.Schema):
    """Everything about a date beside its taps; `posting_id` null where no own posting holds it."""

    date = ma.fields.String(required=True)
    posting_id = ma.fields.String(required=True, allow_none=True)
    corrections = ma.fields.List(ma.fields.Nested(Correction), required=True)
    leaves = ma.fields.List(ma.fields.Nested(Leave), required=True)
    orders = ma.fields.List(ma.fields.Nested(Order), required=True)
    checks = ma.fields.List(ma.fields.Nested(SpotView), required=True)
    objections = ma.fields.List(ma.fields.Nested(ObjectionView), required=True)
    notes = ma.fields.List(ma.fields.Nested(DayNote), required=True)
    substitutions = ma.fields.List(ma.fields.Nested(Substitution), required=True)
    handovers = ma.fields.List(ma.fields.Nested(Handover), required=True)
