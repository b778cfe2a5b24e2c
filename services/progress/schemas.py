"""What `/api/progress` answers."""

from __future__ import annotations

import marshmallow as ma


class ProgressQuery(ma.Schema):
    """Which posting; without it the reader's own posting of the day."""

    posting = ma.fields.String(validate=ma.validate.Length(1, 36))


class ObligationsQuery(ma.Schema):
    """Which subject (`posting:<id>`) and period (`2026-W47`, `2026-11-16/2w`, `2026-11`)."""

    subject = ma.fields.String(required=True, validate=ma.validate.Regexp(r"posting:[0-9a-f-]{36}\Z"))
    period = ma.fields.String(validate=ma.validate.Length(1, 20))


class StandingSchema(ma.Schema):
    """How long was served: months and days so far, `met_on` or `earliest` completion, half-days of debt and of leave, the
    leave credited at most in workdays, and a line for each stretch not attended."""

    months = ma.fields.Integer(required=True)
    days = ma.fields.Integer(required=True)
    met_on = ma.fields.Date(required=True, allow_none=True)
    earliest = ma.fields.Date(required=True, allow_none=True)
    debt = ma.fields.Integer(required=True)
    leave = ma.fields.Integer(required=True, allow_none=True)
    leave_cap = ma.fields.Integer(required=True, allow_none=True)
    lines = ma.fields.List(ma.fields.String(), required=True)


class ObligationSchema(ma.Schema):
    """One obligation state; `value` is one of met, not_met, open, waived, not_applicable, not_reported, provisional."""

    rule_id = ma.fields.String()
    period_kind = ma.fields.String()
    period = ma.fields.String()
    value = ma.fields.String()
    label = ma.fields.String()
    number = ma.fields.Integer(allow_none=True)
    threshold = ma.fields.Integer()
    effective_threshold = ma.fields.Integer()
    unit = ma.fields.String()
    metric = ma.fields.String()
    title = ma.fields.String()
    quote = ma.fields.String()
    explanation = ma.fields.String()
    provisional = ma.fields.Boolean()
    groups = ma.fields.List(ma.fields.Dict())
    evidence = ma.fields.List(ma.fields.String())
    local_settings = ma.fields.List(ma.fields.String())
    standing = ma.fields.Nested(StandingSchema, allow_none=True)


class HalfSchema(ma.Schema):
    """One half-day of a date; `status` is A, L, O, P, X or empty."""

    session = ma.fields.String()
    duty = ma.fields.Boolean()
    status = ma.fields.String()
    reason = ma.fields.String(allow_none=True)
    minutes = ma.fields.Integer()
    late = ma.fields.Boolean()
    grade = ma.fields.String(allow_none=True)
    grade_version = ma.fields.String(allow_none=True)
    grade_reason = ma.fields.String(allow_none=True)
    clinic = ma.fields.String(allow_none=True)
    in_at = ma.fields.DateTime(allow_none=True)
    out_at = ma.fields.DateTime(allow_none=True)
    outpatient = ma.fields.Dict(allow_none=True)


class DaySchema(ma.Schema):
    """One date of a posting."""

    date = ma.fields.Date()
    rest_day = ma.fields.Boolean()
    halves = ma.fields.List(ma.fields.Nested(HalfSchema))
    ward_rounds = ma.fields.Integer()
    diary = ma.fields.Dict(allow_none=True)


class PostingSchema(ma.Schema):
    """The posting an answer is about."""

    id = ma.fields.String()
    recipient = ma.fields.Dict()
    clinics = ma.fields.List(ma.fields.Dict())
    mode = ma.fields.String()
    mode_label = ma.fields.String()
    department = ma.fields.String(allow_none=True)
    start = ma.fields.Date()
    end = ma.fields.Date(allow_none=True)


class TodaySchema(ma.Schema):
    """The reader's day: date, posting, the day's halves and the week's line."""

    date = ma.fields.Date()
    posting = ma.fields.Nested(PostingSchema, allow_none=True)
    day = ma.fields.Nested(DaySchema, allow_none=True)
    week = ma.fields.String()
    line = ma.fields.String()


class PeriodSchema(ma.Schema):
    """A week or month of a posting: its days so far and its obligations."""

    period = ma.fields.String()
    posting = ma.fields.Nested(PostingSchema)
    days = ma.fields.List(ma.fields.Nested(DaySchema))
    obligations = ma.fields.List(ma.fields.Nested(ObligationSchema))


class ObligationsSchema(ma.Schema):
    """Obligation states of one subject."""

    items = ma.fields.List(ma.fields.Nested(ObligationSchema))
