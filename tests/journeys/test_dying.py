"""Networks that die and browsers that are killed: what a person did is lost nowhere and counted twice nowhere."""

from __future__ import annotations

import json
import os
import random
import re
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import BrowserContext, Page, Playwright, Route, expect

from shared.ledger.models import LedgerEntry, LedgerPayload
from tests.fixtures.browser import ARGUMENTS, CACHED, CHINA, PHONE, chromium_program
from tests.fixtures.on_phone import on_phone
from tests.journeys.scene import TAP, Scene, Site, fill_sign_in, sign_in, until
from tests.journeys.three_days import AWAY, began, offline_tap

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OpenContext = Callable[..., BrowserContext]
EVENTS = "**/api/checkin/events"
HANGS = "navigator.geolocation.getCurrentPosition = () => undefined"
SEED = """async (records) => {
  const open = indexedDB.open('zhudian');
  const db = await new Promise((done, failed) => { open.onsuccess = () => done(open.result); open.onerror = failed; });
  const change = db.transaction('records', 'readwrite');
  for (const one of records) change.objectStore('records').put({clientEventId: one.clientEventId, schemaVersion: 2,
    kind: one.kind, date: one.date, state: one.state, kept: {plain: one}});
  await new Promise((done) => { change.oncomplete = done; });
  db.close();
}"""


def entries(town: Scene, who: Site) -> Counter[str]:
    """How often each client event id of this physician stands in the ledger."""
    query = (
        sa.select(LedgerEntry.client_event_id, LedgerPayload.fact)
        .join(LedgerPayload, LedgerEntry.id == LedgerPayload.entry_id).where(LedgerEntry.client_event_id.is_not(None))
    )  # fmt: skip
    with town.rt.db.read() as session:
        return Counter(key.hex() for key, fact in session.execute(query) if who.person_id.encode() in bytes(fact))


# A killed browser -------------------------------------------------------------------------------------------------------


class Phone:
    """A browser with a folder of its own, so that what lay on the phone is there when it is started again."""

    def __init__(self, driver: Playwright, folder: Path) -> None:
        self.driver, self.folder = driver, folder
        self.context: BrowserContext | None = None

    def start(self) -> BrowserContext:
        program = chromium_program()
        env = dict(os.environ, **({"LD_LIBRARY_PATH": str(CACHED.parent / "lib")} if program == CACHED else {}))
        self.context = self.driver.chromium.launch_persistent_context(
            self.folder, executable_path=program, args=list(ARGUMENTS), chromium_sandbox=False, env=env,
            permissions=["geolocation"], **{**PHONE, **CHINA},
        )  # fmt: skip
        self.context.set_default_timeout(15_000)
        return self.context

    def pids(self) -> list[int]:
        """The browser's main process: the one that names our folder and is nobody's helper."""
        found = []
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            try:
                words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
            except OSError:
                continue  # it ended while we looked
            if f"--user-data-dir={self.folder}" in words and not any(one.startswith("--type=") for one in words):
                found.append(int(folder.name))
        return found

    def kill(self) -> None:
        """As the system kills an app: at once, with nothing said before."""
        pids = self.pids()
        assert pids, "there is no browser to kill"
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        until(lambda: not self.pids(), "the browser ended")
        self.context = None


@pytest.fixture
def a_phone(playwright_driver: Playwright, tmp_path: Path) -> Iterator[Phone]:
    phone = Phone(playwright_driver, tmp_path / "profile")
    yield phone
    if phone.context is not None:
        phone.context.close()


def opened(phone: Phone, town: Scene, who: Site) -> Page:
    """The scan page of a person who is signed in; a killed browser may have lost the session, never the records."""
    page = phone.start().new_page()
    page.goto(f"{town.url}/app/today")
    if "/login" in page.url:
        fill_sign_in(page, who.phone)
        page.wait_for_url(re.compile("/app/"))
    page.goto(f"{town.url}/c/{who.site_token}")
    expect(page.locator("#attach-row")).not_to_have_class(re.compile("zd-later"), timeout=20_000)  # the script is awake
    return page


def while_the_position_is_asked_for(page: Page) -> None:
    page.evaluate(HANGS)
    page.get_by_label("附上位置(可选)").click()
    page.get_by_label("同意读取位置").check()
    page.get_by_role("button", name="同意并附上").click()
    page.get_by_role("button", name=TAP).click()
    expect(page.locator("#steps")).to_contain_text("已存手机")


def without_network(page: Page) -> None:
    page.route(EVENTS, lambda route: route.abort())
    page.get_by_role("button", name=TAP).click()
    expect(page.locator("#steps")).to_contain_text("还没有发出")


def on_the_way(page: Page) -> None:
    page.route(EVENTS, lambda route: None)
    page.get_by_role("button", name=TAP).click()
    expect(page.locator("#steps")).to_contain_text("发送中")


def before_the_answer_came_back(page: Page) -> None:
    taken: list[int] = []

    def swallow(route: Route) -> None:
        taken.append(route.fetch().status)  # the server has it, the phone never hears of it

    page.route(EVENTS, swallow)
    page.get_by_role("button", name=TAP).click()
    until(lambda: (page.wait_for_timeout(50), taken)[1], "the server took it")
    assert taken == [201]


def after_the_receipt(page: Page) -> None:
    page.get_by_role("button", name=TAP).click()
    expect(page.locator("#steps")).to_contain_text("已收到")


STEPS = (while_the_position_is_asked_for, without_network, on_the_way, before_the_answer_came_back, after_the_receipt)


@pytest.mark.parametrize(("number", "step"), list(enumerate(STEPS)), ids=[step.__name__ for step in STEPS])
def test_a_browser_killed_at_any_step_loses_nothing_and_doubles_nothing(
    town: Scene, a_phone: Phone, number: int, step: Callable[[Page], None]
) -> None:
    who = town.physician(number)
    page = opened(a_phone, town, who)
    before = entries(town, who)
    step(page)
    kept = on_phone(page)
    assert len(kept) == 1
    a_phone.kill()

    page = opened(a_phone, town, who)
    until(lambda: all(one["state"] == "confirmed" for one in on_phone(page)) and on_phone(page), "everything was received")

    assert [one["clientEventId"] for one in on_phone(page)] == [kept[0]["clientEventId"]]
    assert entries(town, who) == before + Counter([kept[0]["clientEventId"]])


def test_a_browser_killed_while_somebody_writes_gives_the_words_back(town: Scene, a_phone: Phone) -> None:
    who = town.physician(5)
    page = opened(a_phone, town, who)
    page.goto(f"{town.url}/app/diary")
    page.get_by_label("今天做了什么").press_sequentially("上午坐诊,下午教学查房")
    expect(page.get_by_text(re.compile("草稿已存手机"))).to_be_visible()
    other = page.context.new_page()  # what another page reads is on the phone, the last keystroke too

    def read() -> bool:
        other.goto(f"{town.url}/app/diary")
        expect(other.get_by_text("已恢复上次没写完的草稿")).to_be_visible()
        return other.get_by_label("今天做了什么").input_value() == "上午坐诊,下午教学查房"

    until(read, "every keystroke is kept")
    a_phone.kill()

    page = opened(a_phone, town, who)
    page.goto(f"{town.url}/app/diary")

    expect(page.get_by_label("今天做了什么")).to_have_value("上午坐诊,下午教学查房")
    expect(page.get_by_text("已恢复上次没写完的草稿")).to_be_visible()


# A dying network --------------------------------------------------------------------------------------------------------


WAYS = ("refused", "lost answer", "portal", "busy", "cut short")
SENT = re.compile("/api/(checkin/events|worklog/half-days)")
BUSY = {"type": "/problems/unavailable", "slug": "unavailable", "title": "忙", "status": 503}


def dying(met: Counter[str]) -> Callable[[Route], None]:
    """A network that dies in another way each time; `met` counts them."""

    def die(route: Route) -> None:
        way = WAYS[sum(met.values()) % len(WAYS)]
        met[way] += 1
        if way == "refused":
            route.abort("connectionrefused")
        elif way == "lost answer":
            route.fetch()
            route.abort("connectionreset")
        elif way == "portal":
            route.fulfill(status=200, content_type="text/html", body="<h1>WiFi 登录</h1>")
        elif way == "busy":
            route.fulfill(status=503, content_type="application/problem+json", headers={"Retry-After": "1"}, body=json.dumps(BUSY))
        else:
            whole = route.fetch()
            route.fulfill(status=whole.status, headers=whole.headers, body=whole.body()[:40])

    return die


def test_a_network_that_dies_in_every_way_delivers_each_record_once(town: Scene, open_context: OpenContext) -> None:
    who, met = town.physician(0), Counter[str]()
    page = open_context(**PHONE).new_page()
    sign_in(page, town.url, who.phone)
    before = entries(town, who)
    page.route(SENT, dying(met))
    page.goto(f"{town.url}/c/{who.site_token}")
    page.get_by_role("button", name=TAP).click()
    expect(page.locator("#steps")).to_contain_text("已存手机")
    for session in ("am", "pm"):
        page.goto(f"{town.url}/app/work?session={session}")
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_text(re.compile("已存手机|发送中"))).to_be_visible()
    page.goto(f"{town.url}/app/outbox")
    expect(page.get_by_role("link", name="3 条未发送")).to_be_visible()
    for _ in range(4):
        page.get_by_role("button", name="立即发送").last.click()
        page.wait_for_timeout(1_000)
    assert set(met) == set(WAYS), "every way of dying was met"

    page.unroute(SENT)
    page.get_by_role("button", name="立即发送").last.click()
    expect(page.get_by_text("没有未发送的记录")).to_be_visible(timeout=30_000)

    made = [one["clientEventId"] for one in on_phone(page)]
    assert len(made) == 3
    assert entries(town, who) == before + Counter(made)


# Three days away --------------------------------------------------------------------------------------------------------

def test_two_hundred_taps_of_three_days_sent_three_times_over_stand_once(town: Scene, open_context: OpenContext) -> None:
    who, chance = town.physician(1), random.Random(7)
    before = entries(town, who)
    start = began(town, who)
    records = [offline_tap(who, number, start) for number in range(AWAY)]
    pages = []
    for _ in range(3):
        page = open_context(**PHONE).new_page()
        sign_in(page, town.url, who.phone)
        page.goto(f"{town.url}/app/outbox")
        expect(page.get_by_text("没有未发送的记录")).to_be_visible()
        order = [one["savedAt"] for one in records]
        chance.shuffle(order)
        page.evaluate(SEED, [{**one, "savedAt": at} for one, at in zip(records, order, strict=True)])
        pages.append(page)

    for page in pages:
        page.reload(wait_until="commit")  # all three send at the same time from here on
    for page in pages:
        expect(page.get_by_text("没有未发送的记录")).to_be_visible(timeout=180_000)

    made = Counter(one["clientEventId"] for one in records)
    assert entries(town, who) == before + made
    receipts = [{one["clientEventId"]: one["receipt"] for one in on_phone(page)} for page in pages]
    assert set(receipts[0]) == set(made)
    assert receipts[0] == receipts[1] == receipts[2]
