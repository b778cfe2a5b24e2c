"""Every page as a person sees it: pictures in var/shots/, nothing too small, no error in the console, no dead button."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from services.identity.usecases.invitations import invite
from tests.fixtures.browser import DESK, PHONE
from tests.journeys.scene import TAP, Scene, code_address, sign_in
from tests.journeys.shots import pdf_shots, settled, shot

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OpenContext = Callable[..., BrowserContext]
APP = ("today", "work", "diary", "records", "progress", "inbox", "me", "outbox", "correction", "leave", "objection", "handover", "scan")
LIMIT = 40 * 1024
CENSUS = """() => {
  const shown = (one) => one.getClientRects().length && getComputedStyle(one).visibility === 'visible'
    && one.getBoundingClientRect().width > 1;
  const text = (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  const named = (one) => one.tagName + '.' + (one.getAttribute('class') || '') + ' ' + one.textContent.trim().slice(0, 20);
  const all = [...document.querySelectorAll('body *')].filter(shown);
  const box = (one) => { const label = one.type === 'checkbox' || one.type === 'radio' ? one.closest('label') : one;
    return (label || one).getBoundingClientRect(); };
  return {
    small: all.filter((one) => text(one) && parseFloat(getComputedStyle(one).fontSize) < 16).map(named),
    narrow: all.filter((one) => one.matches('a[href], button, input:not([type=hidden]), textarea, select, summary')
      && (box(one).height < 44 || box(one).width < 44)).map(named),
    sideways: document.documentElement.scrollWidth > innerWidth,
    english: (document.body.innerText.match(/[A-Za-z]{4,}/g) || []).filter((word) => !/^(PDF|Word|Excel)+$/.test(word)),
  };
}"""
CLEAN = {"small": [], "narrow": [], "sideways": False, "english": []}
STATE = """location.href + document.body.innerHTML
  + [...document.querySelectorAll('input, textarea')].map((one) => one.value + one.checked + one.matches(':focus')).join()"""
BUTTONS = "button:visible:enabled, summary:visible"


@pytest.fixture
def listen() -> Iterator[Callable[[Page], None]]:
    """listen(page): an error in the page's console fails the test."""
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            said.append(f"{message.location.get('url')}: {message.text}")

    yield lambda page: page.on("console", note)
    assert said == []


def phone_pages(town: Scene, page: Page) -> dict[str, str]:
    """Name and address of every page a phone shows; the invitation is a fresh one."""
    who = town.physician(1)
    secret = invite(town.rt, who.phone).rpartition("/")[2]
    return {"scan": code_address(page, town.url, who.screen_token), "invitation": f"{town.url}/i/{secret}",
            **{name: f"{town.url}/app/{name}" for name in APP}}  # fmt: skip


def test_every_phone_page_is_pictured_and_large_enough(town: Scene, open_context: OpenContext,
                                                       listen: Callable[[Page], None]) -> None:  # fmt: skip
    page = open_context(**PHONE).new_page()
    listen(page)
    page.goto(f"{town.url}/login")
    shot(page, "phone-login")
    assert page.evaluate(CENSUS) == CLEAN
    sign_in(page, town.url, town.physician(1).phone)
    for name, address in phone_pages(town, page).items():
        page.goto(address)
        shot(page, f"phone-{name}")
        assert page.evaluate(CENSUS) == CLEAN, name


def test_the_result_is_pictured_with_and_without_script(town: Scene, open_context: OpenContext) -> None:
    for number, script in ((2, True), (3, False)):
        page = open_context(**PHONE, java_script_enabled=script).new_page()
        who = town.physician(number)
        sign_in(page, town.url, who.phone)
        page.goto(code_address(page, town.url, who.screen_token))
        page.get_by_role("button", name=TAP).click()
        expect(page.locator("#steps" if script else "h1")).to_contain_text("已收到")
        page.wait_for_load_state("networkidle")
        assert shot(page, "phone-result" if script else "phone-result-no-script").exists()
        if script:
            assert {**page.evaluate(CENSUS), "english": []} == CLEAN, "receipt and hash are letters by nature"


@pytest.mark.parametrize(("name", "path", "status"), [
    ("not-found", "/app/nowhere", 404), ("unknown-code", "/c/" + "x" * 32, 404), ("forbidden", "/sup/reports", 403),
])
def test_an_error_page_says_it_in_chinese(town: Scene, open_context: OpenContext, name: str, path: str, status: int) -> None:
    page = open_context(**PHONE).new_page()
    sign_in(page, town.url, town.physician(1).phone)
    answer = page.goto(town.url + path)
    shot(page, f"phone-{name}")

    assert answer is not None
    assert answer.status == status
    assert page.evaluate(CENSUS) == CLEAN
    assert re.search("[一-鿿]{4}", page.inner_text("h1"))


def test_the_desk_pages_and_the_report_are_pictured(town: Scene, open_context: OpenContext,
                                                    listen: Callable[[Page], None]) -> None:  # fmt: skip
    page = open_context(**DESK).new_page()
    listen(page)
    page.goto(f"{town.url}/login")
    shot(page, "desk-login")
    page.goto(f"{town.url}/screen/{town.physician(1).screen_token}")
    expect(page.locator("#typed")).to_have_text(re.compile(r"^\d{4} \d{4}$"))
    shot(page, "desk-screen")
    sign_in(page, town.url, town.officer("县级卫健部门"))
    shot(page, "desk-reports")
    assert page.evaluate(CENSUS) == CLEAN
    report = page.get_by_role("link", name="打开").first.get_attribute("href") or ""
    page.goto(town.url + report)
    shot(page, "desk-report")
    pages = pdf_shots(page.request.get(town.url + report.replace(".html", ".pdf")).body(), "report-pdf")
    assert len(pages) >= 2
    narrow = open_context(**PHONE, storage_state=page.context.storage_state()).new_page()
    listen(narrow)
    narrow.goto(town.url + report)
    shot(narrow, "phone-report")
    assert narrow.evaluate(CENSUS)["sideways"] is False


def test_the_scan_page_weighs_at_most_40_kb(town: Scene, open_context: OpenContext) -> None:
    page = open_context(**PHONE).new_page()
    got: list[Response] = []
    page.on("response", lambda response: got.append(response))
    page.goto(code_address(page, town.url, town.physician(1).screen_token))
    settled(page)

    weights = {response.url: len(gzip.compress(response.body(), 6)) for response in got}
    assert sum(weights.values()) <= LIMIT, weights
    assert len(weights) == 2, "the page and its script"
    scripts = [response for response in got if "/assets/" in response.url]
    assert [response.headers.get("content-encoding") for response in scripts] == ["gzip"]


@pytest.mark.parametrize("name", [*APP, "scan", "login"])
def test_every_button_does_something_and_every_link_leads_somewhere(town: Scene, open_context: OpenContext, name: str) -> None:
    context = open_context(**PHONE)
    page, who = context.new_page(), town.physician(4)
    address = f"{town.url}/{'login' if name == 'login' else f'c/{who.site_token}' if name == 'scan' else f'app/{name}'}"
    if name != "login":
        sign_in(page, town.url, who.phone)
    page.goto(address)
    settled(page)
    for link in {one.get_attribute("href") for one in page.locator("a[href]:visible").all()}:
        assert page.request.get(town.url + (link or "")).status == 200, link
    page.route("**/api/identity/sessions/current", lambda route: route.fulfill(status=500))  # signing out ends the walk
    for number in range(page.locator(BUTTONS).count()):
        page.goto(address)
        settled(page)
        button, before = page.locator(BUTTONS).nth(number), page.evaluate(STATE)
        label = button.inner_text() or button.get_attribute("aria-label")
        button.click()
        assert changed(page, before), f"{label} does nothing"
        if name == "scan":  # a record still under way would greet the next opening, with other buttons
            expect(page.locator("#steps")).to_contain_text("已收到")


def changed(page: Page, before: str) -> bool:
    """Whether anything a person can notice is soon different."""
    try:
        page.wait_for_function(f"(before) => {STATE} !== before", arg=before, timeout=5_000)
    except PlaywrightTimeout:
        return False
    return True
