"""What `/api/reports` takes and answers."""

from __future__ import annotations

import marshmallow as ma


class ReportQuery(ma.Schema):
    """Which programme, where a recipient takes part in several."""

    programme = ma.fields.String(validate=ma.validate.Length(1, 64))


class RecipientSchema(ma.Schema):
    """A recipient by id, roster code and name."""

    id = ma.fields.String()
    code = ma.fields.String()
    name = ma.fields.String()


class LinksSchema(ma.Schema):
    """Addresses of the report in each format."""

    json = ma.fields.String()
    html = ma.fields.String()
    pdf = ma.fields.String()
    docx = ma.fields.String()
    xlsx = ma.fields.String()


class ReportItemSchema(ma.Schema):
    """One monthly report in the reader's scope."""

    month = ma.fields.String()
    programme = ma.fields.String()
    recipient = ma.fields.Nested(RecipientSchema)
    links = ma.fields.Nested(LinksSchema)


class MonthlySchema(ma.Schema):
    """The data object `monthly_clinic`: every statistic is {"state": reported | not_reported | not_applicable, ...}.

    `sha256` is over the canonical JSON (RFC 8785) of the other members without `head.generated_at` and `stored`.
    """

    form = ma.fields.String()
    head = ma.fields.Dict()
    summary = ma.fields.Dict()
    presence = ma.fields.List(ma.fields.Dict())
    presence_total = ma.fields.Dict()
    seats = ma.fields.List(ma.fields.Dict())
    weekly = ma.fields.Dict()
    workload = ma.fields.List(ma.fields.Dict())
    diaries = ma.fields.List(ma.fields.Dict())
    diaries_total = ma.fields.Dict()
    anomalies = ma.fields.List(ma.fields.Dict())
    spots = ma.fields.Dict()
    evidence = ma.fields.Dict()
    strip = ma.fields.List(ma.fields.Dict())
    specialty_summaries = ma.fields.Dict()
    registrations = ma.fields.Dict()
    supervision = ma.fields.Dict()
    signatures = ma.fields.List(ma.fields.Dict())
    gaps = ma.fields.List(ma.fields.Dict())
    chains = ma.fields.List(ma.fields.Dict())
    sha256 = ma.fields.String()
    stored = ma.fields.Boolean()


class AskedSchema(ma.Schema):
    """A draft that was asked for; the worker makes it."""

    asked = ma.fields.String()
    programme = ma.fields.String()
    recipient = ma.fields.String()
    month = ma.fields.String()
