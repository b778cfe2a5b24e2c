"""What offices and handovers send: ordered work, flags, arrivals, notes, signatures; and the direction of a tap."""

from __future__ import annotations

import marshmallow as ma

from checkin.domain import requests
from checkin.schemas.requests import DATE, HALF, Decision, DecisionView, Phone, ends, files, halves, required_text
from shared.http.api import Body
from shared.http.item import HEX32, HEX64, Flag, Sending


class OrderBody(Body):
    """Ordered work of a posting."""

    client_event_id = ma.fields.String(required=True, validate=HEX32)
    posting_id = required_text(36)
    kind = ma.fields.String(required=True, validate=ma.validate.OneOf(requests.ORDER_KINDS))
    doc_no = required_text(100)
    issuer = required_text(100)
    issuer_level = ma.fields.String(
        required=True, validate=ma.validate.OneOf(("supporter", "county", "city", "province", "national"))
    )
    from_session = ma.fields.String(validate=HALF)
    to_session = ma.fields.String(validate=HALF)
    attachment_sha256 = files()

    class Meta(Body.Meta):
        include = ends(validate=DATE)


class FlagDecision(Decision):
    """A decision on one flag."""

    flag = required_text(40)


class Revocation(Body):
    """Why ordered work is taken back."""

    reason_code = required_text(100)


class Flip(Body):
    """The direction a tap was meant to have."""

    client_event_id = ma.fields.String(required=True, validate=HEX32)
    direction = ma.fields.String(required=True, validate=ma.validate.OneOf(("in", "out")))


class Arrival(Body):
    """The physician arrived in person."""

    client_event_id = ma.fields.String(required=True, validate=HEX32)
    posting_id = required_text(36)
    date = ma.fields.String(required=True, validate=DATE)
    session = ma.fields.String(required=True, validate=HALF)
    id_shown = Flag(required=True)


class Note(Body):
    """A note on half-days of a posting."""

    client_event_id = ma.fields.String(required=True, validate=HEX32)
    posting_id = required_text(36)
    service_date = ma.fields.String(required=True, validate=DATE)
    sessions = halves()
    text = required_text(500)


class HandoverBody(Phone):
    """What the outgoing physician hands over, and to whom."""

    kind = ma.fields.String(validate=ma.validate.Equal("handover"))
    posting_id = required_text(36)
    in_posting_id = required_text(36)
    items = ma.fields.List(required_text(500), required=True, validate=ma.validate.Length(1, 50))


class HandoverItem(Sending):
    """A handover as it is sent (evidence.md §4)."""

    body = ma.fields.Nested(HandoverBody, required=True)


class Signature(Phone):
    """The signature under the items that were read."""

    kind = ma.fields.String(validate=ma.validate.Equal("handover_signature"))
    items_sha256 = ma.fields.String(required=True, validate=HEX64)


class SignatureItem(Sending):
    """A signature as it is sent (evidence.md §4)."""

    body = ma.fields.Nested(Signature, required=True)


class PostingQuery(ma.Schema):
    """`?posting=<id>`."""

    posting = required_text(36)


class Order(ma.Schema):
    """Ordered work with its state."""

    id = ma.fields.String(required=True)
    posting_id = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    doc_no = ma.fields.String(required=True)
    issuer = ma.fields.String(required=True)
    issuer_level = ma.fields.String(required=True)
    from_session = ma.fields.String(required=True)
    to_session = ma.fields.String(required=True)
    attachment_sha256 = ma.fields.List(ma.fields.String(), required=True)
    filed_at = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    state_label = ma.fields.String(required=True)
    decision = ma.fields.Nested(DecisionView, required=True, allow_none=True)

    class Meta(ma.Schema.Meta):
        include = ends()


class Orders(ma.Schema):
    """Ordered work of a posting."""

    items = ma.fields.List(ma.fields.Nested(Order), required=True)
