"""What records take and give. A kind's body is made from its declared fields; what they may hold is the domain's business."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import marshmallow as ma
from flask_smorest.fields import Upload

from services.records.domain import catalogue
from services.records.domain.fields import Field
from services.records.domain.kinds import Kind, Step
from shared.http.api import Body, CursorArgs
from shared.http.item import HEX32, Flag


def body_of(kind: Kind) -> type[ma.Schema]:
    """The body that files a record of this kind."""
    members = _members(kind.fields)
    members["client_event_id"] = ma.fields.String(required=True, validate=HEX32)
    members["about"] = ma.fields.String(
        required=True, validate=ma.validate.Length(max=100),
        metadata={"description": f"kind:id, one of {', '.join(kind.about)}"},
    )  # fmt: skip
    return type(f"New{kind.id.capitalize()}", (Body,), {"__module__": __name__, **members})


def decision_of(kind: Kind, step: Step) -> type[ma.Schema]:
    """The body of a decision."""
    name = f"{kind.id.capitalize()}{step.path.capitalize()}"
    return type(name, (Body,), {"__module__": __name__, **_members(step.fields)})


def _members(fields: Iterable[Field]) -> dict[str, Any]:
    return {one.name: _field(one) for one in fields}


def _field(one: Field) -> ma.fields.Field[Any]:
    described: dict[str, Any] = {"description": one.label}
    common: dict[str, Any] = {"allow_none": True, "metadata": described}
    if one.type == "number":
        return ma.fields.Integer(strict=True, **common)
    if one.type == "flag":
        return Flag(**common)
    if one.type in ("choices", "files"):
        return ma.fields.List(ma.fields.String(validate=ma.validate.Length(max=64)), **common)
    if one.type == "targets":
        return ma.fields.Dict(ma.fields.String(), ma.fields.Integer(strict=True), **common)
    if one.type == "choice":
        described["enum"] = [*one.options, None]
    return ma.fields.String(**common)


class RecordQuery(CursorArgs):
    """`?state=` beside the cursor."""

    state = ma.fields.String(load_default=None, validate=ma.validate.OneOf(tuple(catalogue.STATES)))


class DecisionView(ma.Schema):
    """A decision on a record."""

    path = ma.fields.String(required=True)
    decision = ma.fields.String(required=True)
    role = ma.fields.String(required=True)
    by = ma.fields.String(required=True)
    at = ma.fields.String(required=True)
    values = ma.fields.Dict(required=True)


class RecordView(ma.Schema):
    """A record: its fields as filed, whom it is about, its state and the decisions on it."""

    id = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    about = ma.fields.String(required=True)
    about_name = ma.fields.String(required=True)
    values = ma.fields.Dict(required=True)
    drawn = ma.fields.Dict(required=True, allow_none=True)
    filed_by = ma.fields.String(required=True)
    filed_role = ma.fields.String(required=True)
    filed_at = ma.fields.String(required=True)
    entry_id = ma.fields.String(required=True)
    decisions = ma.fields.List(ma.fields.Nested(DecisionView), required=True)


class Filed(ma.Schema):
    """Receipt of the entry ({} where this record was there before) and the record."""

    receipt = ma.fields.Dict(required=True)
    record = ma.fields.Nested(RecordView, required=True)


class Attachment(ma.Schema):
    """A stored attachment: hash of the uploaded bytes, hash and size of the stored ones."""

    sha256 = ma.fields.String(required=True)
    stored_sha256 = ma.fields.String(required=True)
    bytes = ma.fields.Integer(required=True)
    media_type = ma.fields.String(required=True)


class ImportFile(Body):
    """The export, as multipart/form-data."""

    file = Upload(required=True, metadata={"description": "visits by month (.csv or .xlsx)"})


class Imported(ma.Schema):
    """Figures created, changed and left as they were."""

    created = ma.fields.Integer(required=True)
    changed = ma.fields.Integer(required=True)
    unchanged = ma.fields.Integer(required=True)
