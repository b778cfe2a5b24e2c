"""What `/api/progress` answers."""

from __future__ import annotations

import marshmallow as ma

SUBJECT = (
    r"(?:(?:posting|doctor|pair|recipient|supporter|county|city|province):[0-9a-f-]{36}"
    r"|team:[0-9a-f-]{36}/[0-9A-Za-z_-]{1,32})\Z"
)


class ProgressQuery(ma.Schema):
    """Which posting; without it the reader's own posting of the day."""

    posting = ma.fields.String(validate=ma.validate.Length(1, 36))


class ObligationsQuery(ma.Schema):
    """Which subject (`posting:<id>`, `doctor:<person>`, `team:<pair>/<mode>`, `pair:`, `recipient:`, `supporter:`, `county:`,
    `city:`, `province:`) and period (`2026-W47`, `2026-11-16/2w`, `2026-11`, `2026-Q4`, `2026-H2`, `2026`, a posting's id, `programme`)."""

    subject = ma.fields.String(required=True, validate=ma.validate.Regexp(SUBJECT))
    period = ma.fields.String(validate=ma.validate.Length(1, 36))


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
    subject_kind = ma.fields.String()
    subject_id = ma.fields.String()
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


class RequestsQuery(ma.Schema):
    """Which of the waiting requests: `limit` of them after `offset`."""

    offset = ma.fields.Integer(load_default=0, validate=ma.validate.Range(0, 10_000))
    limit = ma.fields.Integer(load_default=20, validate=ma.validate.Range(1, 50))


class RequestSchema(ma.Schema):
    """One open request: who asks what and why, what granting it does in words, corrections left in the month, workdays
    waited, what the reader may answer (the first is the usual one), and the endorsement of the level below."""

    id = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    kind_label = ma.fields.String(required=True)
    posting_id = ma.fields.String(required=True)
    role = ma.fields.String(required=True)
    person = ma.fields.Dict(required=True)
    supporter = ma.fields.String(required=True)
    recipient = ma.fields.String(required=True)
    what = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)
    effect = ma.fields.String(required=True)
    day_from = ma.fields.String(required=True)
    day_to = ma.fields.String(required=True)
    asked_at = ma.fields.String(required=True)
    asked_by = ma.fields.String(required=True)
    waited_workdays = ma.fields.Integer(required=True)
    left = ma.fields.Integer(required=True, allow_none=True)
    limit = ma.fields.Integer(required=True, allow_none=True)
    attachments = ma.fields.List(ma.fields.String(), required=True)
    actions = ma.fields.List(ma.fields.Dict(), required=True)
    endorsed = ma.fields.Dict(required=True, allow_none=True)


class RequestsSchema(ma.Schema):
    """The requests that wait for the reader, and how many there are."""

    total = ma.fields.Integer(required=True)
    items = ma.fields.List(ma.fields.Nested(RequestSchema), required=True)
