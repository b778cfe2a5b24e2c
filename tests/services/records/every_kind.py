"""One sound body for every kind of record, with who files it and whom it is about. (slug, person, role, subject, fields)."""

from __future__ import annotations

from tests.services.records.desk import PROGRAMME

SPAN = {"from": "2026-09-01", "to": "2026-10-31"}
EVERY = {
    "agreements": ("A1", "supporter_admin", ("pair", ""), {"agreement_no": "XY9", "signed": "2026-08-20", "targets": {"lectures": 12}, **SPAN}),
    "documents": ("A1", "supporter_admin", ("pair", ""), {
        "doc": "quarterly_stats", "programme_id": PROGRAMME, "rule_id": "ZZ-27", "period": "2026-Q3", "date": "2026-10-08",
        "to": ["county"],
    }),
    "stays": ("R1", "recipient_admin", ("pair", ""), {"person": "郑晚舟", "department": "内科", **SPAN}),
    "figures": ("R1", "recipient_admin", ("recipient", "SQ"), {"metric": "outpatient_emergency_visits", "period": "2026-10", "value": 4321}),
    "levels": ("C1", "county_officer", ("recipient", "SQ"), {"level": "basic", "date": "2026-10-01"}),
    "feedback": ("R1", "recipient_admin", ("posting", "P1"), {"period": "2026-10", "value": 30, "satisfied": 29, "complaints": 0}),
    "activities": ("D1", "doctor", ("posting", "P1"), {"kind": "lecture", "date": "2026-11-05", "attendees": 18, "channel": "onsite"}),
    "checks": ("C1", "county_officer", ("recipient", "SQ"), {"metric": "county_checks", "date": "2026-11-10", "found": "排班上墙,人员在岗"}),
    "findings": ("R1", "recipient_admin", ("posting", "P1"), {
        "programme_id": PROGRAMME, "rule_id": "ZZ-42", "trigger": "falsification_confirmed", "date": "2026-11-10", "note": "记录不一致",
    }),
    "ticks": ("A1", "supporter_admin", ("supporter", "YY"), {
        "programme_id": PROGRAMME, "rule_id": "ZZ-33", "period": "2026-H2", "item": "selection", "yes": True,
    }),
    "waivers": ("A1", "supporter_admin", ("pair", ""), {
        "programme_id": PROGRAMME, "rule_id": "ZZ-28", "period": "2026-H2", "kind": "waived", "reason": "对口关系 10 月才建立",
    }),
    "payments": ("F1", "finance_officer", ("posting", "P1"), {"amount": 2000, "use": "allowance", "date": "2026-11-05"}),
    "registrations": ("A1", "supporter_admin", ("posting", "P1"), {
        "number": "备〔2026〕7号", "date": "2026-11-10", "role_type": "nurse", "flags": ["dept_head"],
    }),
    "changes": ("A1", "supporter_admin", ("pair", ""), {"change": "pair_change_before_target", "date": "2026-12-01", "reason": "科室合并"}),
    "moves": ("A1", "supporter_admin", ("posting", "P1"), {"fixed": "person", "date": "2026-11-10"}),
    "applications": ("D1", "doctor", ("person", "D1"), {"gate": "apply_senior", "date": "2026-11-10"}),
    "disclosures": ("H1", "hr_officer", ("person", "D1"), {"gate": "appoint_intermediate", "where": "院内公告栏", "objections": 0, **SPAN}),
}  # fmt: skip
"""All but credits (they need an upload) and inspections (their rule lies in another programme)."""
