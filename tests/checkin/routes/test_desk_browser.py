"""The desk pages of people, doubts and clinics in a real browser, on a phone of 390x844 and on a desk: used and readable."""

from __future__ import annotations

import contextvars
import secrets
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from checkin.service import SERVICE as CHECKIN
from services.identity.service import SERVICE as IDENTITY
from services.progress.service import SERVICE as PROGRESS
from services.roster.service import SERVICE as ROSTER
from services.web.service import SERVICE as WEB
from shared import clock
from shared.access import lookup, store
from shared.http.app import create_web
from shared.service import Runtime
from tests.checkin.routes.test_sup_browser import readable
from tests.checkin.scene import id_of, principal
from tests.checkin.usecases.asking import EVENING, drain, facts_of
from tests.checkin.usecases.tapping import tapped
from tests.fixtures.browser import DESK, PHONE

pytestmark = pytest.mark.browser


@pytest.fixture
def address(rt: Runtime) -> Iterator[str]:
    """The application on the evening of a day with a doubtful tap: one thread serves, in the test's context."""
    tapped(rt, site="SQ2")
    drain(rt)
    with clock.at(EVENING):
        server = make_server("127.0.0.1", 0, create_web(rt, [CHECKIN, IDENTITY, PROGRESS, ROSTER, WEB]))
        thread = threading.Thread(target=contextvars.copy_context().run, args=(server.serve_forever,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def desk(rt: Runtime, open_context, address: str, request) -> Page:
    """The recipient's office, signed in."""
    who = principal(rt, "R1", "recipient_admin")
    with clock.at(EVENING), rt.db.transaction() as session:
        account = lookup.account_by_person(session, who.person_id) or store.add_account(session, who.person_id, secrets.token_hex(8))
        store.set_grants(session, account.id, who.grants)
        secret = store.open_session(session, account.id)
    context = open_context(**request.param)
    context.add_cookies([{"name": "zd_session", "value": secret, "url": address}])
    return context.new_page()


def test_an_office_writes_a_note_and_names_witnesses(desk: Page, address: str, rt: Runtime, tmp_path: Path) -> None:
    desk.goto(f"{address}/sup/people")
    expect(desk.get_by_role("link", name="林知远")).to_be_visible()
    readable(desk, tmp_path / "people.png")
    desk.get_by_role("link", name="林知远").click()
    expect(desk.get_by_role("link", name="登记走访")).to_be_visible()
    readable(desk, tmp_path / "person.png")
    desk.get_by_role("link", name="写说明").click()
    desk.get_by_role("button", name="保存").click()
    expect(desk.get_by_role("alert").first).to_contain_text("需要修改")
    readable(desk, tmp_path / "note-mistake.png")
    desk.get_by_label("上午").check()
    desk.get_by_label("情况").fill("上午停电")
    desk.get_by_role("button", name="保存").click()
    expect(desk.get_by_text("上午说明:上午停电")).to_be_visible()
    assert facts_of(rt, "day.noted")
    for name in ("visit", "ordered", "substitution", "closing"):
        desk.goto(f"{address}/sup/people/{id_of(rt, 'posting', 'P1')}/{name}")
        readable(desk, tmp_path / f"{name}.png")
    desk.goto(f"{address}/sup/flags")
    expect(desk.get_by_text("由县级卫健部门处理")).to_be_visible()
    readable(desk, tmp_path / "flags.png")
    desk.goto(f"{address}/sup/clinics")
    desk.get_by_role("link", name="柳岸东站").click()
    expect(desk.get_by_role("heading", name="值班和审批")).to_be_visible()
    readable(desk, tmp_path / "clinic.png")
    desk.get_by_role("link", name="修改值班名单").click()
    desk.get_by_label("苏文简").check()
    readable(desk, tmp_path / "rota.png")
    desk.get_by_role("button", name="保存").click()
    expect(desk.get_by_text("由县级卫健部门审批")).to_be_visible()
