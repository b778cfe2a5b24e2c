"""The objects of requests in the matrix: corrections, leave, ordered work, handovers of a physician of each county."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask.testing import FlaskClient

from tests.shared.http.realm import CALLERS, MALFORMED, MISSING, Caller, Realm, Target, key, posting
from tests.shared.http.world import (
    CLINICS,
    DOCTORS,
    POSTINGS,
    TAPPED,
    TODAY,
    Case,
    event_id,
    json_of,
    made,
    page,
    query_of,
)

MONDAY = "2026-11-16"
FRIDAY = "2026-11-20"
SUCCESSOR = {"doctor-1": "doctor-2", "doctor-5": "doctor-6"}
REQUESTS_ELSEWHERE = {"checkin.flag.decide", "checkin.leave.return", "checkin.handover.sign"}
"""Rights that need a flag, an approved leave, or the hash of what is signed: tests/checkin."""
TAKES_OVER = (
    replace(posting("doctor-1", "doctor-1"), person=key("doctor-2")), replace(posting("doctor-5", "doctor-5"), person=key("doctor-6")),
)  # fmt: skip


def correction(caller: Caller, _target: Target) -> dict[str, Any]:
    """A forgotten morning of the caller."""
    site = next((name for name, home in CLINICS.items() if home == DOCTORS.get(caller.label)), "clinic-1")
    return {"body": {"client_event_id": event_id("correction", caller.label), "person": key(caller.label), "service_date": MONDAY,
                     "sessions": ["am"], "clinic_id": key(site), "what": "missing_in", "reason_code": "forgot"}}  # fmt: skip


def leave(caller: Caller, _target: Target, which: str = "") -> dict[str, Any]:
    """A day of leave of the caller."""
    return {"body": {"client_event_id": event_id("leave", caller.label, which), "person": key(caller.label), "type": "personal",
                     "from": FRIDAY, "to": FRIDAY}}  # fmt: skip


def back(caller: Caller, target: Target) -> dict[str, Any]:
    """The caller is back."""
    return {"body": {"client_event_id": event_id("back", caller.label, target.label), "person": key(caller.label)}}


def order(caller: Caller, target: Target) -> dict[str, Any]:
    """A meeting of the physician of a posting."""
    return {"client_event_id": event_id("order", caller.label, target.label), "posting_id": target.value, "kind": "meeting",
            "doc_no": "1号", "issuer": "医务科", "issuer_level": "supporter", "from": TODAY, "to": TODAY}  # fmt: skip


def about(**fields: Any) -> Any:
    """A body about the posting that is the target, another one for every caller."""
    return json_of(lambda caller, target: {
        **fields, "posting_id": target.value, "client_event_id": event_id(repr(sorted(fields)), caller.label, target.label)
    })  # fmt: skip


def event(name: str, **fields: Any) -> Any:
    """A body with an id of its own for every caller and target."""
    return json_of(lambda caller, target: {**fields, "client_event_id": event_id(name, caller.label, target.label)})


def handing(caller: Caller, target: Target) -> dict[str, Any]:
    """The physician of a posting hands over to a colleague."""
    coming = key(f"posting-{SUCCESSOR.get(target.label, 'doctor-2')}")
    return {"body": {"client_event_id": event_id("handing", caller.label, target.label), "person": key(caller.label),
                     "posting_id": target.value, "in_posting_id": coming, "items": ["门诊"]}}  # fmt: skip


def handing_over(policy_id: str, caller: Caller, doctor: str) -> bool:
    """Whoever hands a seat over, and whoever takes it, reads the name of the other at the same hospital."""
    return policy_id.startswith("checkin.handover.") and DOCTORS.get(caller.label) == DOCTORS[doctor]


def signature(caller: Caller, target: Target) -> dict[str, Any]:
    """A signature under other items than those handed over."""
    return {"body": {"client_event_id": event_id("sign", caller.label, target.label), "person": key(caller.label), "items_sha256": "0" * 64}}


def form(**fields: str) -> Any:
    """A form of a page."""
    return lambda _caller, _target: {"data": fields, "headers": {"Accept": "text/html"}}


CASES: dict[str, Case] = {
    "checkin.correction.file": Case(request=json_of(correction)), "checkin.correction.list": Case(),
    "checkin.correction.allowance": Case(request=lambda *_: {"query_string": {"date": MONDAY}}),
    "checkin.correction.withdraw": Case(made("withdrawal", *TAPPED), "correction_id", unless="absent"),
    "checkin.correction.decide": Case(made("correction", *TAPPED), "correction_id", request=json_of(lambda *_: {"decision": "approved"})),
    "checkin.leave.file": Case(request=json_of(leave)), "checkin.leave.list": Case(),
    "checkin.leave.effect": Case(request=lambda *_: {"query_string": {"type": "sick", "from": FRIDAY, "to": FRIDAY}}),
    "checkin.leave.decide": Case(made("leave", *TAPPED), "leave_id", request=json_of(lambda *_: {"decision": "approved"})),
    "checkin.leave.cancel": Case(made("cancelled", *TAPPED), "leave_id", request=json_of(lambda *_: {})),
    "checkin.leave.return": Case(made("leave", *TAPPED), "leave_id", request=json_of(back)),
    "checkin.request.decide": Case(request=json_of(lambda *_: {"items": [{"kind": "leave", "id": MISSING.value, "decision": "approved"}]})),
    "checkin.ordered.file": Case(POSTINGS, request=json_of(order)),
    "checkin.ordered.list": Case(POSTINGS, request=query_of("posting")),
    "checkin.ordered.decide": Case(made("order", *TAPPED), "ordered_id", request=json_of(lambda *_: {"decision": "accepted"})),
    "checkin.ordered.revoke": Case(made("order", *TAPPED), "ordered_id", request=json_of(lambda *_: {"reason_code": "取消"})),
    "checkin.event.flip": Case(made("event", *TAPPED), "event_id", request=event("flip", direction="out")),
    "checkin.flag.decide": Case(made("event", *TAPPED), "event_id", request=json_of(
        lambda *_: {"flag": "clock_skew", "decision": "dismissed", "note": "已核"}
    )),
    "checkin.arrival.confirm": Case((*TAPPED, MISSING), request=about(date="2026-03-02", session="am", id_shown=True)),
    "checkin.day.note": Case((*TAPPED, MISSING), request=about(service_date=MONDAY, sessions=["am"], text="停电")),
    "checkin.handover.open": Case((*TAPPED, MISSING), request=json_of(handing)), "checkin.handover.list": Case(),
    "checkin.handover.sign": Case(made("handover", *TAKES_OVER), "handover_id", request=json_of(signature)),
    "checkin.handover.successors": Case(), "checkin.day.read": Case(constants=(("date", MONDAY),)),
    "checkin.todo.list": Case(request=page), "checkin.todo.confirm": Case(request=page), "checkin.todo.decide_many": Case(request=form(id="x")),
    "checkin.todo.read": Case(made("shown", *TAPPED), "request_id", request=page),
    "checkin.todo.decide": Case(made("shown", *TAPPED), "request_id", request=form(decision="approved")),
    "progress.requests.read": Case(),
    "roster.substitution.write": Case((*TAPPED, MISSING, MALFORMED), request=about(
        substitute_id=key("doctor-2"), half_days=[{"date": MONDAY, "session": "am"}],
    )),
    "roster.posting.close": Case((*TAPPED, MISSING, MALFORMED), "posting_id", request=event("close", reason="completed", last_day="2027-12-31")),
}  # fmt: skip


def file_requests(client: FlaskClient, realm: Realm) -> None:
    """A request of every sort by a physician of each county."""
    for label, office in (("doctor-1", "supp-1"), ("doctor-5", "supp-2")):
        caller = next(one for one in CALLERS if one.label == label)
        mine = next(one for one in TAPPED if one.label == label)
        asked = {**correction(caller, mine)["body"], "sessions": ["pm"]}
        wanted = (
            ("correction", label, "/api/checkin/corrections", correction(caller, mine)),
            ("withdrawal", label, "/api/checkin/corrections", {"body": {**asked, "client_event_id": event_id("other", label)}}),
            *((which, label, "/api/checkin/leaves", leave(caller, mine, which)) for which in ("leave", "cancelled", "shown")),
            ("order", office, "/api/checkin/ordered", order(caller, mine)),
            ("handover", label, "/api/checkin/handovers", handing(caller, replace(mine, value=key(f"posting-{label}")))),
        )  # fmt: skip
        for kind, who, path, body in wanted:
            answer = client.post(path, json=body, headers={"Authorization": f"Bearer {realm.tokens[who]}"})
            assert answer.status_code == 201, answer.text
            told = next((answer.json[name] for name in ("correction", "leave", "handover") if name in answer.json), answer.json)
            realm.made[f"made:{kind}/{label}"] = told["id"]
