"""What the routes of requests answer beside the requests themselves."""

from __future__ import annotations

import marshmallow as ma

from checkin.schemas.requests import Correction, Leave


class CorrectionAnswer(ma.Schema):
    """Receipt (the same bytes for a repeat) and the request."""

    receipt = ma.fields.Dict(required=True)
    correction = ma.fields.Nested(Correction, required=True)


class LeaveAnswer(ma.Schema):
    """Receipt (the same bytes for a repeat) and the request."""

    receipt = ma.fields.Dict(required=True)
    leave = ma.fields.Nested(Leave, required=True)


class Allowance(ma.Schema):
    """Whether a correction of a date may be asked for, until which date (24:00), and how many of the month are left."""

    date = ma.fields.String(required=True)
    until = ma.fields.String(required=True)
    limit = ma.fields.Integer(required=True)
    left = ma.fields.Integer(required=True)
    open = ma.fields.Boolean(required=True)
    workdays = ma.fields.Integer(required=True)
    outage = ma.fields.Boolean(required=True)


class Effect(ma.Schema):
    """What a leave would do. `half_days` of duty it covers; `leave_half_days` used with it, against `cap_workdays`;
    `earliest` full with it, `earliest_without`; `overlap`: half-days attended already, where presence wins."""

    half_days = ma.fields.Integer(required=True)
    level = ma.fields.Integer(required=True)
    approver = ma.fields.String(required=True)
    filed_late = ma.fields.Boolean(required=True)
    leave_half_days = ma.fields.Integer(required=True, allow_none=True)
    cap_workdays = ma.fields.Integer(required=True)
    earliest = ma.fields.String(required=True, allow_none=True)
    earliest_without = ma.fields.String(required=True, allow_none=True)
    breaks_on = ma.fields.String(required=True, allow_none=True)
    text = ma.fields.String(required=True)
    overlap = ma.fields.List(ma.fields.Dict(), required=True)


class ManyResult(ma.Schema):
    """What came of one decision: 200 and the new state, or the problem."""

    id = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    status = ma.fields.Integer(required=True)
    state = ma.fields.String()
    problem = ma.fields.Dict()


class ManyResults(ma.Schema):
    """The results of several decisions, in the order given."""

    results = ma.fields.List(ma.fields.Nested(ManyResult), required=True)


class Flipped(ma.Schema):
    """A tap after its direction was turned."""

    id = ma.fields.String(required=True)
    direction = ma.fields.String(required=True)
    direction_source = ma.fields.String(required=True)


class FlagDecided(ma.Schema):
    """A decided flag."""

    event_id = ma.fields.String(required=True)
    flag = ma.fields.String(required=True)
    decision = ma.fields.String(required=True)
    entry_id = ma.fields.String(required=True)
    at = ma.fields.String(required=True)


class Entered(ma.Schema):
    """The entry that was appended to the posting."""

    posting_id = ma.fields.String(required=True)
    entry_id = ma.fields.String(required=True)
    at = ma.fields.String(required=True)
    receipt = ma.fields.Dict(required=True)


class Handover(ma.Schema):
    """A handover; `waits_for` = the role of the next signature, null when complete; `may_sign`: it is the reader's."""

    id = ma.fields.String(required=True)
    posting_id = ma.fields.String(required=True)
    in_posting_id = ma.fields.String(required=True)
    items = ma.fields.List(ma.fields.String(), required=True)
    items_sha256 = ma.fields.String(required=True)
    step = ma.fields.String(required=True)
    waits_for = ma.fields.String(required=True, allow_none=True)
    signatures = ma.fields.List(ma.fields.Dict(), required=True)
    out_name = ma.fields.String(required=True)
    in_name = ma.fields.String(required=True)
    may_sign = ma.fields.Boolean(required=True)


class HandoverAnswer(ma.Schema):
    """Receipt (the same bytes for a repeat) and the handover."""

    receipt = ma.fields.Dict(required=True)
    handover = ma.fields.Nested(Handover, required=True)


class Successor(ma.Schema):
    """A posting that may take an own one over."""

    posting_id = ma.fields.String(required=True)
    in_posting_id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    start = ma.fields.String(required=True)


class Successors(ma.Schema):
    """To whom the reader may hand over."""

    items = ma.fields.List(ma.fields.Nested(Successor), required=True)


class Handovers(ma.Schema):
    """Handovers of the reader."""

    items = ma.fields.List(ma.fields.Nested(Handover), required=True)
