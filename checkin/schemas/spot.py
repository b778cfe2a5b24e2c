"""Spot checks, countersigns and objections: what goes in and out. Bodies are checked, never changed."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from checkin.domain.independence import MAX_TARGETS, STATEMENTS
from checkin.schemas import Location, Tap
from checkin.schemas.requests import Phone
from checkin.usecases.countersigns import KINDS
from checkin.usecases.objections import REASONS, TARGETS
from checkin.usecases.spot.deciding import METHODS
from shared.attendance.spot import RESULTS
from shared.http.api import Body
from shared.http.item import HEX32, HEX64, Flag, Sending, instant, text, whole

one_of = ma.validate.OneOf


class SpotAnswer(Tap):
    """The signed part of an answer: the code as in a tap, or the clinic's id with a location; a photo proves nothing."""

    kind = ma.fields.String(validate=ma.validate.Equal("spot"))
    check_id = ma.fields.String(required=True, validate=ma.validate.Length(max=36))
    photo_sha256 = ma.fields.List(ma.fields.String(validate=HEX64), validate=ma.validate.Length(max=3))
    declaration = Flag()

    @ma.validates_schema
    def _declares(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("photo_sha256") and not data.get("declaration"):
            raise ma.ValidationError("the no-patient-face declaration is wanted", "declaration")


class SpotItem(Sending):
    """One answer as it is sent (evidence.md §4)."""

    body = ma.fields.Nested(SpotAnswer, required=True)
    location = ma.fields.Nested(Location, allow_none=True)


class SpotBusy(Body):
    """「正在接诊/抢救」: no reason, no patient."""

    client_event_id = ma.fields.String(required=True, validate=HEX32)
    person = ma.fields.String(required=True, validate=ma.validate.Length(max=36))
    check_id = ma.fields.String(required=True, validate=ma.validate.Length(max=36))
    said_at = instant()
    device_seq = whole()
    device_prev = text(64)


class BusyItem(Sending):
    """The same as it is sent."""

    body = ma.fields.Nested(SpotBusy, required=True)


class SpotDecision(Body):
    """What a person found, and how; `replaces` = entry id of the decision it takes the place of."""

    result = ma.fields.String(required=True, validate=one_of(RESULTS))
    method = ma.fields.String(required=True, validate=one_of(METHODS))
    note = text(500)
    replaces = text(36)


class OwnSpot(Body):
    """A check of one's own: a named posting, or none for one drawn among those on duty now."""

    posting_id = text(36)


class Place(ma.Schema):
    """A clinic by name."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class SpotView(ma.Schema):
    """One check. Times are instants; `answerable` and `may_say_busy` say which buttons to show; the last fields are a
    supervisor's: `busy_share` = [busy, issued] of the physician, a question and no accusation."""

    id = ma.fields.String(required=True)
    service_date = ma.fields.String(required=True)
    session = ma.fields.String(required=True)
    origin = ma.fields.String(required=True)
    origin_words = ma.fields.String(required=True)
    why = ma.fields.String(required=True)
    outside = ma.fields.Boolean(required=True)
    state = ma.fields.String(required=True)
    state_words = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)
    clinic = ma.fields.Nested(Place, required=True)
    issued_at = ma.fields.String(required=True, allow_none=True)
    deadline = ma.fields.String(required=True, allow_none=True)
    busy_until = ma.fields.String(required=True, allow_none=True)
    met_until = ma.fields.String(required=True, allow_none=True)
    seconds_left = ma.fields.Integer(required=True)
    answerable = ma.fields.Boolean(required=True)
    may_say_busy = ma.fields.Boolean(required=True)
    busy = ma.fields.Boolean(required=True)
    needs_decision = ma.fields.Boolean(required=True)
    decision = ma.fields.Dict(required=True, allow_none=True)
    name = ma.fields.String()
    posting_id = ma.fields.String()
    answers = ma.fields.List(ma.fields.Dict())
    overdue = ma.fields.Boolean()
    busy_share = ma.fields.List(ma.fields.Integer())


class SpotAnswered(ma.Schema):
    """A recorded answer: receipt, what it is worth (in_time, late, insufficient) in words, the check."""

    receipt = ma.fields.Dict(required=True)
    verdict = ma.fields.String()
    verdict_words = ma.fields.String()
    check = ma.fields.Nested(SpotView, required=True)


class Signing(Body):
    """Confirm, decline or withdraw about at most 20 records, each named."""

    act = ma.fields.String(required=True, validate=one_of(tuple(KINDS)))
    targets = ma.fields.List(
        ma.fields.String(validate=ma.validate.Length(1, 36)), required=True, validate=ma.validate.Length(1, MAX_TARGETS)
    )
    statement = ma.fields.String(validate=one_of(tuple(STATEMENTS)), allow_none=True)
    reason_code = text(16)
    shown_at = instant()
    tapped_at = instant()


class Signed(ma.Schema):
    """What the caller has now said of each record."""

    items = ma.fields.List(ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String()), required=True)


class Waiting(ma.Schema):
    """A record that waits for a signature; `needed`: it does not count (or is weak) without one. No coordinates."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    clinic = ma.fields.String(required=True)
    service_date = ma.fields.String(required=True)
    session = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    effective_at = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    needed = ma.fields.Boolean(required=True)
    until = ma.fields.String(required=True)
    in_time = ma.fields.Boolean(required=True)


class WaitingList(ma.Schema):
    """At most 20 of them."""

    items = ma.fields.List(ma.fields.Nested(Waiting), required=True)


class NewObjection(Phone):
    """An objection against an entry, grade, flag, check or month line of a posting."""

    kind = ma.fields.String(validate=ma.validate.Equal("objection"))
    posting_id = ma.fields.String(required=True, validate=ma.validate.Length(max=36))
    target_kind = ma.fields.String(required=True, validate=one_of(TARGETS))
    target = ma.fields.String(required=True, validate=ma.validate.Length(1, 80))
    reason_code = ma.fields.String(required=True, validate=one_of(tuple(REASONS)))
    text = ma.fields.String(required=True, validate=ma.validate.Length(1, 1000))


class ObjectionItem(Sending):
    """An objection as it is sent (evidence.md §4)."""

    body = ma.fields.Nested(NewObjection, required=True)


class Verdict(Body):
    """What was decided about an objection, with the reason."""

    decision = ma.fields.String(required=True, validate=one_of(("upheld", "rejected")))
    note = ma.fields.String(required=True, validate=ma.validate.Length(1, 500))


class ObjectionView(ma.Schema):
    """One objection with its state."""

    id = ma.fields.String(required=True)
    posting_id = ma.fields.String(required=True)
    target_kind = ma.fields.String(required=True)
    target = ma.fields.String(required=True)
    reason_code = ma.fields.String(required=True)
    reason_words = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    state_words = ma.fields.String(required=True)
    filed_role = ma.fields.String(required=True)
    filed_role_words = ma.fields.String(required=True)
    filed_at = ma.fields.String(required=True)
    due = ma.fields.String(required=True)
    decision = ma.fields.Dict(required=True, allow_none=True)
    disputes_presence = ma.fields.Boolean(required=True)


class ObjectionAnswer(ma.Schema):
    """Receipt (the same bytes for a repeat) and the objection."""

    receipt = ma.fields.Dict(required=True)
    objection = ma.fields.Nested(ObjectionView, required=True)
