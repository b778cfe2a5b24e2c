"""The API of taps: bodies are checked strictly and hashed as they came; repeats, batches, contact, own list."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checkin import schemas
from shared import clock, ledger
from shared.access import store
from shared.progress import lookup as progress_lookup
from shared.roles import Principal
from shared.service import Runtime
from tests.checkin.browser import application
from tests.checkin.scene import MORNING, counts, doctor, end_posting, item, new_rows, principal, shown_k

EVENTS = "/api/checkin/events"


class Api:
    """A script with a bearer token."""

    def __init__(self, rt: Runtime, client: FlaskClient, who: Principal) -> None:
        self.client = client
        with rt.db.transaction() as session:
            account = store.add_account(session, who.person_id, secrets.token_hex(8))
            store.set_grants(session, account.id, who.grants)
            token, _ = store.open_token(session, account.id)
        self.headers = {"Authorization": f"Bearer {token}"}

    def post(self, path: str, body: Any) -> tuple[int, dict[str, Any]]:
        """POST JSON, give status and JSON."""
        response = self.client.post(path, json=body, headers=self.headers)
        return response.status_code, response.json or {}

    def get(self, path: str) -> tuple[int, dict[str, Any]]:
        """GET JSON."""
        response = self.client.get(path, headers=self.headers)
        return response.status_code, response.json or {}


@pytest.fixture
def api(rt: Runtime) -> Iterator[Api]:
    """The script of physician D1, on the morning of a Monday."""
    with clock.at(MORNING):
        yield Api(rt, application(rt), doctor(rt))


def test_a_tap_is_created_and_a_repeat_answers_the_same_receipt(rt: Runtime, api: Api) -> None:
    sent = item(rt, doctor(rt), k=shown_k(rt, MORNING), direction="in", device_time=clock.iso(MORNING))
    status, first = api.post(EVENTS, sent)
    again, second = api.post(EVENTS, {**sent, "sent": {"sent_at": clock.iso(MORNING), "attempt": 2}})
    assert (status, again) == (201, 200)
    assert json.dumps(first["receipt"]) == json.dumps(second["receipt"])
    assert first["receipt"]["body_hash"] == ledger.body_hash(sent["body"]).hex()
    assert first["attendance"] == second["attendance"]
    assert {name: first["attendance"][name] for name in ("label", "strength", "flags", "evidence_line")} == {
        "label": "签到(上午)", "strength": "fresh", "flags": [],
        "evidence_line": "证据较弱,需他人确认后计入:没有绑定本人手机、没有位置、没有他人确认",
    }  # fmt: skip
    assert first["progress"]["period"] == "2026-W48"


def test_the_answer_is_what_the_document_promises(rt: Runtime, api: Api) -> None:
    _, answer = api.post(EVENTS, item(rt, doctor(rt), k=shown_k(rt, MORNING)))
    assert schemas.Answer().validate(answer) == {}
    assert schemas.Answer().dump(answer) == answer


def test_another_body_under_the_id_is_a_conflict(rt: Runtime, api: Api) -> None:
    sent = item(rt, doctor(rt))
    api.post(EVENTS, sent)
    status, problem = api.post(EVENTS, {"body": {**sent["body"], "direction": "out"}})
    assert (status, problem["slug"]) == (409, "idempotency-conflict")
    assert "receipt" not in problem


def test_a_second_gesture_in_the_slot_carries_the_earlier_receipt(rt: Runtime, api: Api) -> None:
    k = shown_k(rt, MORNING)
    _, first = api.post(EVENTS, item(rt, doctor(rt), k=k))
    status, problem = api.post(EVENTS, item(rt, doctor(rt), k=k))
    assert (status, problem["slug"], problem["receipt"]) == (409, "already-recorded", first["receipt"])


@pytest.mark.parametrize(("change", "field"), [
    ({"client_event_id": "x"}, "client_event_id"), ({"client_event_id": "A" * 32}, "client_event_id"),
    ({"grade": "A"}, "grade"), ({"at": "2026-11-23T00:00:00Z"}, "at"), ({"seq": 1}, "seq"),  # S-04
    ({"direction": "up"}, "direction"), ({"kind": "diary"}, "kind"), ({"typed": "1234567"}, "typed"),
    ({"typed": "１２３４５６７８"}, "typed"), ({"online": "true"}, "online"), ({"online": 1}, "online"),
    ({"device_seq": "1"}, "device_seq"), ({"device_seq": 1.5}, "device_seq"), ({"device_seq": -1}, "device_seq"),
    ({"device_time": "yesterday"}, "device_time"), ({"device_time": "2026-11-23T08:00:00"}, "device_time"),
    ({"device_time": "0001-01-01T00:00:00+14:00"}, "device_time"), ({"device_time": "9999-12-31T23:59:59-14:00"}, "device_time"),
    ({"loc_failure": "bored"}, "loc_failure"), ({"site_token": None}, "site_token"), ({"person": None}, "person"),
    ({"ticket": "x" * 601}, "ticket"),
])  # fmt: skip
def test_a_body_that_does_not_fit_is_refused_by_its_field(
    rt: Runtime, api: Api, change: dict[str, Any], field: str
) -> None:
    before, sent = counts(rt), item(rt, doctor(rt))
    status, problem = api.post(EVENTS, {"body": {**sent["body"], **change}})
    assert (status, problem["slug"], problem["title"]) == (422, "invalid-body", f"有一项填写不对:{problem['field']}")
    assert problem["field"].split(".")[-1] == field
    assert new_rows(before, counts(rt)) == {}


def test_another_persons_item_and_an_administrator_are_refused(rt: Runtime, api: Api) -> None:
    status, problem = api.post(EVENTS, item(rt, doctor(rt, "D2")))
    assert (status, problem["slug"]) == (409, "not-your-record")
    admin = Api(rt, api.client, principal(rt, "R1", "recipient_admin"))
    status, problem = admin.post(EVENTS, item(rt, doctor(rt)))
    assert (status, problem["slug"]) == (403, "forbidden")
    assert api.client.post(EVENTS, json=item(rt, doctor(rt))).status_code == 401


@pytest.mark.parametrize(("body", "status", "slug"), [
    ({"site_token": "z" * 32}, 404, "unknown-code"), ({"typed": "00000000"}, 422, "code-wrong"),
])  # fmt: skip
def test_refusals_are_problems_with_a_sentence(
    rt: Runtime, api: Api, body: dict[str, Any], status: int, slug: str
) -> None:
    found, problem = api.post(EVENTS, item(rt, doctor(rt), **body))
    assert (found, problem["slug"], problem["type"]) == (status, slug, f"/problems/{slug}")
    assert "码" in problem["title"]


def test_a_lock_says_when_to_come_back(rt: Runtime, api: Api) -> None:
    for n in range(5):
        api.post(EVENTS, item(rt, doctor(rt), typed=f"0000000{n}"))
    response = api.client.post(EVENTS, json=item(rt, doctor(rt), typed="00000009"), headers=api.headers)
    assert (response.status_code, response.headers["Retry-After"]) == (429, "600")
    assert response.json is not None
    assert response.json["title"] == "8 位码连续输错,10 分钟后再试,或直接扫码"


def test_no_posting_is_a_conflict(rt: Runtime, api: Api) -> None:
    end_posting(rt, "P1", dt.date(2026, 11, 20))
    status, problem = api.post(EVENTS, item(rt, doctor(rt)))
    assert (status, problem["slug"]) == (409, "no-open-posting")


def test_a_batch_answers_each_item_in_the_order_given(rt: Runtime, api: Api) -> None:
    late, early = (
        item(rt, doctor(rt), online=False, direction=way, device_seq=seq, device_time=clock.iso(MORNING - ago))
        for way, seq, ago in (("out", 2, dt.timedelta(hours=12)), ("in", 1, dt.timedelta(hours=20)))
    )
    broken = {"body": {"client_event_id": secrets.token_hex(16)}}
    status, answer = api.post(f"{EVENTS}/batch", {"items": [late, broken, early, late]})
    assert status == 200
    results = answer["results"]
    assert [result["status"] for result in results] == [201, 422, 201, 200]
    assert [result["client_event_id"] for result in results] == [
        sent["body"]["client_event_id"] for sent in (late, broken, early, late)
    ]
    assert results[1]["problem"]["slug"] == "invalid-body"
    assert results[2]["receipt"]["seq"] < results[0]["receipt"]["seq"]  # device_seq decides, not the order given
    assert results[3]["receipt"] == results[0]["receipt"]


@pytest.mark.parametrize("items", [[], [{}] * 51])
def test_a_batch_holds_one_to_fifty(api: Api, items: list[dict[str, Any]]) -> None:
    status, problem = api.post(f"{EVENTS}/batch", {"items": items})
    assert (status, problem["slug"]) == (422, "invalid-body")


def test_contact_keeps_what_the_phone_still_holds_and_tells_what_is_known(rt: Runtime, api: Api) -> None:
    _, recorded = api.post(EVENTS, item(rt, doctor(rt)))
    unsent = {"count": 2, "oldest_at": clock.iso(MORNING), "sessions": ["2026-11-23 am"]}
    status, answer = api.post("/api/checkin/contact", {"unsent": unsent})
    assert status == 200
    assert answer["known"] == [
        {"client_event_id": recorded["receipt"]["client"], "seq": recorded["receipt"]["seq"], "at": clock.iso(MORNING)}
    ]
    with rt.db.read() as session:
        contact = progress_lookup.contact(session, doctor(rt).person_id or "")
        assert contact is not None
        assert (contact.unsent, contact.oldest_at, contact.sessions) == (2, MORNING, ["2026-11-23 am"])


def test_what_is_unsent_travels_with_a_tap_and_stays_out_of_the_ledger(rt: Runtime, api: Api) -> None:
    sent = {**item(rt, doctor(rt)), "sent": {"attempt": 1, "unsent": {"count": 0, "oldest_at": None, "sessions": []}}}
    status, answer = api.post(EVENTS, sent)
    assert status == 201
    with rt.db.read() as session:
        contact = progress_lookup.contact(session, doctor(rt).person_id or "")
        fact = ledger.fact(session, answer["attendance"]["id"])
        assert contact is not None
        assert contact.unsent == 0
        assert fact is not None
        assert "unsent" not in fact.payload


def test_own_events_are_paged(rt: Runtime, api: Api) -> None:
    made = []
    for hour in range(5):
        with clock.at(MORNING + dt.timedelta(hours=hour)):
            made.append(api.post(EVENTS, item(rt, doctor(rt), direction="in"))[1]["attendance"]["id"])
    _, first = api.get(f"{EVENTS}?limit=3")
    _, second = api.get(f"{EVENTS}?limit=3&cursor={first['next_cursor']}")
    assert [row["id"] for row in first["items"] + second["items"]] == made[::-1]
    assert second["next_cursor"] is None
    assert api.get(f"{EVENTS}/{made[0]}")[1] == second["items"][-1]
    assert api.get(f"{EVENTS}/{secrets.token_hex(16)}")[0] == 404


plain = st.none() | st.booleans() | st.integers(-5, 10**6) | st.text(max_size=12)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(sorted(schemas.Tap().fields)), plain, max_size=5))
def test_what_the_schema_lets_through_is_what_came_in(change: dict[str, Any]) -> None:
    body = {"client_event_id": "a" * 32, "person": "p", "site_token": "t", **change}
    if not schemas.Tap().validate(body):
        assert schemas.Tap().load(body) == body
