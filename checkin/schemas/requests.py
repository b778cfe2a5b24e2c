"""What requests, decisions and the facts of offices take and give. Bodies are checked, never changed."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from checkin.domain import requests
from checkin.schemas import Clinic
from shared.http.api import Body
from shared.http.item import HEX32, HEX64, Sending, instant, whole
from shared.http.item import text as maybe

DATE = ma.validate.Regexp(r"^\d{4}-\d{2}-\d{2}\Z", error="YYYY-MM-DD")
HALF = ma.validate.OneOf(("am", "pm"))


def required_text(maximum: int) -> ma.fields.String:
    """A text of 1 to `maximum` characters."""
    return ma.fields.String(required=True, validate=ma.validate.Length(1, maximum))


def files() -> ma.fields.List[Any]:
    """Hashes of uploaded files (PUT /api/records/attachments/<sha256>)."""
    return ma.fields.List(ma.fields.String(validate=HEX64), validate=ma.validate.Length(max=9), allow_none=True)


def halves() -> ma.fields.List[Any]:
    """One session or both."""
    return ma.fields.List(ma.fields.String(validate=HALF), required=True, validate=ma.validate.Length(1, 2))


def ends(**options: Any) -> dict[str, ma.fields.Field[Any]]:
    """Fields `from` and `to`, which are no Python names."""
    return {name: ma.fields.String(required=True, **options) for name in ("from", "to")}


class Phone(Body):
    """What every body of a phone carries."""

    client_event_id = ma.fields.String(required=True, validate=HEX32)
    person = required_text(36)
    device_seq = whole()
    device_prev = maybe(64)


class CorrectionBody(Phone):
    """A correction request. `claimed_in`, `claimed_out`: the true times, without them the half-days are claimed outright;
    `supersedes`: the taps that are wrong, or the own returned request; `posting_id`: of the recipient after an outage."""

    kind = ma.fields.String(validate=ma.validate.Equal("correction"))
    posting_id = maybe(36)
    service_date = ma.fields.String(required=True, validate=DATE)
    sessions = halves()
    clinic_id = required_text(36)
    what = ma.fields.String(required=True, validate=ma.validate.OneOf(requests.WHATS))
    claimed_in = instant()
    claimed_out = instant()
    reason_code = ma.fields.String(required=True, validate=ma.validate.OneOf(requests.REASONS))
    text = maybe(requests.MAX_TEXT)
    supersedes = ma.fields.List(required_text(36), validate=ma.validate.Length(max=10), allow_none=True)
    attachment_sha256 = files()


class CorrectionItem(Sending):
    """A correction request as it is sent (evidence.md §4)."""

    body = ma.fields.Nested(CorrectionBody, required=True)


class LeaveBody(Phone):
    """A leave request; `supersedes`: the own returned request it is filed for again."""

    kind = ma.fields.String(validate=ma.validate.Equal("leave"))
    type = ma.fields.String(required=True, validate=ma.validate.OneOf(requests.LEAVE_TYPES))
    from_session = ma.fields.String(validate=HALF)
    to_session = ma.fields.String(validate=HALF)
    reason_code = maybe(20)
    text = maybe(requests.MAX_TEXT)
    supersedes = maybe(36)
    attachment_sha256 = files()

    class Meta(Body.Meta):
        include = ends(validate=DATE)


class LeaveItem(Sending):
    """A leave request as it is sent (evidence.md §4)."""

    body = ma.fields.Nested(LeaveBody, required=True)


class ReturnBody(Phone):
    """Back from leave, now or since `returned_at`."""

    kind = ma.fields.String(validate=ma.validate.Equal("leave_return"))
    returned_at = instant()


class ReturnItem(Sending):
    """A return as it is sent."""

    body = ma.fields.Nested(ReturnBody, required=True)


class Cancellation(Body):
    """From which half-day the leave is cancelled; nothing = as a whole."""

    from_session = ma.fields.String(validate=HALF, load_default="am")

    class Meta(Body.Meta):
        include = {"from": ma.fields.String(validate=DATE, load_default=None)}  # noqa: RUF012


class EffectQuery(ma.Schema):
    """The leave that is thought of."""

    type = ma.fields.String(required=True, validate=ma.validate.OneOf(requests.LEAVE_TYPES))
    from_session = ma.fields.String(validate=HALF, load_default="am")
    to_session = ma.fields.String(validate=HALF, load_default="pm")

    class Meta(ma.Schema.Meta):
        include = ends(validate=DATE)


class Decision(Body):
    """A decision: the word, the reason (wanted for a refusal), the decision it replaces, when it was shown and tapped."""

    decision = required_text(12)
    note = maybe(500)
    replaces = maybe(36)
    shown_at = instant()
    tapped_at = instant()


class OneOfMany(Body):
    """One decision among several."""

    kind = ma.fields.String(required=True, validate=ma.validate.OneOf(("correction", "leave", "ordered_work")))
    id = required_text(36)
    decision = required_text(12)
    note = maybe(500)
    replaces = maybe(36)


class Many(Body):
    """Up to twenty decisions with one tap."""

    items = ma.fields.List(ma.fields.Nested(OneOfMany), required=True, validate=ma.validate.Length(1, 20))
    shown_at = instant()
    tapped_at = instant()


class DateQuery(ma.Schema):
    """`?date=2026-11-23`."""

    date = ma.fields.String(required=True, validate=DATE)


class DecisionView(ma.Schema):
    """A decision; earlier ones stay visible."""

    decision = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    note = ma.fields.String(required=True)
    by = ma.fields.String(required=True)
    role_label = ma.fields.String(required=True)
    at = ma.fields.String(required=True)
    entry_id = ma.fields.String(required=True, allow_none=True)
    blanket = ma.fields.Boolean(required=True)
    earlier = ma.fields.List(ma.fields.Dict())


class Correction(ma.Schema):
    """A correction request with its state."""

    id = ma.fields.String(required=True)
    posting_id = ma.fields.String(required=True)
    service_date = ma.fields.String(required=True)
    sessions = ma.fields.List(ma.fields.String(), required=True)
    clinic = ma.fields.Nested(Clinic, required=True)
    what = ma.fields.String(required=True)
    claimed = ma.fields.Dict(required=True)
    reason_code = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    attachment_sha256 = ma.fields.List(ma.fields.String(), required=True)
    outage = ma.fields.Boolean(required=True)
    filed_at = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    state_label = ma.fields.String(required=True)
    decision = ma.fields.Nested(DecisionView, required=True, allow_none=True)


class Leave(ma.Schema):
    """A leave request with its state; `level` = the lowest that approves it."""

    id = ma.fields.String(required=True)
    posting_id = ma.fields.String(required=True)
    type = ma.fields.String(required=True)
    from_session = ma.fields.String(required=True)
    to_session = ma.fields.String(required=True)
    half_days = ma.fields.Integer(required=True)
    level = ma.fields.Integer(required=True)
    filed_at = ma.fields.String(required=True)
    filed_late = ma.fields.Boolean(required=True)
    returned_at = ma.fields.String(required=True, allow_none=True)
    state = ma.fields.String(required=True)
    state_label = ma.fields.String(required=True)
    decision = ma.fields.Nested(DecisionView, required=True, allow_none=True)

    class Meta(ma.Schema.Meta):
        include = ends()
