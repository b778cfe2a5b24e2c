"""What each kind of event may hold (continuity.md §6.3). Pure."""

from __future__ import annotations

from collections.abc import Mapping

from shared.rules.case import shape
from shared.rules.case.shape import Field
from shared.rules.schema import APPROVERS, ISSUERS, METRICS

HALF = shape.one_of({"am", "pm"})
DECISION = Field(shape.one_of({"approved", "refused", "pending"}), "approved")
LEAVE_TYPES = frozenset({"personal", "sick", "emergency", "annual", "marriage", "maternity", "bereavement", "other"})
ORDER_KINDS = frozenset({"epidemic", "disaster", "government", "rescue", "meeting", "travel"})
FINDINGS = frozenset({"suspected", "under_review", "confirmed", "rejected"})

_doctor = {"kind": Field(shape.text), "id": Field(shape.text), "doctor": Field(shape.text, "D1")}
_date = {"date": Field(shape.date, required=True)}
SPAN: Mapping[str, Field] = {
    "date": Field(shape.date), "from": Field(shape.date), "to": Field(shape.date), "from_half": Field(HALF),
    "to_half": Field(HALF), "half": Field(shape.one_of({"am", "pm", "both"})),
}  # fmt: skip
_role = Field(shape.text)
_text = Field(shape.text)


def _spanning(**fields: Field) -> dict[str, Field]:
    return {**_doctor, **SPAN, **fields}


def _dated(**fields: Field) -> dict[str, Field]:
    return {**_doctor, **_date, **fields}


FIELDS: Mapping[str, Mapping[str, Field]] = {
    "present": _spanning(clinic=_text, record_ref=Field(shape.anything)),
    "absent": _spanning(),
    "scan": _dated(
        clinic=_text, out=Field(shape.time, null=True), grade=Field(shape.one_of(set("ABCD")), "A"),
        countersigned=Field(shape.flag, False), **{"in": Field(shape.time, required=True, null=True)},
    ),
    "correction": _dated(
        clinic=_text, out=Field(shape.time), half=Field(shape.one_of({"am", "pm", "both"})),
        filed_at=Field(shape.instant, required=True), decided_at=Field(shape.instant),
        decided_by=Field(shape.text, "recipient_admin"), decision=DECISION, reason=_text, **{"in": Field(shape.time)},
    ),
    "leave": _spanning(
        leave_type=Field(shape.one_of(LEAVE_TYPES), "personal"), filed_at=Field(shape.instant),
        approved_by=Field(shape.one_of(APPROVERS)), approved_at=Field(shape.instant), decision=DECISION,
    ),
    "ordered": _spanning(
        order_kind=Field(shape.one_of(ORDER_KINDS), "government"), doc_no=_text,
        issuer=Field(shape.one_of(ISSUERS), "county"),
    ),
    "substitute": _spanning(seat=Field(shape.text, required=True), **{"for": _text}),
    "outpatient": _dated(half=Field(HALF, required=True), clinic=_text, visits=Field(shape.integer(0))),
    "item": _dated(
        metric=Field(shape.one_of({*METRICS, "donated_drug_value"}), required=True), value=Field(shape.integer(0), 1),
        group=_text, clinic=_text, recipient=_text, half=Field(HALF), channel=_text, title=_text,
    ),
    "stay": {
        **_doctor, "person": Field(shape.text, required=True), "from": Field(shape.date, required=True),
        "to": Field(shape.date, required=True), "clinic": _text, "recipient": _text,
    },
    "figure": {
        **_doctor, "metric": Field(shape.one_of(METRICS), required=True), "period": Field(shape.text, required=True),
        "value": Field(shape.integer(0), required=True, null=True),
    },
    "finding": {
        **_doctor, "trigger": Field(shape.text, required=True),
        "decision": Field(shape.one_of(FINDINGS), required=True), "confirmed_on": Field(shape.date), "by_role": _role,
        "officer": _text,
    },
}  # fmt: skip
NO_DATES = frozenset({"figure", "finding"})
