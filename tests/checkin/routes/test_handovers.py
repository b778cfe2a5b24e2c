"""The door of handovers: both physicians sign, each with a receipt."""

from __future__ import annotations

from checkin.schemas import answers
from shared import clock
from shared.service import Runtime
from tests.checkin.browser import text
from tests.checkin.routes.test_desk_pages import page, send
from tests.checkin.routes.test_requests import Script
from tests.checkin.scene import doctor
from tests.checkin.usecases.asking import EVENING, event, office
from tests.checkin.usecases.checks import quiet

HANDOVERS = "/api/checkin/handovers"


def test_both_physicians_sign_a_handover_and_each_has_a_receipt(rt: Runtime) -> None:
    quiet(rt)
    api = Script(rt, doctor(rt))
    other, desk = Script(rt, doctor(rt, "D2")), Script(rt, office(rt))
    with clock.at(EVENING):
        _, offered = api.get(f"{HANDOVERS}/successors")
        to = {name: offered["items"][0][name] for name in ("posting_id", "in_posting_id")}
        item = {"body": event(kind="handover", person=doctor(rt).person_id, items=["内科门诊"], **to)}
        status, first = api.post(HANDOVERS, item)
        again, second = api.post(HANDOVERS, item)
        made = first["handover"]
        path, seen = f"{HANDOVERS}/{made['id']}/signature", other.get(HANDOVERS)[1]["items"][0]
        said = event(kind="handover_signature", person=doctor(rt, "D2").person_id, items_sha256=seen["items_sha256"])
        early = desk.post(path, {"body": event(person=office(rt).person_id, items_sha256=seen["items_sha256"])})
        stranger = api.post(path, {"body": said})
        signed, answer = other.post(path, {"body": said})
        repeated, same = other.post(path, {"body": said})
    assert (status, again, signed, repeated) == (201, 200, 201, 200)
    assert answers.Successors().validate(offered) == {} == answers.HandoverAnswer().validate(first)
    assert (made["may_sign"], seen["may_sign"], answer["handover"]["may_sign"]) == (False, True, False)
    assert (early[0], early[1]["slug"], stranger[0]) == (409, "not-your-turn", 404)
    assert (first["receipt"], answer["receipt"]) == (second["receipt"], same["receipt"])
    assert [one["step"] for one in answer["handover"]["signatures"]] == ["out", "in"]
    assert answer["handover"]["waits_for"] == "recipient_admin"


def test_the_hospital_signs_last_on_its_page(rt: Runtime) -> None:
    quiet(rt)
    api, other, desk = Script(rt, doctor(rt)), Script(rt, doctor(rt, "D2")), page(rt)
    with clock.at(EVENING):
        to = {name: api.get(f"{HANDOVERS}/successors")[1]["items"][0][name] for name in ("posting_id", "in_posting_id")}
        made = api.post(HANDOVERS, {"body": event(kind="handover", person=doctor(rt).person_id, items=["内科门诊"], **to)})[1]["handover"]
    path, sha = f"/sup/handovers/{made['id']}", made["items_sha256"]
    early = send(desk, path, form=f"/sup/people/{to['posting_id']}/note", items_sha256=sha)
    with clock.at(EVENING):
        assert "等待接手医师签字" in text(desk.get("/sup/handovers"))
        said = event(kind="handover_signature", person=doctor(rt, "D2").person_id, items_sha256=sha)
        assert other.post(f"{HANDOVERS}/{made['id']}/signature", {"body": said})[0] == 201
    done = send(desk, path, form="/sup/handovers", items_sha256=sha)
    assert (early.status_code, done.status_code) == (409, 303)
    with clock.at(EVENING):
        assert "已完成" in text(desk.get("/sup/handovers"))
