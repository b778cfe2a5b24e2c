"""The scan page with its script: on the phone first, received only with our receipt, and one event however one taps."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from playwright.sync_api import BrowserContext, Page, Route, expect

from shared.ledger.models import LedgerEntry, LedgerPayload
from tests.fixtures.browser import PHONE
from tests.fixtures.on_phone import on_phone
from tests.journeys.scene import RECEIPT, TAP, Scene, Site, code_address, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OpenContext = Callable[..., BrowserContext]
EVENTS = "**/api/checkin/events"
LINES = """() => {
  window.lines = [];
  new MutationObserver(() => window.lines.push(document.getElementById('steps').innerText))
    .observe(document.getElementById('steps'), {childList: true, subtree: true, characterData: true});
}"""


def opened(town: Scene, open_context: OpenContext, number: int) -> tuple[Page, Site]:
    """The scan page of a physician who is signed in, after a fresh scan."""
    who = town.physician(number)
    page = open_context(**PHONE).new_page()
    sign_in(page, town.url, who.phone)
    page.goto(code_address(page, town.url, who.screen_token))
    page.evaluate(LINES)
    return page, who


def events(town: Scene, who: Site) -> list[str]:
    """Client event ids of everything this physician scanned."""
    query = (
        sa.select(LedgerEntry.client_event_id, LedgerPayload.fact)
        .join(LedgerPayload, LedgerEntry.id == LedgerPayload.entry_id).where(LedgerEntry.kind == "attendance.recorded")
    )  # fmt: skip
    with town.rt.db.read() as session:
        return [key.hex() for key, fact in session.execute(query) if who.person_id.encode() in bytes(fact)]


def test_the_tap_is_on_the_phone_before_any_answer_and_then_received(town: Scene, open_context: OpenContext) -> None:
    page, who = opened(town, open_context, 0)
    before, held = events(town, who), []
    page.route(EVENTS, lambda route: held.append(route))  # nobody answers yet

    page.get_by_role("button", name=TAP).click()

    expect(page.locator("#steps")).to_contain_text("已存手机")
    expect(page.locator("#steps")).to_contain_text("发送中")
    expect(page.locator("#steps")).not_to_contain_text("已收到")
    kept = on_phone(page)
    assert [one["receipt"] for one in kept] == [None]
    assert events(town, who) == before

    held[0].continue_()
    expect(page.locator("#steps")).to_contain_text(RECEIPT)
    lines: list[str] = page.evaluate("window.lines")
    first = {word: next(n for n, line in enumerate(lines) if word in line) for word in ("已存手机", "发送中", "已收到")}
    assert first["已存手机"] <= first["发送中"] < first["已收到"]
    assert "已收到" not in lines[first["已存手机"]]
    assert on_phone(page)[0]["state"] == "confirmed"
    assert events(town, who) == [*before, kept[0]["clientEventId"]]


def test_a_tap_without_network_waits_and_is_received_once(town: Scene, open_context: OpenContext) -> None:
    page, who = opened(town, open_context, 1)
    before = events(town, who)
    page.context.set_offline(True)
    page.get_by_role("button", name=TAP).click()
    expect(page.locator("#steps")).to_contain_text("没有网络")
    expect(page.get_by_role("link", name="1 条未发送")).to_be_visible()
    assert events(town, who) == before

    page.context.set_offline(False)

    expect(page.locator("#steps")).to_contain_text("已收到", timeout=30_000)
    expect(page.get_by_role("link", name="1 条未发送")).to_be_hidden()
    assert events(town, who) == [*before, on_phone(page)[0]["clientEventId"]]


@pytest.mark.parametrize("answer", [
    {"content_type": "text/html", "body": "<h1>WiFi 登录</h1>"},
    {"content_type": "application/json", "body": "{}"},
    {"content_type": "application/json", "body": json.dumps({"receipt": {"client": "0" * 32, "body_hash": "0" * 64, "code": "8F3K-Q2WD",
     "seq": 1, "at": "2026-11-23T00:00:00.000Z", "entry_hash": "0" * 64}})},
], ids=["portal", "empty", "somebody-elses-receipt"])  # fmt: skip
def test_a_bare_200_is_no_acknowledgement(town: Scene, open_context: OpenContext, answer: dict[str, str]) -> None:
    page, who = opened(town, open_context, 2)
    before, met = events(town, who), []

    def portal(route: Route) -> None:
        met.append(route.request.url)
        route.fulfill(status=200, **answer)

    page.route(EVENTS, portal)
    page.get_by_role("button", name=TAP).click()
    expect(page.locator("#steps")).to_contain_text("还没有发出")
    assert met
    expect(page.locator("#steps")).not_to_contain_text("已收到")
    assert [one["receipt"] for one in on_phone(page)] == [None]
    assert events(town, who) == before

    page.unroute(EVENTS)
    page.get_by_role("button", name="立即发送").click()
    expect(page.locator("#steps")).to_contain_text("已收到")


@pytest.mark.parametrize("ending", ["answered", "lost"])
def test_ten_rapid_taps_make_one_event(town: Scene, open_context: OpenContext, ending: str) -> None:
    number = 3 if ending == "answered" else 4
    page, who = opened(town, open_context, number)
    before, sent = events(town, who), []

    def lose_the_first_answer(route: Route) -> None:
        sent.append(route.request.post_data_json["body"])
        if len(sent) == 1 and ending == "lost":
            route.fetch()  # the server has it, the phone never hears of it
            route.abort()
        else:
            route.continue_()

    page.route(EVENTS, lose_the_first_answer)
    page.evaluate("() => { for (let n = 0; n < 10; n += 1) document.querySelector('[data-action]').click() }")
    expect(page.locator("#steps")).to_contain_text("已收到", timeout=30_000)  # a lost answer is asked for again by itself

    assert len(sent) == (2 if ending == "lost" else 1)
    assert all(body == sent[0] for body in sent)
    assert events(town, who) == [*before, sent[0]["client_event_id"]]
