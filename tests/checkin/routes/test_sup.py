"""The desk pages and the API of spot checks, countersigns and objections, by real requests."""

from __future__ import annotations

import datetime as dt
import re
import secrets

import pytest

from shared import clock
from tests.checkin.browser import Form, application, sign_in, text
from tests.checkin.routes.test_events import Api
from tests.checkin.scene import MORNING, counts, doctor, id_of, principal
from tests.checkin.usecases.checks import begun, check, fire, issued, item
from tests.checkin.usecases.tapping import tapped

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


def form(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form with this address."""
    found = re.search(rf'<form method="post" action="{re.escape(action)}".*?</form>', page, re.S)
    assert found, action
    return Form(found[0]).fields


def test_a_lapsed_check_is_decided_on_the_page(rt):
    row = issued(rt, begun(rt)[0])
    fire(rt, "checkin.spot_lapse", row.deadline + 2 * HOUR)
    with clock.at(row.deadline + 3 * HOUR):
        client = application(rt)
        sign_in(rt, client, "R1", "recipient_admin")
        before = counts(rt)
        page = text(client.get("/sup/spot"))
        assert counts(rt) == before
        assert "本月抽查由系统随机进行,月末公布抽样种子" in page
        assert "未响应" in page
        assert "缺勤" not in page
        action = f"/sup/spot/{row.id}/decision"
        sent = form(page, action)
        empty = client.post(action, data={**sent, "result": "", "method": "visit"})
        assert (empty.status_code, "请选择结果" in text(empty)) == (422, True)
        unsaid = client.post(action, data={**sent, "result": "not_found", "method": "visit", "note": ""})
        assert (unsaid.status_code, "请写明情况" in text(unsaid)) == (422, True)
        done = client.post(action, data={**sent, "result": "excused", "method": "duty_record", "note": "值班表上在手术室"})
        assert (done.status_code, done.location) == (303, "/sup/spot")
        after = text(client.get("/sup/spot"))
        assert "值班表上在手术室" in after
        assert action not in after
    assert check(rt, row.id).state == "excused"


def test_an_own_check_from_the_page_and_why_it_is_refused(rt):
    taken = {one.drawn.day for one in begun(rt)}
    day = next(day for day in (dt.date(2026, 11, n) for n in range(2, 28)) if day.weekday() < 5 and day not in taken)
    with clock.at(dt.datetime(2026, 11, day.day, 9, 0, tzinfo=clock.SHANGHAI)):
        client = application(rt)
        sign_in(rt, client, "C1", "county_officer")
        page = text(client.get("/sup/spot"))
        assert "林知远 · 柳岸社区卫生服务中心" in page
        sent = form(page, "/sup/spot/new")
        assert client.post("/sup/spot/new", data={**sent, "posting_id": ""}).status_code == 303
        again = client.post("/sup/spot/new", data={**sent, "posting_id": id_of(rt, "posting", "P1")})
        assert (again.status_code, "现在不能发起抽查:本半天已有抽查" in text(again)) == (409, True)
        assert "自行随机" in text(client.get("/sup/spot"))


def test_a_county_officer_confirms_on_the_page_without_seeing_coordinates(rt):
    target = tapped(rt).entry.entry_id
    with clock.at(MORNING + HOUR):
        client = application(rt)
        sign_in(rt, client, "C1", "county_officer")
        page = text(client.get("/sup/countersign"))
        assert "固定海报码 · 证据较弱,需要确认" in page
        assert "现场见到" not in page
        assert not re.search(r"lat_e6|lon_e6|经度|纬度|全部确认|全选", page)
        action = f"/sup/countersign/{target}"
        sent = form(page, action)
        wrong = client.post(action, data={**sent, "act": "confirm", "statement": ""})
        assert (wrong.status_code, "请选择确认依据" in text(wrong)) == (422, True)
        assert client.post(action, data={**sent, "act": "confirm", "statement": "visit"}).status_code == 303
        after = text(client.get("/sup/countersign"))
        assert "没有待确认的记录" in after
        assert client.post(action, data={**form(after, action), "act": "withdraw", "reason_code": "mistaken"}).status_code == 303
        assert "撤回原因" not in text(client.get("/sup/countersign"))


@pytest.mark.parametrize("path", ["/sup/spot", "/sup/countersign"])
def test_a_physician_has_no_such_desk(rt, path):
    with clock.at(MORNING):
        client = application(rt)
        sign_in(rt, client)
        assert client.get(path).status_code == 403


def test_the_api_of_a_physician(rt):
    row = issued(rt, begun(rt)[0])
    with clock.at(row.issued_at + MINUTE):
        client = application(rt)
        # the account of D1 was made by `begun`; a token of the reviewer and one of the physician
        from shared.access import lookup, store

        with rt.db.transaction() as session:
            account = lookup.account_by_person(session, doctor(rt).person_id)
            store.set_grants(session, account.id, doctor(rt).grants)
            token, _ = store.open_token(session, account.id)
        headers = {"Authorization": f"Bearer {token}"}
        listed = client.get("/api/checkin/spot", headers=headers).json
        assert [one["id"] for one in listed["items"]] == [row.id]
        assert "name" not in listed["items"][0]
        shown = client.get(f"/api/checkin/spot/{row.id}", headers=headers).json
        assert (shown["state"], shown["state_words"], shown["seconds_left"]) == ("issued", "待应答", 29 * 60)
        key = {"client_event_id": secrets.token_hex(16), "person": doctor(rt).person_id, "check_id": row.id}
        said = client.post(f"/api/checkin/spot/{row.id}/busy", json={"body": key}, headers=headers)
        assert (said.status_code, said.json["check"]["state_words"]) == (201, "正在接诊,待补充")
        sent = item(rt, row, clock.now())
        first = client.post(f"/api/checkin/spot/{row.id}/answer", json=sent, headers=headers)
        again = client.post(f"/api/checkin/spot/{row.id}/answer", json=sent, headers=headers)
        assert (first.status_code, again.status_code, first.json) == (201, 200, again.json)
        assert first.json["check"]["state"] == "answered"
        other = client.post(f"/api/checkin/spot/{row.id}/answer", json={"body": {**sent["body"], "direction": "up"}}, headers=headers)
        assert other.status_code == 422
        photo = {**item(rt, row, clock.now())["body"], "photo_sha256": ["0" * 64]}
        assert client.post(f"/api/checkin/spot/{row.id}/answer", json={"body": photo}, headers=headers).status_code == 422


def test_the_api_refuses_more_than_twenty_and_all(rt):
    with clock.at(MORNING):
        api = Api(rt, application(rt), principal(rt, "C1", "county_officer"))
        for targets in ([], ["x"] * 21, "all", ["all"]):
            status, _ = api.post("/api/checkin/countersigns", {"act": "confirm", "targets": targets, "statement": "visit"})
            assert status in (404, 422)
