"""Shapes of /api/roster."""

from __future__ import annotations

import marshmallow as ma
from flask_smorest.fields import Upload

from shared.http.api import Body
from shared.http.item import HEX32
from shared.progress import wording


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


class ProgrammeFile(Body):
    """A programme file, as multipart/form-data; its name is the programme's id with .toml."""

    file = Upload(required=True, metadata={"description": "the programme file (.toml)"})


class Activation(Body):
    """From which month a version counts."""

    first_month = ma.fields.String(
        required=True, validate=ma.validate.Regexp(r"20\d{2}-(0[1-9]|1[0-2])\Z"), metadata={"example": "2027-01"}
    )


class VersionSchema(ma.Schema):
    """A version of a programme file. activated_at null = stored, counts for no month yet."""

    id = ma.fields.String(required=True)
    programme_id = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    sha256 = ma.fields.String(required=True)
    first_month = ma.fields.String(required=True, metadata={"description": "empty = from the programme's beginning"})
    activated_at = ma.fields.String(required=True, allow_none=True)
    created_at = ma.fields.String(required=True)
    uploaded_by = ma.fields.String(required=True, allow_none=True)
    in_use = ma.fields.Boolean(required=True)
    superseded = ma.fields.Boolean(required=True)
    rules = ma.fields.Integer(required=True)
    warnings = ma.fields.List(ma.fields.Dict(), required=True)


class VersionsSchema(ma.Schema):
    """Every version."""

    items = ma.fields.List(ma.fields.Nested(VersionSchema), required=True)


class CalendarQuery(ma.Schema):
    """`?year=2027`; without one the present year."""

    year = ma.fields.Integer(load_default=None, validate=ma.validate.Range(2000, 2100))


class CalendarFile(Body):
    """Calendar overrides, as multipart/form-data."""

    file = Upload(required=True, metadata={"description": "days and complete years (.json or .csv)"})


class CalendarLoadedSchema(ma.Schema):
    """What a load did."""

    added = ma.fields.Integer(required=True)
    changed = ma.fields.Integer(required=True)
    unchanged = ma.fields.Integer(required=True)
    years = ma.fields.List(ma.fields.Integer(), required=True)
    calendar_version = ma.fields.String(required=True)


class CalendarDaySchema(ma.Schema):
    """One day that differs from Monday to Friday: workday or rest."""

    date = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)


class CalendarYearSchema(ma.Schema):
    """A year of the calendar in use; complete = its official calendar is loaded."""

    year = ma.fields.Integer(required=True)
    complete = ma.fields.Boolean(required=True)
    workdays = ma.fields.List(ma.fields.Integer(), required=True, metadata={"description": "by month"})
    days = ma.fields.List(ma.fields.Nested(CalendarDaySchema), required=True)
    overrides = ma.fields.List(ma.fields.Nested(CalendarDaySchema), required=True)
    calendar_version = ma.fields.String(required=True)


class HalfDayOf(Body):
    """A half-day: date and session."""

    date = ma.fields.String(required=True, validate=ma.validate.Regexp(r"^\d{4}-\d{2}-\d{2}\Z"))
    session = ma.fields.String(required=True, validate=ma.validate.OneOf(("am", "pm")))


class Substitution(Body):
    """Who stands in for the physician of a posting on which half-days."""

    client_event_id = ma.fields.String(required=True, validate=HEX32)
    posting_id = ma.fields.String(required=True, validate=ma.validate.Length(1, 36))
    substitute_id = ma.fields.String(required=True, validate=ma.validate.Length(1, 36))
    half_days = ma.fields.List(ma.fields.Nested(HalfDayOf), required=True, validate=ma.validate.Length(1, 62))


class Closing(Body):
    """The end of a posting."""

    client_event_id = ma.fields.String(required=True, validate=HEX32)
    reason = ma.fields.String(required=True, validate=ma.validate.OneOf(tuple(wording.ENDED)))
    last_day = ma.fields.String(required=True, validate=ma.validate.Regexp(r"^\d{4}-\d{2}-\d{2}\Z"))
    handover_id = ma.fields.String(allow_none=True, validate=ma.validate.Length(1, 36))


class EnteredSchema(ma.Schema):
    """The entry that was appended to the posting; `end` = the posting's last day."""

    posting_id = ma.fields.String(required=True)
    entry_id = ma.fields.String(required=True)
    at = ma.fields.String(required=True)
    end = ma.fields.String(required=True, allow_none=True)


class Place(Body):
    """A clinic's place in 1e-6 degree, as entered; a pick on a Chinese map is gcj02. radius_m 100 to 1000, else 300."""

    lat_e6 = ma.fields.Integer(strict=True, required=True, validate=ma.validate.Range(-90_000_000, 90_000_000))
    lon_e6 = ma.fields.Integer(strict=True, required=True, validate=ma.validate.Range(-180_000_000, 180_000_000))
    crs = ma.fields.String(required=True, validate=ma.validate.OneOf(("wgs84", "gcj02")))
    radius_m = ma.fields.Integer(strict=True, allow_none=True, validate=ma.validate.Range(100, 1000))
    how = ma.fields.String(required=True, validate=ma.validate.OneOf(("map_pick", "on_site", "survey")))


class PlaceApproval(Body):
    """Which proposal was looked at."""

    proposal = ma.fields.String(required=True, validate=ma.validate.Length(max=36))


class Placed(ma.Schema):
    """A proposed or approved place, as entered and in WGS-84."""

    proposal = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    lat_e6 = ma.fields.Integer(required=True)
    lon_e6 = ma.fields.Integer(required=True)
    crs = ma.fields.String(required=True)
    radius_m = ma.fields.Integer(required=True)
    how = ma.fields.String(required=True)
    wgs84_lat_e6 = ma.fields.Integer(required=True)
    wgs84_lon_e6 = ma.fields.Integer(required=True)


class Outage(Body):
    """An outage: what failed, from when to when."""

    from_at = ma.fields.AwareDateTime(required=True)
    to_at = ma.fields.AwareDateTime(required=True)
    kind = ma.fields.String(required=True, validate=ma.validate.OneOf(("network", "power", "display", "system")))


class Declared(ma.Schema):
    """A declared outage."""

    id = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    from_at = ma.fields.String(required=True)
    to_at = ma.fields.String(required=True)


class Rota(Body):
    """The persons who may witness presence at a clinic."""

    witnesses = ma.fields.List(ma.fields.String(validate=ma.validate.Length(1, 36)), required=True, validate=ma.validate.Length(max=50))


class RotaSet(ma.Schema):
    """The list in force."""

    id = ma.fields.String(required=True)
    witnesses = ma.fields.List(ma.fields.String(), required=True)
    valid_from = ma.fields.String(required=True)
