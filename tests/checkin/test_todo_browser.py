"""SV-01 and SV-02 on a phone, without script: one in two taps, twenty in four, a refusal with its reason, a conflict."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from checkin.service import SERVICE as CHECKIN
from checkin.usecases.leave import file_leave
from checkin.usecases.leave_decide import decide_leave
from services.records.service import SERVICE as RECORDS
from services.web.service import SERVICE as WEB
from shared import clock
from shared.access import lookup as access
from shared.access import store
from shared.http.app import create_web
from shared.service import Runtime
from tests.checkin.scene import doctor, id_of
from tests.checkin.usecases.asking import EVENING, asked, drain, facts_of, office
from tests.checkin.usecases.test_leave import body
from tests.factories.directory import bearer
from tests.fixtures.browser import PHONE
from tests.journeys.test_screens import CENSUS, CLEAN

pytestmark = pytest.mark.browser


@pytest.fixture
def address(rt: Runtime) -> Iterator[str]:
    """The application on a port of its own, living in the evening of the test."""
    app = create_web(rt, [CHECKIN, RECORDS, WEB])

    def evening(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        def answer() -> list[bytes]:
            with clock.at(EVENING):
                return list(app(environ, start))

        return contextvars.copy_context().run(answer)

    server = make_server("127.0.0.1", 0, evening, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def phone(rt: Runtime, open_context: Any, address: str) -> Page:
    """The recipient's office on a phone, signed in, script off."""
    drain(rt)
    with clock.at(EVENING):
        bearer(rt, "R1")
        with rt.db.transaction() as session:
            account = access.account_by_person(session, id_of(rt, "person", "R1"))
            assert account is not None
            secret = store.open_session(session, account.id)
    context = open_context(**PHONE, java_script_enabled=False)
    context.add_cookies([{"name": "zd_session", "value": secret, "url": address}])
    page: Page = context.new_page()
    return page


class Taps:
    """A finger that counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def on(self, role: Any, name: str) -> None:
        """Tap the first control of this name that is on the page."""
        self.page.get_by_role(role, name=name, exact=True).first.tap()
        self.count += 1


def test_one_request_is_approved_in_two_taps(rt: Runtime, phone: Page, address: str) -> None:
    asked(rt)
    drain(rt)
    phone.goto(f"{address}/sup/todo")
    expect(phone.get_by_text("补后连续派驻")).to_be_visible()
    finger = Taps(phone)
    finger.on("link", "同意")
    finger.on("button", "同意")
    expect(phone.get_by_role("status")).to_contain_text("已处理")
    expect(phone.get_by_text("都处理完了")).to_be_visible()
    assert finger.count == 2
    assert facts_of(rt, "correction.decided")[-1].payload["decision"] == "approved"


def test_twenty_are_approved_in_four_taps_and_marked(rt: Runtime, phone: Page, address: str) -> None:
    with clock.at(EVENING):
        for _ in range(20):
            file_leave(rt, doctor(rt), body(rt, "2026-12-01", "2026-12-01"))
    drain(rt)
    phone.goto(f"{address}/sup/todo")
    finger = Taps(phone)
    finger.on("link", "多选")
    finger.on("link", "全选本页")
    finger.on("button", "同意所选")
    finger.on("button", "确认同意 20 项")
    expect(phone.get_by_text("✓ 同意")).to_have_count(20)
    assert finger.count <= 4
    assert {fact.payload["blanket"] for fact in facts_of(rt, "leave.decided")} == {20}


def test_a_refusal_needs_its_reason(rt: Runtime, phone: Page, address: str) -> None:
    row = asked(rt)
    phone.goto(f"{address}/sup/todo/{row.id}")
    phone.get_by_role("button", name="不同意", exact=True).tap()
    expect(phone.get_by_role("alert")).to_have_text("请写明原因")
    phone.get_by_label("原因").fill("门诊登记本上没有记录")
    phone.get_by_role("button", name="退回补充", exact=True).tap()
    expect(phone.get_by_role("status")).to_contain_text("已处理")
    assert facts_of(rt, "correction.decided")[-1].payload["note"] == "门诊登记本上没有记录"


def test_who_comes_second_is_told_who_was_first(rt: Runtime, phone: Page, address: str) -> None:
    with clock.at(EVENING):
        name = file_leave(rt, doctor(rt), body(rt, "2026-12-01", "2026-12-01"))[1].id
        phone.goto(f"{address}/sup/todo/{name}")
        decide_leave(rt, office(rt, "C1", "county_officer"), name, "approved")
    phone.get_by_role("button", name="同意", exact=True).tap()
    expect(phone.get_by_role("alert")).to_have_text("已被 陆见川 于 11-23 20:00 处理")


@pytest.mark.parametrize("path", ["", "?many=all", "/confirm", "one"])
def test_every_page_is_large_enough_and_says_nothing_in_english(rt: Runtime, phone: Page, address: str, path: str) -> None:
    row = asked(rt, reason_code="rescue", text="夜间急诊抢救后直接休息,第二天补记")
    with clock.at(EVENING):
        file_leave(rt, doctor(rt), body(rt, "2026-12-01", "2026-12-08"))
    drain(rt)
    phone.goto(f"{address}/sup/todo{f'/{row.id}' if path == 'one' else path}")
    checked = phone.context.browser.new_context(**PHONE)  # the census is a script of the test, the page has none
    checked.add_cookies(phone.context.cookies())
    again = checked.new_page()
    again.goto(phone.url)
    assert again.evaluate(CENSUS) == CLEAN
    checked.close()
