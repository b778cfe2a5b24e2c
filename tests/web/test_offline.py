"""Pages that were opened before open again without a network, and what the service worker keeps for that."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from shared.http.pages import MANIFEST
from tests.fixtures.browser import PHONE
from tests.fixtures.on_phone import on_phone
from tests.web.conftest import Site
from tests.web.test_browser import sign_in
from tests.web.test_phone import tap

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _built() -> None:
    if not MANIFEST.exists():
        pytest.skip("the pages were not built")


@pytest.fixture
def phone(open_context, site: Site) -> Page:
    """A phone whose person is signed in and has the scan page open."""
    page: Page = open_context(**PHONE).new_page()
    sign_in(page, site)
    page.goto(f"{site.url}/c/{site.site_token}")
    return page


def worker_ready(page: Page) -> None:
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def until(page: Page, script: str) -> None:
    end = time.monotonic() + 20
    while not page.evaluate(script):
        assert time.monotonic() < end, script
        page.wait_for_timeout(100)


KEPT = "async (path) => Boolean(await caches.match(path))"


def test_pages_that_were_opened_open_again_without_a_network(site, phone):
    worker_ready(phone)
    until(phone, f"({KEPT})('/c/{site.site_token}')")
    phone.goto(f"{site.url}/app/today")
    expect(phone.get_by_role("heading", name="待办")).to_be_visible()
    phone.wait_for_load_state("networkidle")

    phone.context.set_offline(True)
    phone.goto(f"{site.url}/app/today")
    expect(phone.get_by_text("离线 · 更新于").first).to_be_visible()
    expect(phone.get_by_text("林知远,您好")).to_be_visible()

    phone.goto(f"{site.url}/c/{site.site_token}")
    expect(phone.locator("#phone")).to_contain_text("没有网络,这是上次打开的页面")
    shown = phone.locator("#now").inner_text()
    tap(phone)
    expect(phone.locator("#steps")).to_contain_text("已存手机")
    assert abs(_minutes(shown) - _minutes(phone.evaluate("new Date().toTimeString().slice(0, 5)"))) <= 1

    phone.context.set_offline(False)
    expect(phone.locator("#steps")).to_contain_text("已收到", timeout=20_000)
    assert len({one["clientEventId"] for one in on_phone(phone)}) == 1


def _minutes(text: str) -> int:
    hours, minutes = re.findall(r"(\d\d):(\d\d)", text)[-1]
    return int(hours) * 60 + int(minutes)


def test_the_worker_keeps_no_answer_of_the_api_and_no_page_of_a_person(site, phone):
    worker_ready(phone)
    until(phone, f"({KEPT})('/c/{site.site_token}')")
    phone.goto(f"{site.url}/app/records")
    phone.wait_for_load_state("networkidle")
    kept = phone.evaluate("""async () => {
      const found = [];
      for (const name of await caches.keys()) for (const one of await (await caches.open(name)).keys()) {
        const answer = await (await caches.open(name)).match(one);
        found.push([new URL(one.url).pathname, /html/.test(answer.headers.get('content-type')) ? await answer.text() : '']);
      }
      return found; }""")
    pages = {path: text for path, text in kept if text}
    assert set(pages) == {"/app-shell", f"/c/{site.site_token}"}
    assert not [path for path, _ in kept if path.startswith(("/api/", "/app/"))]
    for text in pages.values():
        assert "林知远" not in text
        assert 'data-person=""' in text or '<script type="application/json" id="me">{}</script>' in text


def test_without_a_worker_me_says_what_works(site, open_context):
    context = open_context(**PHONE)
    context.add_init_script("delete Navigator.prototype.serviceWorker")
    page = context.new_page()
    sign_in(page, site)
    page.goto(f"{site.url}/app/me")
    expect(page.get_by_text('没有网络时,请先打开"驻点通"页面并保持打开,再签到;或事后申请补签。')).to_be_visible()
