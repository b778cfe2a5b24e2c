"""The objects of spot checks, countersigns and objections in the matrix."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from tests.shared.http.realm import MISSING, Caller, Realm, Target, key, posting
from tests.shared.http.world import TAPPED, Case, event_id, json_of, made, page

CHECKABLE = (posting("doctor-3", "doctor-3"), posting("doctor-7", "doctor-7"))
SPOTS = made("spot", *TAPPED)
SPOTS_OF_THE_FORM = made("spot", posting("doctor-2", "doctor-2"), posting("doctor-6", "doctor-6"))
SIGNED = made("event", *TAPPED)[:-1]
SIGNED_ON_PAGE = made("event", *TAPPED)


def spot_answer(caller: Caller, target: Target) -> dict[str, Any]:
    """An answer to the check the address names, with the code of the poster alone."""
    body = {"client_event_id": event_id("spot", caller.label, target.label), "kind": "spot", "person": key(caller.label),
            "check_id": target.value, "site_token": "site-clinic-1"}  # fmt: skip
    return {"json": {"body": body}}


def spot_busy(caller: Caller, target: Target) -> dict[str, Any]:
    """「正在接诊」 about the check the address names."""
    return {"json": {"body": {"client_event_id": event_id("busy", caller.label, target.label), "person": key(caller.label),
                              "check_id": target.value}}}  # fmt: skip


def objection(caller: Caller, target: Target) -> dict[str, Any]:
    """An objection against the present month of a posting."""
    return {"body": {"client_event_id": event_id("objection", caller.label, target.label), "person": key(caller.label),
                     "posting_id": target.value, "target_kind": "month", "target": "2026-11", "reason_code": "figure_wrong",
                     "text": "合计与登记不一致"}}  # fmt: skip


CASES: dict[str, Case] = {
    "checkin.spot.list": Case(), "checkin.spot.issue": Case((*CHECKABLE, MISSING), request=json_of(lambda _, target: {"posting_id": target.value})),
    "checkin.spot.read": Case(SPOTS, "check_id"),
    "checkin.spot.answer": Case(SPOTS, "check_id", request=spot_answer), "checkin.spot.busy": Case(SPOTS, "check_id", request=spot_busy),
    "checkin.spot.decide": Case(SPOTS, "check_id", request=json_of(lambda *_: {"result": "present", "method": "visit"})),
    "checkin.countersign.list": Case(),
    "checkin.countersign": Case(SIGNED, request=json_of(
        lambda _, target: {"act": "decline", "targets": [target.value], "reason_code": "cannot_tell"})),
    "checkin.objection.list": Case(),
    "checkin.objection.file": Case((*TAPPED, MISSING), request=json_of(objection)),
    "checkin.objection.decide": Case(
        made("objection", *TAPPED), "objection_id", request=json_of(lambda *_: {"decision": "rejected", "note": "已核实"}), unless="forbidden",
    ),
    "checkin.spot.page": Case(request=page),
    "checkin.spot.new_form": Case(request=lambda *_: {"data": {"posting_id": ""}, "headers": {"Accept": "text/html"}}),
    "checkin.spot.decide_form": Case(
        SPOTS_OF_THE_FORM, "check_id", request=lambda *_: {"data": {"result": "present", "method": "visit"}, "headers": {"Accept": "text/html"}},
    ),
    "checkin.countersign.page": Case(request=page),
    "checkin.countersign.form": Case(SIGNED_ON_PAGE, "target", request=lambda *_: {
        "data": {"act": "decline", "reason_code": "cannot_tell"}, "headers": {"Accept": "text/html"}}),
    "reports.questions.page": Case(request=page),
}  # fmt: skip


def issue_checks(client: FlaskClient, realm: Realm) -> None:
    """Checks of four physicians by the officers of their counties, and an objection of each recipient."""
    for officer, doctors in (("county-a-officer", ("doctor-1", "doctor-2")), ("county-b-officer", ("doctor-5", "doctor-6"))):
        bearer = {"Authorization": f"Bearer {realm.tokens[officer]}"}
        for label in doctors:
            asked = client.post("/api/checkin/spot", json={"posting_id": key(f"posting-{label}")}, headers=bearer)
            assert asked.status_code == 201, asked.text
            realm.made[f"made:spot/{label}"] = asked.json["id"]
    for label, doctor in (("recip-1", "doctor-1"), ("recip-3", "doctor-5")):
        bearer = {"Authorization": f"Bearer {realm.tokens[label]}"}
        filed = client.post("/api/checkin/objections", headers=bearer, json={"body": {
            "client_event_id": f"{len(realm.made):032x}", "person": key(label), "posting_id": key(f"posting-{doctor}"),
            "target_kind": "month", "target": "2026-11", "reason_code": "other", "text": "请核对"}})  # fmt: skip
        assert filed.status_code == 201, filed.text
        realm.made[f"made:objection/{doctor}"] = filed.json["objection"]["id"]
