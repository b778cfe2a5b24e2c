"""The shells of the pages: who gets which, and how built files are served."""

import datetime as dt
import gzip
import json
import re

import pytest

from services.web import routes
from services.web.service import SERVICE
from shared import clock
from shared.http.app import create_web
from shared.progress.models import MonthState
from tests.factories.directory import directory, id_of
from tests.web.visitors import anonymous, signed_in

NOW = dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.UTC)


@pytest.fixture
def app(rt):
    with clock.at(NOW):
        directory(rt)
        yield create_web(rt, [SERVICE])


@pytest.mark.parametrize(
    ("person", "role", "scope", "start"),
    [
        ("D1", "doctor", None, "/app/today"),
        ("A1", "supporter_admin", None, "/sup/reports"),
        ("R1", "recipient_admin", None, "/sup/reports"),
        ("C1", "county_officer", None, "/sup/reports"),
        ("A1", "system_admin", None, "/sup/programmes"),
        ("A1", "hr_officer", None, "/sup/records"),
    ],
)
def test_everybody_starts_at_the_page_of_the_own_role(app, rt, person, role, scope, start):
    answer = signed_in(app, rt, person, role, scope).get("/")
    assert (answer.status_code, answer.location) == (303, start)


def test_nobody_starts_at_sign_in(app):
    assert anonymous(app).get("/").location == "/login"
    answer = anonymous(app).get("/app/today")
    assert (answer.status_code, answer.location) == (303, "/login?next=%2Fapp%2Ftoday")


def test_a_role_without_a_page_is_told_so_and_may_sign_out(app, rt):
    answer = signed_in(app, rt, "A1", "witness").get("/")
    assert answer.status_code == 403
    assert "您没有这项权限" in answer.text
    assert 'action="/logout"' in answer.text


@pytest.mark.parametrize("screen", routes.SCREENS)
def test_every_screen_of_the_physician_has_its_shell(app, rt, screen):
    page = signed_in(app, rt, "D1", "doctor").get(f"/app/{screen}")
    assert page.status_code == 200
    assert f"<title>{routes.SCREENS[screen]} · 驻点通</title>" in page.text
    me = json.loads(re.search(r'<script type="application/json" id="me">(.*?)</script>', page.text)[1])
    assert me["person"] == {"id": id_of(rt, "person", "D1"), "name": "林知远", "organisation": "青禾区人民医院"}
    assert me["roles"] == ["派驻医师"]
    assert me["server_time_ms"] == int(NOW.timestamp() * 1000)
    assert re.search(r'name="csrf-token" content="[0-9a-f]{64}"', page.text)
    assert page.headers["Cache-Control"] == "no-store"


def test_an_unknown_screen_does_not_exist(app, rt):
    page = signed_in(app, rt, "D1", "doctor").get("/app/nothing")
    assert page.status_code == 404
    assert "没有找到,或您没有查看的权限" in page.text


def test_an_administrator_gets_no_physician_page(app, rt):
    assert signed_in(app, rt, "A1", "supporter_admin").get("/app/today").status_code == 403


def test_a_physician_gets_no_list_of_reports(app, rt):
    assert signed_in(app, rt, "D1", "doctor").get("/sup/reports").status_code == 403


def test_the_list_of_reports_names_each_begun_month_once_newest_first(app, rt):
    page = signed_in(app, rt, "R1", "recipient_admin").get("/sup/reports").text
    months = re.findall(r'zd-month__name">(\d+年\d+月)', page)
    assert months == ["2026年11月", "2026年10月", "2026年9月"]
    recipient = id_of(rt, "organisation", "SQ")
    for suffix in ("html", "pdf", "docx", "xlsx"):
        assert f'href="/api/reports/monthly/{recipient}/2026-11.{suffix}"' in page
    assert "柳岸社区卫生服务中心" in page
    states = re.findall(r'zd-month__state">([^<]*)', page)
    assert states == ["每天更新草稿,12月3日 18:00 锁定", "草稿,尚未锁定", "草稿,尚未锁定"]


def test_a_locked_month_says_so(app, rt):
    with rt.db.transaction() as session:
        session.add(MonthState(programme_id="zhongzhan-demo", recipient_id=id_of(rt, "organisation", "SQ"),
                               month="2026-10", locked_at=NOW))  # fmt: skip
    page = signed_in(app, rt, "C1", "county_officer").get("/sup/reports").text
    assert re.findall(r'zd-month__state">([^<]*)', page)[1] == "已锁定"


def test_a_reader_without_recipients_sees_none(app, rt):
    page = signed_in(app, rt, "R1", "county_officer", "SQ").get("/sup/reports").text
    assert "您负责的范围内还没有受援机构" in page


def test_built_files_stay_for_ever_and_come_compressed(app, monkeypatch, tmp_path):
    monkeypatch.setattr(routes, "ASSETS", tmp_path)
    (tmp_path / "scan-abc.js").write_text("let a = 1;")
    (tmp_path / "scan-abc.js.gz").write_bytes(gzip.compress(b"let a = 1;"))
    plain = anonymous(app).get("/assets/scan-abc.js")
    assert plain.text == "let a = 1;"
    assert plain.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert plain.mimetype == "text/javascript"
    packed = anonymous(app).get("/assets/scan-abc.js", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert packed.mimetype == "text/javascript"
    assert gzip.decompress(packed.data) == b"let a = 1;"


@pytest.mark.parametrize("name", ["missing.js", "..%2Fmanifest.json", ".%2e"])
def test_a_file_that_was_not_built_does_not_exist(app, name):
    answer = anonymous(app).get(f"/assets/{name}", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_worker_is_asked_for_anew_and_the_shell_names_nobody(app):
    answer = anonymous(app).get("/sw.js")
    assert (answer.status_code, answer.mimetype, answer.headers["Cache-Control"]) == (200, "text/javascript", "no-cache")
    shell = anonymous(app).get("/app-shell")
    assert '<script type="application/json" id="me">{}</script>' in shell.text
    assert 'name="csrf-token" content=""' in shell.text


@pytest.mark.parametrize("address", ["/app/records/2026-11-23", "/app/spot/00000000-0000-4000-8000-000000000000"])
def test_pages_about_one_thing_have_their_shell(app, rt, address):
    page = signed_in(app, rt, "D1", "doctor").get(address)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", ["/app/records/yesterday", "/app/spot/..%2Fx"])
def test_a_page_about_nothing_does_not_exist(app, rt, address):
    assert signed_in(app, rt, "D1", "doctor").get(address).status_code == 404
