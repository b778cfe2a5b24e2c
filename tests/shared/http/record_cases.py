"""The objects of records in the matrix: one sound body for each kind, and records the set-up files."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

from flask.testing import FlaskClient

from shared.http.policy import Scope
from tests.shared.http import desk_cases, reminder_cases, request_cases, spot_cases, world
from tests.shared.http.realm import CALLERS, MALFORMED, MISSING, Caller, Realm, Target, key, posting, recipient
from tests.shared.http.world import Case, event_id, json_of, nothing, own_photo, page, photo_hash

RECORDS_OF = (recipient("recipient-1"), recipient("recipient-3"))


def record_about(*targets: Target, about: str = "recipient", **fields: Any) -> Case:
    """File a record about each target, a fresh one for every caller."""

    def make(caller: Caller, target: Target) -> dict[str, Any]:
        key_ = event_id(repr(sorted(fields)), caller.label, target.label)
        return {**fields, "about": f"{about}:{target.value}", "client_event_id": key_}

    return Case((*targets, MISSING), request=json_of(make))


def pair_of(label: str) -> Target:
    """The pair of a recipient as an object of requests."""
    target = recipient(label)
    return replace(target, value=key(f"{target.supporter}/{label}"))


def supporter(label: str, at: str) -> Target:
    """A supporter as an object of requests; `at` = one of its recipients."""
    return replace(recipient(at), label=label, value=key(label))


def person_of(doctor: str) -> Target:
    """A physician as the object of a record."""
    return replace(posting(doctor, doctor), value=key(doctor))


def county(label: str, at: str) -> Target:
    """A county as an object of requests; `at` = one of its recipients."""
    return replace(recipient(at), label=label, value=key(label), recipient=at)


def a_record(kind: str, *targets: Target, path: str = "", **fields: Any) -> Case:
    """A request for a record the set-up filed about each target."""
    labelled = tuple(replace(target, value=f"made:record-{kind}/{target.label}") for target in targets)
    return Case((*labelled, MISSING, MALFORMED), "record", (("kind", path),) if path else (), json_of(lambda *_: fields) if fields else nothing)


PAIRS = (pair_of("recipient-1"), pair_of("recipient-3"))
DOCTORS_OF = (posting("doctor-1", "doctor-1"), posting("doctor-5", "doctor-5"))
RULE = {"programme_id": "zhongzhan-demo"}
DAY = {"date": "2026-11-10"}
SPAN = {"from": "2026-09-01", "to": "2026-10-31"}

RECORDS_ELSEWHERE = {
    "records.credit.file", "records.credit.decision", "records.change.decision", "records.application.withdrawal",
    "records.inspection.file", "records.inspection.results",
    "records.attachment.read", "records.page.file", "records.page.decide", "records.unknown.file", *desk_cases.DESK_ELSEWHERE,
}  # fmt: skip
"""Rights that need an upload, a draw or a form of its own page, or that nobody has: tests/services/records."""
EXPORT = "机构编码,月份,门急诊人次\nrecipient-1,2026-10,9\n"
FORM = {"about": "", "client_event_id": "0" * 32}
CASES: dict[str, Case] = {
    **world.CASES, **request_cases.CASES, **spot_cases.CASES, **desk_cases.CASES, **reminder_cases.CASES,
    "records.agreement.file": record_about(*PAIRS, about="pair", agreement_no="XY-1", signed="2026-08-20", **SPAN),
    "records.document.file": record_about(*DOCTORS_OF, about="posting", doc="other", to=["county"], **DAY),
    "records.stay.file": record_about(*PAIRS, about="pair", person="郑晚舟", department="内科", **SPAN),
    "records.figure.file": replace(
        record_about(*RECORDS_OF, metric="featured_specialties", period="2026", value=1), rights={"recipient_admin": Scope.OWN_ORG},
    ),
    "records.level.file": record_about(*RECORDS_OF, level="basic", **DAY),
    "records.feedback.file": record_about(*RECORDS_OF, period="2026-10", value=9, satisfied=9, complaints=0),
    "records.activity.file": record_about(*DOCTORS_OF, about="posting", kind="lecture", **DAY),
    "records.check.file": replace(
        record_about(*PAIRS, about="pair", metric="county_checks", found="已查", **DAY), rights={"county_officer": Scope.OWN_COUNTY},
    ),
    "records.inspection.file": record_about(supporter("supporter-1", "recipient-1"), about="supporter", rule_id="ZZ-42",
                                            method="phone", number=1, **RULE, **DAY),
    "records.finding.file": record_about(*DOCTORS_OF, about="posting", rule_id="ZZ-42",
                                         trigger="falsification_confirmed", note="待核", **RULE, **DAY),
    "records.tick.file": replace(
        record_about(*DOCTORS_OF, about="posting", rule_id="ZZ-17", period="once", item="rules", yes=True, **RULE), unless="forbidden",
    ),
    "records.waiver.file": record_about(*PAIRS, about="pair", rule_id="ZZ-28", period="2026-H2", kind="waived", reason="停诊", **RULE),
    "records.credit.file": record_about(person_of("doctor-1"), person_of("doctor-5"), about="person", counts="aid_tibet", doc_no="1号", **SPAN),
    "records.payment.file": record_about(*DOCTORS_OF, about="posting", amount=2000, use="allowance", **DAY),
    "records.disclosure.file": record_about(person_of("doctor-1"), person_of("doctor-5"), about="person",
                                            gate="appoint_intermediate", where="公告栏", objections=0, **SPAN),
    "records.registration.file": replace(
        record_about(*DOCTORS_OF, about="posting", number="备1号", **DAY), unless="forbidden",
    ),
    "records.change.file": record_about(*PAIRS, about="pair", change="pair_change_before_target", reason="合并", **DAY),
    "records.change.decision": Case((MISSING, MALFORMED), "record", request=json_of(lambda *_: {"decision": "approved"})),
    "records.move.file": record_about(*DOCTORS_OF, about="posting", fixed="person", **DAY),
    "records.application.file": record_about(person_of("doctor-1"), person_of("doctor-5"), about="person", gate="apply_senior", **DAY),
    "records.application.withdrawal": Case((MISSING, MALFORMED), "record", request=json_of(lambda *_: {"decision": "withdrawn"})),
    "records.document.acknowledgement": replace(
        a_record("document", *DOCTORS_OF, decision="acknowledged", by="county", **DAY), unless="forbidden",
    ),
    "records.inspection.results": Case((MISSING, MALFORMED), "record", request=json_of(lambda *_: {"decision": "visited"})),
    "records.finding.decision": a_record("finding", *DOCTORS_OF, decision="under_review", **DAY),
    "records.credit.decision": Case((MISSING, MALFORMED), "record", request=json_of(lambda *_: {"decision": "accepted"})),
    "records.import": Case(request=lambda *_: {"data": {"file": (io.BytesIO(EXPORT.encode()), "门诊.csv")}}),
    "records.attachment.write": Case(constants=(("sha256", photo_hash("matrix")),), request=own_photo),
    "records.unknown.file": Case((MISSING,), "kind", request=json_of(lambda *_: {})),
    "records.list": Case(constants=(("kind", "documents"),)),
    "records.read": a_record("document", *DOCTORS_OF, path="documents"),
    "records.attachment.read": Case((MISSING, MALFORMED), "record", (("kind", "documents"), ("sha256", "0" * 64))),
    "records.page.list": Case(request=page),
    "records.page.new": Case(constants=(("kind", "activities"),), request=page, unless="forbidden"),
    "records.page.file": Case(constants=(("kind", "activities"),), unless="forbidden",
                              request=lambda *_: {"data": FORM, "headers": {"Accept": "text/html"}}),
    "records.page.read": replace(a_record("document", *DOCTORS_OF), request=page),
    "records.page.decide": replace(
        a_record("document", *DOCTORS_OF), constants=(("step", "acknowledgement"),), unless="forbidden",
        request=lambda *_: {"data": {"decision": "acknowledged"}, "headers": {"Accept": "text/html"}},
    ),
}  # fmt: skip


def file_records(client: FlaskClient, realm: Realm) -> None:
    """A document and a finding about a physician of each county, by the supporter's office, and outages of clinics."""
    desk_cases.declare_outages(client, realm)
    for label, at in (("supp-1", "recipient-1"), ("supp-2", "recipient-3")):
        doctor = "doctor-1" if at == "recipient-1" else "doctor-5"
        wanted = (("document", "documents", doctor, CASES["records.document.file"]),
                  ("finding", "findings", doctor, CASES["records.finding.file"]))  # fmt: skip
        for kind, slug, target, case in wanted:
            found = next(one for one in case.targets if one.label == target)
            sent = case.request(next(caller for caller in CALLERS if caller.label == label), found)["json"]
            bearer = {"Authorization": f"Bearer {realm.tokens[label]}"}
            filed = client.post(f"/api/records/{slug}", json={**sent, "client_event_id": f"{len(realm.made):032x}"}, headers=bearer)
            assert filed.status_code == 201, filed.text
            realm.made[f"made:record-{kind}/{target}"] = filed.json["record"]["id"]
