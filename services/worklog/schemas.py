"""What the work log takes and gives. Bodies are checked, never changed: what was signed is hashed as it came."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from services.worklog.domain import entries
from shared.http.api import Body
from shared.http.item import HEX32, HEX64, Flag, Sending

DATE = ma.validate.Regexp(r"^\d{4}-\d{2}-\d{2}\Z", error="YYYY-MM-DD")


def string(maximum: int, minimum: int = 0, **options: Any) -> ma.fields.String:
    """A text of minimum to maximum characters."""
    return ma.fields.String(validate=ma.validate.Length(minimum, maximum), **options)


def refs() -> ma.fields.List[Any]:
    """Numbers of medical documents; what they may look like is the domain's business."""
    return ma.fields.List(string(80), validate=ma.validate.Length(max=entries.MAX_REFS), allow_none=True)


def whole(**options: Any) -> ma.fields.Integer:
    """A whole number or null (未报); its range is the domain's business."""
    bounds = ma.validate.Range(0, 1_000_000)
    return ma.fields.Integer(strict=True, allow_none=True, validate=bounds, **options)


class Signed(Body):
    """What every body a phone signs may carry: its place in the chain of that phone's bodies (evidence.md §6.1)."""

    device_seq = whole()
    device_prev = string(64, allow_none=True)


class HalfDay(Signed):
    """A half-day: outpatient with `visits`, any other type with `times`; null = 未报."""

    client_event_id = ma.fields.String(required=True, validate=HEX32)
    kind = ma.fields.String(validate=ma.validate.Equal("half_day"))
    person = string(36, required=True)
    type = ma.fields.String(validate=ma.validate.OneOf(entries.TYPES))
    service_date = ma.fields.String(required=True, validate=DATE)
    session = ma.fields.String(required=True, validate=ma.validate.OneOf(("am", "pm")))
    clinic_id = string(36, allow_none=True)
    department = string(50, allow_none=True)
    visits = whole()
    times = whole()
    record_ref = refs()
    notes = string(entries.MAX_NOTES, allow_none=True)


class Activity(Body):
    """One activity of a diary."""

    kind = ma.fields.String(required=True, validate=ma.validate.OneOf(entries.ACTIVITIES))
    count = whole()
    people = whole()
    record_ref = refs()


class Diary(Signed):
    """A diary; photo_sha256 are hashes of uploaded bytes, declaration is needed with photos."""

    client_event_id = ma.fields.String(required=True, validate=HEX32)
    kind = ma.fields.String(validate=ma.validate.Equal("diary"))
    person = string(36, required=True)
    service_date = ma.fields.String(required=True, validate=DATE)
    text = string(entries.MAX_TEXT, required=True)
    activities = ma.fields.List(
        ma.fields.Nested(Activity), validate=ma.validate.Length(max=entries.MAX_ACTIVITIES), allow_none=True
    )
    photo_sha256 = ma.fields.List(
        ma.fields.String(validate=HEX64), validate=ma.validate.Length(max=entries.MAX_PHOTOS), allow_none=True
    )
    declaration = Flag(allow_none=True)


class HalfDayItem(Sending):
    """One half-day as it is sent (evidence.md §4)."""

    body = ma.fields.Nested(HalfDay, required=True)


class DiaryItem(Sending):
    """One diary as it is sent (evidence.md §4)."""

    body = ma.fields.Nested(Diary, required=True)


class Clinic(ma.Schema):
    """A clinic by name."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class HalfDayView(ma.Schema):
    """A half-day as it was written down; `unattended`: no presence at that session was known then."""

    id = ma.fields.String(required=True)
    service_date = ma.fields.String(required=True)
    session = ma.fields.String(required=True)
    type = ma.fields.String(required=True)
    department = ma.fields.String(required=True, allow_none=True)
    visits = ma.fields.Integer(required=True, allow_none=True)
    times = ma.fields.Integer(required=True, allow_none=True)
    record_ref = ma.fields.List(ma.fields.String(), required=True)
    notes = ma.fields.String(required=True)
    unattended = ma.fields.Boolean(required=True)
    filed_at = ma.fields.String(required=True)
    clinic = ma.fields.Nested(Clinic, required=True)


class DiaryView(ma.Schema):
    """A diary as it was handed in."""

    id = ma.fields.String(required=True)
    service_date = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    activities = ma.fields.List(ma.fields.Dict(), required=True)
    photo_sha256 = ma.fields.List(ma.fields.String(), required=True)
    filed_at = ma.fields.String(required=True)


class HalfDayAnswer(ma.Schema):
    """Receipt (the same bytes for a repeat) and the half-day."""

    receipt = ma.fields.Dict(required=True)
    half_day = ma.fields.Nested(HalfDayView, required=True)


class DiaryAnswer(ma.Schema):
    """Receipt (the same bytes for a repeat) and the diary."""

    receipt = ma.fields.Dict(required=True)
    diary = ma.fields.Nested(DiaryView, required=True)


class Photo(ma.Schema):
    """A stored photo: hash of the uploaded bytes, hash and size of the stored ones, pixels."""

    sha256 = ma.fields.String(required=True)
    stored_sha256 = ma.fields.String(required=True)
    bytes = ma.fields.Integer(required=True)
    width = ma.fields.Integer(required=True, allow_none=True)
    height = ma.fields.Integer(required=True, allow_none=True)
