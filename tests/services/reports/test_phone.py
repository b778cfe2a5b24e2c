"""The report on a phone: the style is allowed, nothing overflows, long tables open with a tap."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from werkzeug.serving import make_server

from services.reports.service import SERVICE
from shared.http.app import create_web
from tests.fixtures.browser import PHONE
from tests.services.reports.drawn import drawn
from tests.services.reports.places import MONTH, bearer, recipient, who

pytestmark = pytest.mark.browser


@pytest.fixture
def served(world) -> Iterator[str]:
    """The reports service over HTTP on a free port of the loopback."""
    server = make_server("127.0.0.1", 0, create_web(world, [SERVICE]), threaded=False)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def test_the_page_is_styled_under_the_policy_and_fits_the_phone(world, served, open_context):
    headers = bearer(world, who(world, "R1", "recipient_admin"))
    page = open_context(**PHONE, extra_http_headers=headers).new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{served}/api/reports/monthly/{recipient(world)}/{MONTH}.html")
    assert [text for text in said if "Content Security Policy" in text] == []
    assert page.evaluate("getComputedStyle(document.querySelector('.tiles')).display") == "grid"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.get_by_role("heading", name="月度督导报告").is_visible()


def test_a_long_table_opens_with_one_tap(page):
    page.set_content(drawn("sixty", "html").decode())
    rows = page.locator("#t-presence tbody tr:visible")
    folded = rows.count()
    page.get_by_label("查看全部 60 行").first.check()
    assert folded < 25
    assert rows.count() == 62
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
