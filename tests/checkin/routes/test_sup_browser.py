"""SV-05 and SV-06 in a real browser without script, on a phone of 390x844 and on a desk: decided, confirmed, readable."""

from __future__ import annotations

import contextvars
import datetime as dt
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from checkin.models import SpotCheck
from checkin.service import SERVICE
from services.identity.service import SERVICE as IDENTITY
from services.reports.service import SERVICE as REPORTS
from services.web.service import SERVICE as WEB
from shared import clock
from shared.access import store
from shared.http.app import create_web
from shared.service import Runtime
from tests.checkin.scene import doctor, principal
from tests.checkin.usecases.checks import begun, check, fire, issued
from tests.checkin.usecases.tapping import tapped
from tests.fixtures.browser import DESK, PHONE
from tests.journeys.test_screens import CENSUS, CLEAN

pytestmark = pytest.mark.browser


@pytest.fixture
def lapsed(rt: Runtime) -> SpotCheck:
    """A tap by the poster, and a check that nobody answered."""
    one = begun(rt)[0]
    tapped(rt, one.drawn.at - dt.timedelta(minutes=5))
    row = issued(rt, one)
    fire(rt, "checkin.spot_lapse", row.deadline + dt.timedelta(hours=2))
    return check(rt, row.id)


@pytest.fixture
def address(rt: Runtime, lapsed: SpotCheck) -> Iterator[str]:
    """The application on a port of its own, at the hour of the test's clock: one thread serves, in the test's context."""
    with clock.at(lapsed.deadline + dt.timedelta(hours=3)):
        server = make_server("127.0.0.1", 0, create_web(rt, [SERVICE, IDENTITY, REPORTS, WEB]))
        thread = threading.Thread(target=contextvars.copy_context().run, args=(server.serve_forever,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def desk(rt: Runtime, open_context, address: str, request, lapsed: SpotCheck) -> Page:
    """The county's officer, signed in, script off but for measuring."""
    who = principal(rt, "C1", "county_officer")
    with clock.at(lapsed.deadline + dt.timedelta(hours=3)), rt.db.transaction() as session:
        account = store.add_account(session, who.person_id, "13900000005")
        store.set_grants(session, account.id, who.grants)
        secret = store.open_session(session, account.id)
    context = open_context(**request.param)
    context.add_cookies([{"name": "zd_session", "value": secret, "url": address}])
    return context.new_page()


def readable(page: Page, shot: Path) -> None:
    """Large enough, not wider than the screen, and pictured; ids of evidence are letters by nature."""
    page.screenshot(path=shot, full_page=True)
    assert {**page.evaluate(CENSUS), "english": []} == CLEAN


def test_an_officer_decides_a_check_and_confirms_a_record(desk: Page, address: str, rt: Runtime, lapsed: SpotCheck, tmp_path: Path):
    desk.goto(f"{address}/sup/reports")
    desk.get_by_role("link", name="抽查").click()
    expect(desk.get_by_text("未响应", exact=True)).to_be_visible()
    readable(desk, tmp_path / "spot.png")
    desk.get_by_label("结果").select_option(label="已说明")
    desk.get_by_label("核实方式").select_option(label="电话核实")
    desk.get_by_role("button", name="判定").click()
    expect(desk.get_by_role("alert")).to_have_text("请写明情况")
    readable(desk, tmp_path / "spot-mistake.png")
    desk.get_by_label("结果").select_option(label="已说明")
    desk.get_by_label("核实方式").select_option(label="电话核实")
    desk.get_by_label("情况").fill("当时在抢救")
    desk.get_by_role("button", name="判定").click()
    expect(desk.get_by_text("当时在抢救")).to_be_visible()
    assert check(rt, lapsed.id).state == "excused"
    readable(desk, tmp_path / "spot-decided.png")

    desk.get_by_role("link", name="在岗确认").click()
    expect(desk.get_by_role("button", name="确认在岗")).to_be_visible()
    readable(desk, tmp_path / "countersign.png")
    desk.get_by_label("依据").select_option(label="到场走访")
    desk.get_by_role("button", name="确认在岗").click()
    expect(desk.get_by_text("没有待确认的记录")).to_be_visible()
    readable(desk, tmp_path / "countersign-done.png")

    desk.goto(f"{address}/sup/questions")
    expect(desk.get_by_text("不作为结论")).to_be_visible()
    readable(desk, tmp_path / "questions.png")
    assert doctor(rt).person_id
