"""What check-in takes and gives. Bodies are checked, never changed: what was signed is hashed as it came."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from shared.http.api import Body
from shared.http.item import HEX32, HEX64, Flag, Sending, Unsent, instant, text, whole

LOC_FAILURES = (
    "not_asked", "denied", "timeout", "unavailable", "page_hidden", "unsupported", "insecure", "no_consent", "invalid",
)  # fmt: skip
MAX_BATCH = 50
MAX_BATCH_BYTES = 256 * 1024


class Location(Body):
    """Coordinates in 1e-6 degree, lengths in decimetres; kept with the person's consent alone."""

    salt = ma.fields.String(required=True, validate=ma.validate.Length(max=64))
    lat_e6 = whole(-90_000_000, 90_000_000)
    lon_e6 = whole(-180_000_000, 180_000_000)
    crs = ma.fields.String(validate=ma.validate.OneOf(("wgs84", "gcj02")), allow_none=True)
    accuracy_dm = whole()
    altitude_dm = whole(-100_000)
    captured_at = instant()
    source = ma.fields.String(
        validate=ma.validate.OneOf(("wx_sdk", "ww_sdk", "browser", "mini_program")), allow_none=True
    )


class Tap(Body):
    """The signed part of one tap. The clinic is known by its site_token, by clinic_id, or by 8 digits alone."""

    client_event_id = ma.fields.String(required=True, validate=HEX32)
    kind = ma.fields.String(validate=ma.validate.Equal("attendance"))
    person = ma.fields.String(required=True, validate=ma.validate.Length(max=36))
    site_token = text(64)
    clinic_id = text(36)
    direction = ma.fields.String(validate=ma.validate.OneOf(("in", "out")), allow_none=True)
    ticket = text(600)
    k = text(64)
    typed = ma.fields.String(validate=ma.validate.Regexp(r"^[0-9]{8}\Z", error="8 digits"), allow_none=True)
    online = Flag()
    device_time = instant()
    mono_ms = whole()
    beacon_id = text(64)
    beacon_age_ms = whole()
    device_seq = whole()
    device_prev = text(64)
    loc = ma.fields.String(validate=HEX64, allow_none=True)
    loc_failure = ma.fields.String(validate=ma.validate.OneOf(LOC_FAILURES), allow_none=True)

    @ma.validates_schema
    def _names_a_clinic(self, data: dict[str, Any], **_: Any) -> None:
        if not (data.get("site_token") or data.get("clinic_id") or data.get("typed")):
            raise ma.ValidationError("site_token, clinic_id or typed is wanted", "site_token")


class Item(Sending):
    """One tap as it is sent (evidence.md §4)."""

    body = ma.fields.Nested(Tap, required=True)
    location = ma.fields.Nested(Location, allow_none=True)


class Batch(Body):
    """Up to 50 taps; each is checked and answered by itself."""

    items = ma.fields.List(ma.fields.Dict(), required=True, validate=ma.validate.Length(1, MAX_BATCH))


class Contact(Body):
    """A phone's report of what it still holds."""

    unsent = ma.fields.Nested(Unsent, required=True)
    device = text(64)


class Clinic(ma.Schema):
    """A clinic by name."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class Mark(ma.Schema):
    """One flag of a tap in words; a red one keeps the tap out of the figures while it is open. state: open, dismissed, upheld."""

    flag = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    red = ma.fields.Boolean(required=True)
    state = ma.fields.String(required=True)


class Attendance(ma.Schema):
    """One tap as judged; `evidence_line` and `location_line` are the sentences to show, `grade` is the one so far.

    A tap recorded before there were grades has none; `missing`: codes of what would have made the evidence stronger.
    """

    id = ma.fields.String(required=True)
    direction = ma.fields.String(required=True)
    session = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    clinic = ma.fields.Nested(Clinic, required=True)
    service_date = ma.fields.String(required=True)
    effective_at = ma.fields.String(required=True)
    received_at = ma.fields.String(required=True)
    strength = ma.fields.String(required=True)
    flags = ma.fields.List(ma.fields.String(), required=True)
    evidence_line = ma.fields.String(required=True)
    grade = ma.fields.String(required=True, allow_none=True)
    grade_version = ma.fields.String(required=True, allow_none=True)
    counts = ma.fields.Boolean(required=True, allow_none=True)
    reason = ma.fields.String(required=True, allow_none=True)
    missing = ma.fields.List(ma.fields.String(), required=True)
    missing_text = ma.fields.List(ma.fields.String(), required=True)
    location_line = ma.fields.String(required=True)
    seq = ma.fields.Integer(required=True)
    device_time = ma.fields.String(allow_none=True)
    marks = ma.fields.List(ma.fields.Nested(Mark))


class Week(ma.Schema):
    """The week's progress in one line; empty before the first fold."""

    period = ma.fields.String(required=True)
    line = ma.fields.String(required=True)


class Answer(ma.Schema):
    """A recorded tap: the receipt (the same bytes for a repeat), the tap as judged, the week."""

    receipt = ma.fields.Dict(required=True)
    attendance = ma.fields.Nested(Attendance, required=True)
    progress = ma.fields.Nested(Week, required=True)
    beacon = ma.fields.Dict(required=True, allow_none=True)
    server_time = ma.fields.String(required=True)


class Result(ma.Schema):
    """The answer to one item of a batch: receipt, or the problem."""

    client_event_id = ma.fields.String(required=True, allow_none=True)
    status = ma.fields.Integer(required=True)
    receipt = ma.fields.Dict()
    problem = ma.fields.Dict()


class Results(ma.Schema):
    """The answers to a batch, in the order given."""

    results = ma.fields.List(ma.fields.Nested(Result), required=True)


class Known(ma.Schema):
    """A record the server has."""

    client_event_id = ma.fields.String(required=True)
    seq = ma.fields.Integer(required=True)
    at = ma.fields.String(required=True)


class ContactAnswer(ma.Schema):
    """Server time and the newest 20 own records the server has."""

    beacon = ma.fields.Dict(required=True, allow_none=True)
    server_time = ma.fields.String(required=True)
    known = ma.fields.List(ma.fields.Nested(Known), required=True)


class Issued(ma.Schema):
    """An issued poster and where its files are."""

    id = ma.fields.String(required=True)
    clinic_id = ma.fields.String(required=True)
    links = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)
