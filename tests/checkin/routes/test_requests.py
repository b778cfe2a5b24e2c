"""The doors of requests: shapes, receipts, statuses, hostile bodies."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from typing import Any

import pytest
from flask.testing import FlaskClient

from checkin.schemas import answers, requests
from checkin.service import SERVICE as CHECKIN
from services.identity.service import SERVICE as IDENTITY
from services.progress.service import SERVICE as PROGRESS
from services.records.service import SERVICE as RECORDS
from shared import clock
from shared.access import store
from shared.http.app import create_web
from shared.roles import Principal
from shared.service import Runtime
from tests.checkin.scene import MORNING, counts, doctor, new_rows
from tests.checkin.usecases.asking import DAY, EVENING, asked, correction, drain, facts_of, office
from tests.checkin.usecases.tapping import tapped
from tests.checkin.usecases.test_leave import body as leave_body

CORRECTIONS, LEAVES = "/api/checkin/corrections", "/api/checkin/leaves"


def application(rt: Runtime) -> FlaskClient:
    """A browser of checkin with 待办 and attachments."""
    return create_web(rt, [CHECKIN, IDENTITY, PROGRESS, RECORDS]).test_client()


class Script:
    """Somebody's script; a bearer token lives twelve hours, so each call has a fresh one."""

    def __init__(self, rt: Runtime, who: Principal) -> None:
        self.rt, self.client = rt, application(rt)
        with rt.db.transaction() as session:
            self.account = store.add_account(session, who.person_id, secrets.token_hex(8)).id
            store.set_grants(session, self.account, who.grants)

    def _headers(self) -> dict[str, str]:
        with self.rt.db.transaction() as session:
            return {"Authorization": f"Bearer {store.open_token(session, self.account)[0]}"}

    def post(self, path: str, body: Any) -> tuple[int, dict[str, Any]]:
        """POST JSON, give status and JSON."""
        response = self.client.post(path, json=body, headers=self._headers())
        return response.status_code, response.json or {}

    def page(self, path: str) -> str:
        """GET a page."""
        return self.client.get(path, headers=self._headers()).text

    def get(self, path: str) -> tuple[int, dict[str, Any]]:
        """GET JSON."""
        response = self.client.get(path, headers=self._headers())
        return response.status_code, response.json or {}


@pytest.fixture
def api(rt: Runtime) -> Script:
    """The script of physician D1."""
    return Script(rt, doctor(rt))


@pytest.fixture
def desk(rt: Runtime) -> Script:
    """The script of the recipient's office."""
    return Script(rt, office(rt))


def test_a_correction_is_created_repeated_listed_and_decided(rt: Runtime, api: Script, desk: Script) -> None:
    item = correction(rt)
    with clock.at(EVENING):
        status, first = api.post(CORRECTIONS, item)
        again, second = api.post(CORRECTIONS, {**item, "sent": {"attempt": 2, "unsent": {"count": 1}}})
        name = first["correction"]["id"]
        _, listed = api.get(CORRECTIONS)
        drain(rt)
        _, waiting = desk.get("/api/progress/requests")
        decided, after = desk.post(f"{CORRECTIONS}/{name}/decision", {"decision": "approved", "shown_at": clock.iso(EVENING)})
        twice, problem = desk.post(f"{CORRECTIONS}/{name}/decision", {"decision": "approved"})
    assert (status, again, decided, twice) == (201, 200, 200, 409)
    assert json.dumps(first["receipt"]) == json.dumps(second["receipt"])
    assert answers.CorrectionAnswer().validate(first) == {}
    assert [one["id"] for one in listed["items"]] == [name] == [one["id"] for one in waiting["items"]]
    assert (after["state_label"], after["decision"]["by"]) == ("已批准", "苏文简")
    assert problem["title"] == "已被 苏文简 于 11-23 20:00 处理"


def test_what_may_still_be_asked_is_told(rt: Runtime, api: Script) -> None:
    with clock.at(EVENING):
        api.post(CORRECTIONS, correction(rt))
        status, found = api.get(f"{CORRECTIONS}/allowance?date=2026-11-23")
    assert status == 200
    assert found == {"date": "2026-11-23", "until": "2026-11-26", "limit": 3, "left": 2, "open": True, "workdays": 3, "outage": False}


@pytest.mark.parametrize("change", [
    {"sessions": []}, {"sessions": ["night"]}, {"what": "forgot"}, {"reason_code": "lazy"}, {"text": "x" * 501}, {"claimed_in": "08:00"},
    {"service_date": "23.11.2026"}, {"extra": 1}, {"client_event_id": "short"}, {"sessions": "am"}, {"text": "<script>" * 100},
])  # fmt: skip
def test_a_hostile_body_is_422_and_nothing_is_written(rt: Runtime, api: Script, change: dict[str, Any]) -> None:
    before = counts(rt)
    with clock.at(EVENING):
        status, problem = api.post(CORRECTIONS, correction(rt, **change))
    assert (status, problem["slug"]) == (422, "invalid-body")
    assert new_rows(before, counts(rt)).keys() <= {"token"}


@pytest.mark.parametrize(("change", "slug", "status"), [
    ({"person": "00000000-0000-7000-8000-000000000000"}, "not-your-record", 409), ({"service_date": "2026-11-17"}, "correction-window-over", 409),
    ({"service_date": "2026-11-24"}, "date-in-future", 422),
])  # fmt: skip
def test_refusals_have_their_slugs(rt: Runtime, api: Script, change: dict[str, str], slug: str, status: int) -> None:
    with clock.at(EVENING):
        answer = api.post(CORRECTIONS, correction(rt, **change))
    assert (answer[0], answer[1]["slug"]) == (status, slug)


def test_the_fourth_request_of_a_month_and_another_persons_id_are_409(rt: Runtime, api: Script) -> None:
    item = correction(rt)
    with clock.at(EVENING):
        assert [api.post(CORRECTIONS, correction(rt))[0] for _ in range(2)] == [201, 201]
        assert api.post(CORRECTIONS, item)[0] == 201
        assert api.post(CORRECTIONS, correction(rt))[1]["slug"] == "correction-quota-used"
        stranger = Script(rt, doctor(rt, "D2"))
        foreign = correction(rt, "D2", client_event_id=item["body"]["client_event_id"])
        assert stranger.post(CORRECTIONS, foreign)[1]["slug"] == "idempotency-conflict"


def test_leave_is_filed_decided_returned_from_and_cancelled(rt: Runtime, api: Script, desk: Script) -> None:
    with clock.at(MORNING - 3 * DAY):
        status, filed = api.post(LEAVES, {"body": leave_body(rt)})
        other = api.post(LEAVES, {"body": leave_body(rt, "2026-12-01", "2026-12-02")})[1]["leave"]["id"]
        name = filed["leave"]["id"]
        assert desk.post(f"{LEAVES}/{name}/decision", {"decision": "approved"})[1]["state"] == "approved"
        assert api.post(f"{LEAVES}/{other}/cancel", {"from": "2026-12-02"})[1]["to"] == "2026-12-01"
        assert api.post(f"{LEAVES}/{other}/cancel", {})[1]["state_label"] == "已撤回"
    assert (status, answers.LeaveAnswer().validate(filed)) == (201, {})
    back = {"client_event_id": secrets.token_hex(16), "person": doctor(rt).person_id}
    with clock.at(MORNING + DAY):
        assert api.post(f"{LEAVES}/{name}/return", {"body": back})[0] == 201
        tapped(rt, MORNING + DAY)
        listed = api.get(LEAVES)[1]["items"]
    assert [one["state"] for one in listed] == ["cancelled", "closed"]
    assert requests.Leave(many=True).validate(listed) == {}


def test_the_effect_of_leave_is_asked_before_it_is_sent(rt: Runtime, api: Script) -> None:
    with clock.at(MORNING):
        status, found = api.get(f"{LEAVES}/effect?type=sick&from=2026-11-25&to=2026-11-26")
        assert api.get(f"{LEAVES}/effect?type=fun&from=2026-11-25&to=2026-11-26")[0] == 422
    assert (status, answers.Effect().validate(found), found["approver"]) == (200, {}, "受援医院医务科")


def test_a_level_too_low_is_told_what_it_may_do(rt: Runtime, api: Script, desk: Script) -> None:
    with clock.at(MORNING - 3 * DAY):
        name = api.post(LEAVES, {"body": leave_body(rt, "2026-11-23", "2026-11-27")})[1]["leave"]["id"]
        status, problem = desk.post(f"{LEAVES}/{name}/decision", {"decision": "approved"})
    assert (status, problem["slug"], problem["title"]) == (403, "leave-level", '5 个工作日的请假需支援医院医务科批准,可"同意并转上级"')


def test_many_decisions_answer_each_by_itself(rt: Runtime, api: Script, desk: Script) -> None:
    with clock.at(EVENING):
        name = api.post(CORRECTIONS, correction(rt))[1]["correction"]["id"]
        items = [{"kind": "correction", "id": name, "decision": "approved"}, {"kind": "leave", "id": "none", "decision": "approved"}]
        status, found = desk.post("/api/checkin/decisions", {"items": items})
        assert desk.post("/api/checkin/decisions", {"items": items * 11})[0] == 422, "more than twenty"
    assert (status, [one["status"] for one in found["results"]]) == (200, [200, 404])
    assert found["results"][1]["problem"]["slug"] == "not-found"


def test_a_flip_and_its_conflict(rt: Runtime, api: Script) -> None:
    tap = tapped(rt, MORNING, direction="in").entry.entry_id
    sent = {"client_event_id": secrets.token_hex(16), "direction": "out"}
    with clock.at(MORNING + dt.timedelta(minutes=5)):
        assert [api.post(f"/api/checkin/events/{tap}/direction", sent)[0] for _ in range(2)] == [201, 200]
    with clock.at(MORNING + dt.timedelta(minutes=11)):
        late = api.post(f"/api/checkin/events/{tap}/direction", {**sent, "client_event_id": "0" * 32, "direction": "in"})
    assert (late[0], late[1]["slug"]) == (409, "flip-over")


@pytest.mark.parametrize(("path", "body"), [
    (LEAVES, {"body": {"from": "9999-12-30", "to": "9999-12-31", "type": "sick"}}),
    (CORRECTIONS, {"body": {"service_date": "9999-12-31", "sessions": ["am"], "clinic_id": "x", "what": "missing_in", "reason_code": "forgot"}}),
    (LEAVES, {"body": {"from": "2026-11-25", "to": "2026-11-25", "type": "sick", "text": "e\u0301"}}),
])  # fmt: skip
def test_years_far_away_and_half_characters_are_422(rt: Runtime, api: Script, path: str, body: dict[str, Any]) -> None:
    sent = {"body": {"client_event_id": "ab" * 16, "person": doctor(rt).person_id, **body["body"]}}
    before = counts(rt)
    with clock.at(EVENING):
        status, problem = api.post(path, sent)
        assert api.get(f"{LEAVES}/effect?type=sick&from=9999-01-01&to=9999-12-31")[0] == 422
        assert api.get(f"{CORRECTIONS}/allowance?date=9999-12-31")[0] == 422
    assert (status, problem["status"]) == (422, 422)
    assert new_rows(before, counts(rt)).keys() <= {"token"}


def test_a_note_that_is_no_text_is_422_alone_and_among_others(rt: Runtime, desk: Script) -> None:
    row = asked(rt)
    with clock.at(EVENING):
        said = {"decision": "rejected", "note": "e\u0301"}
        assert desk.post(f"{CORRECTIONS}/{row.id}/decision", said)[0] == 422
        _, many = desk.post("/api/checkin/decisions", {"items": [{"kind": "correction", "id": row.id, **said}]})
    assert many["results"][0]["status"] == 422
    assert facts_of(rt, "correction.decided") == []
