"""`/api/roster/programmes`, `/api/roster/calendar` and the desk pages of the administrator."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from importlib import resources
from typing import Any

import pytest

from services.roster.service import SERVICE
from services.roster.usecases import versions
from shared import clock
from shared.access.models import AuditRow
from shared.http.app import create_web
from shared.service import Runtime
from tests.factories.directory import bearer, directory
from tests.factories.workbook import PROGRAMME, two_counties
from tests.web.visitors import signed_in

FILE = f"{PROGRAMME}.toml"
TEXT = (resources.files("shared.rules") / "programmes" / FILE).read_bytes()
STRICTER = TEXT.replace(b"min_minutes = 180", b"min_minutes = 200")
WRONG = STRICTER.replace(b"min_minutes = 200\n", b"").replace(b'gate = ["apply_senior"]', b'gate = ["retire"]')
DAYS = "2027-01-01,休息\n2027,完整\n".encode()
ADDRESS, CALENDAR = "/api/roster/programmes", "/api/roster/calendar"


@pytest.fixture
def app(rt: Runtime) -> Iterator[Any]:
    with clock.at(dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)):
        directory(rt, two_counties())
        yield create_web(rt, [SERVICE])


def send(client: Any, address: str, data: bytes, name: str = FILE, **more: Any) -> Any:
    fields = {"file": (io.BytesIO(data), name), **more.pop("fields", {})}
    return client.post(address, data=fields, **more)


def audits(rt: Runtime, policy: str) -> list[tuple[str, int]]:
    with rt.db.read() as session:
        return [(row.result, row.status) for row in session.query(AuditRow).filter_by(policy=policy)]


def test_an_upload_answers_201_then_200_and_is_activated_from_a_coming_month(app: Any, rt: Runtime):
    client, headers = app.test_client(), bearer(rt, "S1")
    first, again = (send(client, ADDRESS, STRICTER, headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json["id"] == again.json["id"]
    address = f"{ADDRESS}/{first.json['id']}/activate"
    early = client.post(address, json={"first_month": "2026-11"}, headers=headers)
    assert (early.status_code, early.json["slug"], early.json["earliest"]) == (422, "month-begun", "2026-12")
    active = client.post(address, json={"first_month": "2026-12"}, headers=headers)
    assert (active.status_code, active.json["first_month"]) == (200, "2026-12")
    listed = client.get(ADDRESS, headers=bearer(rt, "C1")).json["items"]
    assert [one["first_month"] for one in listed if one["programme_id"] == PROGRAMME] == ["2026-12", ""]
    assert ("done", 201) in audits(rt, "roster.programme.upload")
    assert [status for _, status in audits(rt, "roster.programme.activate")][-1] == 200


def test_an_invalid_file_answers_422_with_all_problems_and_stores_nothing(app: Any, rt: Runtime):
    client, headers = app.test_client(), bearer(rt, "S1")
    before = len(versions.listing(rt))
    answer = send(client, ADDRESS, WRONG, headers=headers)
    assert (answer.status_code, answer.mimetype, answer.json["slug"]) == (
        422, "application/problem+json", "programme-invalid",
    )  # fmt: skip
    assert [(e["rule"], e["key"], e["code"]) for e in answer.json["errors"]] == [
        ("[session]", "min_minutes", "key_missing"), ("ZZ-40", "gate", "gate_unknown"),
    ]  # fmt: skip
    assert len(versions.listing(rt)) == before


@pytest.mark.parametrize("person", ["D1", "R1", "A1", "C1"])
def test_only_the_operator_changes_programmes_and_the_calendar(app: Any, rt: Runtime, person: str):
    client, headers = app.test_client(), bearer(rt, person)
    assert send(client, ADDRESS, STRICTER, headers=headers).status_code == 403
    assert send(client, CALENDAR, DAYS, headers=headers).status_code == 403
    assert client.get("/sup/programmes", headers=headers).status_code == 403
    assert client.get(ADDRESS, headers=headers).status_code == (200 if person == "C1" else 403)


def test_the_calendar_is_loaded_and_read_over_the_api(app: Any, rt: Runtime):
    client, headers = app.test_client(), bearer(rt, "S1")
    first, again = (send(client, CALENDAR, DAYS, "2027.csv", headers=headers) for _ in range(2))
    assert (first.status_code, first.json["years"], again.status_code) == (201, [2027], 200)
    year = client.get(f"{CALENDAR}?year=2027", headers=bearer(rt, "C1")).json
    assert (year["complete"], year["overrides"]) == (True, [{"date": "2027-01-01", "kind": "rest"}])
    assert year["calendar_version"] == first.json["calendar_version"]
    wrong = send(client, CALENDAR, "2027-02-30,休息\n2027-01-01,x".encode(), "2027.csv", headers=headers)
    assert (wrong.status_code, [e["line"] for e in wrong.json["errors"]]) == (422, [1, 2])
    assert client.get(f"{CALENDAR}?year=1", headers=headers).status_code == 422


def csrf(page: str) -> str:
    return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]


def test_the_desk_page_uploads_and_activates_with_plain_forms(app: Any, rt: Runtime):
    client = signed_in(app, rt, "S1", "system_admin")
    page = client.get("/sup/programmes").text
    assert page.count("从项目开始(现行)") == 6
    without = send(client, "/sup/programmes", STRICTER, headers={"Accept": "text/html"})
    assert without.status_code == 403
    sent = send(client, "/sup/programmes", STRICTER, fields={"csrf_token": csrf(page)})
    assert (sent.status_code, sent.location) == (303, "/sup/programmes?done=stored")
    page = client.get(sent.location).text
    assert "规则文件已保存,激活后才生效。" in page
    assert "未激活" in page
    [action] = re.findall(r'action="(/sup/programmes/[^"]+/activate)"', page)
    early = client.post(action, data={"first_month": "2026-11", "csrf_token": csrf(page)})
    assert early.status_code == 422
    assert "只能从还没有开始的月份起生效,最早 2026-12" in early.text
    done = client.post(action, data={"first_month": "2026-12", "csrf_token": csrf(page)})
    assert done.status_code == 303
    assert "从 2026-12 起" in client.get(done.location).text


def test_the_desk_page_shows_every_problem_of_a_file_and_escapes_it(app: Any, rt: Runtime):
    client = signed_in(app, rt, "S1", "system_admin")
    fields = {"csrf_token": csrf(client.get("/sup/programmes").text)}
    answer = send(client, "/sup/programmes", WRONG.replace(b'"retire"', b'"<b>x"'), fields=fields)
    assert answer.status_code == 422
    assert "规则文件有 2 处需要修改,没有保存" in answer.text
    assert "[session] · min_minutes:缺少必填项" in answer.text
    assert "&lt;b&gt;x" in answer.text
    assert "<b>" not in answer.text
    nothing = client.post("/sup/programmes", data=fields, content_type="multipart/form-data")
    assert nothing.status_code == 422


def test_the_desk_page_of_the_calendar_loads_a_file_and_lists_it(app: Any, rt: Runtime):
    client = signed_in(app, rt, "S1", "system_admin")
    page = client.get("/sup/calendar").text
    assert "2026 年" in page
    assert "放假安排未公布" in page
    fields = {"csrf_token": csrf(page)}
    sent = send(client, "/sup/calendar", DAYS, "2027.csv", fields=fields)
    assert (sent.status_code, sent.location) == (303, "/sup/calendar?done=loaded")
    page = client.get(sent.location).text
    assert "2027-01-01" in page
    assert "放假安排未公布" not in page
    wrong = send(client, "/sup/calendar", "2027-02-30,休息".encode(), "2027.csv", fields=fields)
    assert wrong.status_code == 422
    assert "第 1 行 2027-02-30" in wrong.text
