"""The doors of an own date, of and of objections: items with receipts, refusals, whose they are."""

from __future__ import annotations

import json
import secrets
from typing import Any

import pytest

from checkin.schemas import Attendance, spot
from checkin.schemas.day import OwnDay
from shared import clock
from shared.service import Runtime
from tests.checkin.routes.test_requests import Script
from tests.checkin.scene import MORNING, counts, doctor, id_of, new_rows
from tests.checkin.usecases.asking import EVENING, event
from tests.checkin.usecases.checks import quiet
from tests.checkin.usecases.tapping import proven

OBJECTIONS = "/api/checkin/objections"


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


def test_another_physicians_id_is_no_way_in(rt: Runtime) -> None:
    with clock.at(EVENING):
        status, day = Script(rt, doctor(rt, "D2")).get(f"/api/checkin/days/2026-11-23?person={secrets.token_hex(4)}")
    assert (status, day["posting_id"]) == (200, id_of(rt, "posting", "P2"))
