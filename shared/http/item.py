"""The envelope every record of a phone arrives in (evidence.md §4): key, device, sending. Checked, never changed.

What was signed is hashed as it came, so nothing here converts a value.
"""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from shared import clock
from shared.http.api import Body

HEX32, HEX64 = (ma.validate.Regexp(rf"^[0-9a-f]{{{n}}}\Z", error=f"{n} lower-case hex digits") for n in (32, 64))


def _instant(text: str) -> None:
    try:
        if not 1900 <= clock.parse_iso(text).year <= 2999:
            raise ma.ValidationError("a year from 1900 to 2999 is wanted")
    except (ValueError, OverflowError) as error:
        raise ma.ValidationError("an ISO 8601 instant with an offset is wanted") from error


class Flag(ma.fields.Boolean):
    """true or false and nothing that merely looks like it: the value is hashed as it came."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


def text(maximum: int, **options: Any) -> ma.fields.String:
    """A text of at most `maximum` characters, or null."""
    return ma.fields.String(validate=ma.validate.Length(max=maximum), allow_none=True, **options)


def instant(**options: Any) -> ma.fields.String:
    """An instant as ISO text with an offset, or null; it stays text."""
    return ma.fields.String(validate=[ma.validate.Length(max=40), _instant], allow_none=True, **options)


def whole(minimum: int = 0, maximum: int = 2**53 - 1) -> ma.fields.Integer:
    """A whole number, or null."""
    return ma.fields.Integer(strict=True, allow_none=True, validate=ma.validate.Range(minimum, maximum))


class Unsent(Body):
    """What a phone still holds: number, oldest time, sessions as "2026-11-23 am"."""

    count = ma.fields.Integer(strict=True, required=True, validate=ma.validate.Range(0, 100_000))
    oldest_at = instant()
    sessions = ma.fields.List(
        ma.fields.String(validate=ma.validate.Length(max=16)), validate=ma.validate.Length(max=100)
    )


class Sent(Body):
    """About this sending, not about the gesture: may differ between repeats."""

    sent_at = instant()
    attempt = whole()
    unsent = ma.fields.Nested(Unsent, allow_none=True)


class Device(Body):
    """Key and signature of the phone; what they prove is judged with the body they belong to."""

    thumbprint = ma.fields.String(required=True, validate=ma.validate.Length(max=64))
    signature = ma.fields.String(required=True, validate=ma.validate.Length(max=128))


class Sending(Body):
    """What every item carries beside the body it sends (evidence.md §4)."""

    device = ma.fields.Nested(Device, allow_none=True)
    sent = ma.fields.Nested(Sent, allow_none=True)
