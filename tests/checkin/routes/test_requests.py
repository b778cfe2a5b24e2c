"""The doors of requests: shapes, receipts, statuses, hostile bodies; and the pages without script."""

from __future__ import annotations

import datetime as dt
import json
import re
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
from shared.access import lookup, store
from shared.http.app import create_web
from shared.http.auth import SESSION_COOKIE
from shared.roles import Principal
from shared.service import Runtime
from tests.checkin.browser import text
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
    assert (status, found) == (200, {"date": "2026-11-23", "until": "2026-11-26", "limit": 3, "left": 2, "open": True, "outage": False})


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


# ---- pages


def page(rt: Runtime, person: str = "R1", role: str = "recipient_admin") -> FlaskClient:
    """The browser of an office, signed in; the account may be there already."""
    client, who = application(rt), office(rt, person, role)
    with clock.at(EVENING), rt.db.transaction() as session:
        account = lookup.account_by_person(session, who.person_id) or store.add_account(session, who.person_id, secrets.token_hex(8))
        store.set_grants(session, account.id, who.grants)
        client.set_cookie(SESSION_COOKIE, store.open_session(session, account.id))
    return client


def fields(html: str) -> dict[str, str]:
    """The hidden fields of a page."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))


def test_an_office_decides_one_by_its_form(rt: Runtime) -> None:
    client = page(rt)
    row = asked(rt, text="忘了", sessions=["am", "pm"])
    drain(rt)
    with clock.at(EVENING):
        listed, shown = text(client.get("/sup/todo")), text(client.get(f"/sup/todo/{row.id}"))
        done = client.post(f"/sup/todo/{row.id}", data={**fields(shown), "decision": "approved"})
        after = text(client.get(done.location))
    assert "林知远 · 补签" in listed
    assert "补后连续派驻" in listed
    assert "今天提交" in listed
    assert "11月23日 上午" in shown
    assert done.status_code == 303
    assert "已处理" in after
    assert "都处理完了。上次处理 11月23日 20:00" in after
    fact = facts_of(rt, "correction.decided")[-1].payload
    assert (fact["decision"], fact["shown_at"]) == ("approved", clock.iso(EVENING))


def test_a_refusal_without_reason_and_a_conflict_are_told_on_the_page(rt: Runtime) -> None:
    client, row = page(rt), asked(rt)
    with clock.at(EVENING):
        shown = fields(text(client.get(f"/sup/todo/{row.id}")))
        refused = client.post(f"/sup/todo/{row.id}", data={**shown, "decision": "rejected", "note": " "})
        client.post(f"/sup/todo/{row.id}", data={**shown, "decision": "rejected", "note": "无依据"})
        conflict = client.post(f"/sup/todo/{row.id}", data={**shown, "decision": "approved"})
        again = text(client.get(f"/sup/todo/{row.id}"))
        changed = client.post(f"/sup/todo/{row.id}", data={**fields(again), "decision": "approved"})
    assert refused.status_code == 422
    assert "请写明原因" in text(refused)
    assert conflict.status_code == 409
    assert "已被 苏文简 于 11-23 20:00 处理" in text(conflict)
    assert "再次处理会替代之前的决定" in again
    assert changed.status_code == 303


def test_several_are_chosen_confirmed_and_decided(rt: Runtime) -> None:
    client = page(rt)
    rows = [asked(rt, EVENING).id for _ in range(3)]
    drain(rt)
    with clock.at(EVENING):
        boxes = text(client.get("/sup/todo?many=all"))
        sure = client.get("/sup/todo/confirm", query_string=[("id", name) for name in rows])
        other = page(rt, "A1", "supporter_admin")
        assert "确认 0 项" in text(other.get("/sup/todo/confirm", query_string=[("id", rows[0])]))
        done = client.post("/sup/todo", data={**fields(text(sure)), "id": [*rows, "none"]})
    assert boxes.count(" checked") == 3
    assert "确认同意 3 项" in text(sure)
    assert text(done).count("✓ 同意") == 3
    assert "另有 1 项" in text(done)


def test_own_requests_and_other_offices_are_404_and_no_get_writes(rt: Runtime) -> None:
    row, client = asked(rt), page(rt)
    drain(rt)
    before = counts(rt)
    with clock.at(EVENING):
        for path in ("/sup/todo", "/sup/todo?many=1", "/sup/todo/confirm?id=" + row.id, f"/sup/todo/{row.id}"):
            assert client.get(path).status_code == 200
        assert page_status(page(rt, "A1", "supporter_admin"), row.id) == 404
    grown = new_rows(before, counts(rt))
    assert set(grown) <= {"account", "grant", "session", "audit_row"}, "the other office signing in"


def page_status(client: FlaskClient, name: str) -> int:
    """What an office gets for a request."""
    return client.get(f"/sup/todo/{name}").status_code


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
