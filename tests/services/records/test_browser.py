"""The desk pages in a real browser without script, on a phone and on a desk: filled in, corrected, filed, read."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from services.records.service import SERVICE
from services.web.service import SERVICE as WEB
from shared.access import lookup as access
from shared.access import store
from shared.http.app import create_web
from shared.service import Runtime
from tests.factories.directory import bearer, id_of
from tests.fixtures.browser import DESK, PHONE
from tests.services.records.desk import PDF

pytestmark = pytest.mark.browser


@pytest.fixture
def address(rt: Runtime) -> Iterator[str]:
    """The application of records on a port of its own."""
    server = make_server("127.0.0.1", 0, create_web(rt, [SERVICE, WEB]), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def desk(rt: Runtime, open_context, address: str, request) -> Page:
    """The recipient's office, signed in, script off."""
    bearer(rt, "R1")
    with rt.db.transaction() as session:
        account = access.account_by_person(session, id_of(rt, "person", "R1"))
        secret = store.open_session(session, account.id)
    context = open_context(**request.param, java_script_enabled=False)
    context.add_cookies([{"name": "zd_session", "value": secret, "url": address}])
    return context.new_page()


def fits(page: Page, shot: Path) -> bool:
    """Whether every control lies within the width of the screen; the page is kept as a picture."""
    page.screenshot(path=shot, full_page=True)
    width = page.viewport_size["width"]
    controls = page.locator("main input:visible, main select:visible, main textarea:visible, main button:visible, main a:visible")
    boxes = [control.bounding_box() for control in controls.all()]
    return bool(boxes) and all(box and box["x"] >= 0 and box["x"] + box["width"] <= width + 1 for box in boxes)


def test_an_office_files_a_figure_corrects_a_mistake_and_reads_it(desk: Page, address: str, tmp_path: Path):
    desk.goto(f"{address}/sup/reports")
    desk.get_by_role("link", name="记录与材料").click()
    desk.get_by_role("link", name="数据上报").click()
    expect(desk.get_by_label("指标")).to_be_visible()
    assert fits(desk, tmp_path / "form.png")
    desk.get_by_label("指标").select_option(label="门急诊人次")
    desk.get_by_label("期间").fill("2025-Q1")
    desk.get_by_label("数值").fill("4321")
    desk.get_by_label("附件").set_input_files({"name": "导出.pdf", "mimeType": "application/pdf", "buffer": PDF})
    for option in desk.get_by_label("对象").locator("option").all():
        if (option.text_content() or "").startswith("受援机构"):
            desk.get_by_label("对象").select_option(value=option.get_attribute("value"))
    desk.get_by_role("button", name="提交").click()
    expect(desk.get_by_text("这项按月填报,如 2026-11")).to_be_visible()
    expect(desk.get_by_label("数值")).to_have_value("4321")
    assert fits(desk, tmp_path / "mistake.png")
    desk.get_by_label("期间").fill("2025-01")
    desk.get_by_role("button", name="提交").click()
    expect(desk.get_by_text("4321")).to_be_visible()
    expect(desk.get_by_text("下载")).to_be_visible()
    assert fits(desk, tmp_path / "record.png")
    desk.get_by_role("link", name="返回列表").click()
    expect(desk.get_by_text("已登记").last).to_be_visible()
    assert fits(desk, tmp_path / "list.png")
