"""Shapes of /api/roster."""

from __future__ import annotations

import marshmallow as ma
from flask_smorest.fields import Upload

from shared.http.api import Body


class ImportQuery(ma.Schema):
    """`?dry_run=1` checks the workbook and stores nothing."""

    dry_run = ma.fields.Boolean(load_default=False)


class ImportFile(Body):
    """The workbook, as multipart/form-data."""

    file = Upload(required=True, metadata={"description": "the roster workbook (.xlsx)"})


class ImportedSchema(ma.Schema):
    """What the import did; an object or a posting's month on the roster counts once."""

    import_id = ma.fields.String(required=True)
    created = ma.fields.Integer(required=True)
    changed = ma.fields.Integer(required=True)
    unchanged = ma.fields.Integer(required=True)
    dry_run = ma.fields.Boolean(required=True)


class NamedSchema(ma.Schema):
    """Another object: its id and name."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class OrganisationSchema(ma.Schema):
    """A hospital, clinic operator or authority."""

    id = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    county = ma.fields.Nested(NamedSchema, required=True, allow_none=True)
    recipient_level = ma.fields.String(required=True, allow_none=True)
    office_phone = ma.fields.String(required=True, allow_none=True)
    complaint_phone = ma.fields.String(required=True, allow_none=True)


class ClinicSchema(ma.Schema):
    """A site with its own code."""

    id = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    organisation = ma.fields.Nested(NamedSchema, required=True)
    address = ma.fields.String(required=True, allow_none=True)
    radius_m = ma.fields.Integer(required=True)


class PersonSchema(ma.Schema):
    """A person on the roster; the phone number is masked."""

    id = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    phone = ma.fields.String(required=True)
    roles = ma.fields.List(ma.fields.String(), required=True)
    organisation = ma.fields.Nested(NamedSchema, required=True)
    title_rank = ma.fields.String(required=True, allow_none=True)
    specialty = ma.fields.String(required=True, allow_none=True)


class PostingSchema(ma.Schema):
    """One physician at one recipient from start to end."""

    id = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    person = ma.fields.Nested(NamedSchema, required=True)
    programme_id = ma.fields.String(required=True)
    supporter = ma.fields.Nested(NamedSchema, required=True)
    recipient = ma.fields.Nested(NamedSchema, required=True)
    clinics = ma.fields.List(ma.fields.Nested(NamedSchema), required=True)
    mode = ma.fields.String(required=True)
    start = ma.fields.Date(required=True)
    end = ma.fields.Date(required=True, allow_none=True)
    team_leader = ma.fields.Boolean(required=True)
    registration_no = ma.fields.String(required=True, allow_none=True)
    doc_no = ma.fields.String(required=True, allow_none=True)
