"""The scan page where no script runs: the button is in the HTML and the answer is a whole page (U02)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from playwright.sync_api import BrowserContext, Page, expect

from shared.ledger.models import LedgerEntry, LedgerPayload
from tests.fixtures.browser import PHONE
from tests.journeys.scene import RECEIPT, TAP, Scene, Site, code_address, fill_sign_in, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OpenContext = Callable[..., BrowserContext]


@pytest.fixture
def page(open_context: OpenContext) -> Page:
    """A phone whose browser runs no script at all."""
    return open_context(**PHONE, java_script_enabled=False).new_page()


def taps(town: Scene, who: Site) -> list[bytes]:
    """The facts of everything this physician scanned, oldest first."""
    query = (
        sa.select(LedgerPayload.fact).join(LedgerEntry, LedgerEntry.id == LedgerPayload.entry_id)
        .where(LedgerEntry.kind == "attendance.recorded").order_by(LedgerEntry.appended_at)
    )  # fmt: skip
    with town.rt.db.read() as session:
        return [bytes(fact) for fact in session.scalars(query) if who.person_id.encode() in bytes(fact)]


def assert_receipt(page: Page) -> None:
    """The result page says what was received, when, under which number and hash."""
    expect(page.get_by_role("heading", level=1)).to_contain_text("已收到")
    expect(page.locator("time")).to_have_text(re.compile(r"\d\d:\d\d"))
    facts = page.locator(".zd-facts")
    expect(facts).to_contain_text(RECEIPT)
    expect(facts).to_contain_text(re.compile(r"第 \d+ 条"))
    expect(facts).to_contain_text(re.compile(r"[0-9a-f]{12}"))


def test_signed_in_the_tap_gives_a_receipt(town: Scene, page: Page) -> None:
    who = town.physician(1)
    sign_in(page, town.url, who.phone)
    before = taps(town, who)

    page.goto(code_address(page, town.url, who.screen_token))
    assert taps(town, who) == before, "a GET writes nothing"
    page.get_by_role("button", name=TAP).click()

    assert_receipt(page)
    assert len(taps(town, who)) == len(before) + 1
    assert b'"strength":"fresh"' in taps(town, who)[-1]


def test_signing_in_between_keeps_the_scan_and_records_it_once(town: Scene, page: Page) -> None:
    who = town.physician(2)
    before = taps(town, who)

    page.goto(code_address(page, town.url, who.screen_token))
    page.get_by_role("button", name=TAP).click()
    expect(page.get_by_text("登录后,刚才的记录会一并提交")).to_be_visible()
    assert taps(town, who) == before
    fill_sign_in(page, who.phone)
    page.get_by_role("button", name="提交刚才的记录").click()

    assert_receipt(page)
    assert len(taps(town, who)) == len(before) + 1
    assert b'"strength":"fresh"' in taps(town, who)[-1], "the ticket kept its time through sign-in"


def test_a_wrong_password_in_between_keeps_the_scan(town: Scene, page: Page) -> None:
    who = town.physician(3)
    before = taps(town, who)

    page.goto(code_address(page, town.url, who.screen_token))
    page.get_by_role("button", name=TAP).click()
    page.get_by_label("手机号").fill(who.phone)
    page.get_by_label("密码").fill("not-the-password")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_be_visible()
    fill_sign_in(page, who.phone)
    page.get_by_role("button", name="提交刚才的记录").click()

    assert_receipt(page)
    assert len(taps(town, who)) == len(before) + 1


def test_sending_the_form_again_gives_the_same_receipt(town: Scene, page: Page) -> None:
    who = town.physician(4)
    sign_in(page, town.url, who.phone)
    before = taps(town, who)
    page.goto(code_address(page, town.url, who.screen_token))
    page.get_by_role("button", name=TAP).click()
    first = page.locator(".zd-facts .zd-code").first.inner_text()

    page.reload()  # the browser posts the same form once more

    assert page.locator(".zd-facts .zd-code").first.inner_text() == first
    expect(page.get_by_text("之前已提交")).to_be_visible()
    assert len(taps(town, who)) == len(before) + 1


def test_the_script_missing_is_as_good_as_switched_off(town: Scene, open_context: OpenContext) -> None:
    who = town.physician(5)
    page = open_context(**PHONE).new_page()
    lost: list[str] = []
    page.route("**/assets/**", lambda route: (lost.append(route.request.url), route.abort())[1])
    sign_in(page, town.url, who.phone)
    before = taps(town, who)

    page.goto(code_address(page, town.url, who.screen_token))
    page.get_by_role("button", name=TAP).click()

    assert_receipt(page)
    assert lost, "the page asked for its script and did not get it"
    assert len(taps(town, who)) == len(before) + 1
