"""The doors of an own date, of objections and of handovers: items with receipts, refusals, whose they are."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
import secrets
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from checkin.schemas import Attendance, answers, spot
from checkin.schemas.day import OwnDay
from shared import clock
from shared.service import Runtime
from tests.checkin.routes.test_requests import Script, application
from tests.checkin.scene import MORNING, clinic, counts, doctor, id_of, new_rows, shown_k
from tests.checkin.usecases.asking import EVENING, event, office
from tests.checkin.usecases.checks import begun, issued, quiet
from tests.checkin.usecases.tapping import proven

OBJECTIONS, HANDOVERS = "/api/checkin/objections", "/api/checkin/handovers"


@pytest.fixture
def api(rt: Runtime) -> Script:
    """The script of physician D1."""
    return Script(rt, doctor(rt))


def objection(rt: Runtime, target: str, **more: Any) -> dict[str, Any]:
    """An item of D1 about a flag of a tap."""
    return {"body": event(kind="objection", person=doctor(rt).person_id, posting_id=id_of(rt, "posting", "P1"), target_kind="flag",
                          target=f"{target}:device_young", reason_code="flag_wrong", text="手机是新换的", **more)}  # fmt: skip


def test_an_explanation_is_filed_once_and_stands_on_its_date(rt: Runtime, api: Script) -> None:
    quiet(rt)
    item = objection(rt, proven(rt).entry.entry_id, device_seq=4, device_prev="0" * 64)
    with clock.at(EVENING):
        status, first = api.post(OBJECTIONS, item)
        before = counts(rt)
        again, second = api.post(OBJECTIONS, {**item, "sent": {"attempt": 2}})
        assert new_rows(before, counts(rt)).keys() <= {"token"}
        found, day = api.get("/api/checkin/days/2026-11-23")
    assert (status, again, found) == (201, 200, 200)
    assert spot.ObjectionAnswer().validate(first) == {} == OwnDay().validate(day)
    assert json.dumps(first["receipt"]) == json.dumps(second["receipt"])
    assert first["receipt"]["client"] == item["body"]["client_event_id"]
    assert [one["id"] for one in day["objections"]] == [first["objection"]["id"]]


@pytest.mark.parametrize(("change", "status", "slug"), [
    ({"person": "00000000-0000-7000-8000-000000000000"}, 409, "not-your-record"), ({"text": ""}, 422, "invalid-body"),
    ({"reason_code": "not_present"}, 422, "invalid-body"), ({"target": "missing:travel"}, 404, "not-found"),
    ({"text": "e\u0301 \u4e0d\u5bf9"}, 422, "invalid-body"), ({"kind": "correction"}, 422, "invalid-body"), ({"extra": 1}, 422, "invalid-body"),
])  # fmt: skip
def test_a_wrong_objection_writes_nothing(rt: Runtime, api: Script, change: dict[str, Any], status: int, slug: str) -> None:
    quiet(rt)
    item = objection(rt, proven(rt).entry.entry_id)
    before = counts(rt)
    with clock.at(EVENING):
        answer = api.post(OBJECTIONS, {"body": {**item["body"], **change}})
    assert (answer[0], answer[1]["slug"]) == (status, slug)
    assert new_rows(before, counts(rt)).keys() <= {"token"}


def test_both_physicians_sign_a_handover_and_each_has_a_receipt(rt: Runtime, api: Script) -> None:
    quiet(rt)
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


def test_a_tap_names_its_flags_in_words_and_both_times(rt: Runtime, api: Script) -> None:
    quiet(rt)
    tap = proven(rt, device_time=clock.iso(MORNING)).entry.entry_id
    with clock.at(EVENING):
        _, listed = api.get("/api/checkin/events")
    one = next(each for each in listed["items"] if each["id"] == tap)
    assert Attendance().validate(one) == {}
    assert one["device_time"] == clock.iso(MORNING)
    assert {mark["flag"] for mark in one["marks"]} >= set(one["flags"])
    assert all(mark["text"] and mark["text"] != mark["flag"] and mark["state"] == "open" for mark in one["marks"])


def test_a_scan_answers_the_check_that_waits(rt: Runtime) -> None:
    mine, nobody = Script(rt, doctor(rt)), application(rt)
    row = issued(rt, begun(rt)[0])
    with clock.at(row.issued_at + dt.timedelta(minutes=2)):
        address = f"/c/{clinic(rt).site_token}"
        poster = mine.page(address)
        fresh = mine.page(f"{address}?k={shown_k(rt, clock.now())}")
        (link,) = re.findall(r'href="(/app/spot/[^"]+\?[^"]+)"', fresh)
        asked = parse_qs(urlsplit(html.unescape(link)).query)
        body = event(kind="spot", person=doctor(rt).person_id, check_id=row.id, site_token=asked["site"][0], ticket=asked["ticket"][0])
        status, answer = mine.post(f"/api/checkin/spot/{row.id}/answer", {"body": body})
        assert "/app/spot/" not in nobody.get(address).text
        assert "/app/spot/" not in mine.page(address)
    assert f'href="/app/spot/{row.id}"' in poster
    assert (status, answer["verdict"], answer["check"]["state"]) == (201, "in_time", "answered")


def test_another_physicians_id_is_no_way_in(rt: Runtime) -> None:
    with clock.at(EVENING):
        status, day = Script(rt, doctor(rt, "D2")).get(f"/api/checkin/days/2026-11-23?person={secrets.token_hex(4)}")
    assert (status, day["posting_id"]) == (200, id_of(rt, "posting", "P2"))
