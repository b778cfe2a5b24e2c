"""The pages in a real Chromium: readable, reachable, and the tap that always ends in a receipt."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from shared.http.pages import MANIFEST, WEB
from tests.fixtures.browser import DESK, PHONE
from tests.web.conftest import PASSWORD, Site

pytestmark = pytest.mark.browser

AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
SCREENS = ("today", "work", "diary", "records", "progress", "inbox", "me", "outbox")
NARROW = {**PHONE, "viewport": {"width": 320, "height": 640}}
DARK = {**PHONE, "color_scheme": "dark"}
GRAVE = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations
  .filter((found) => ['serious', 'critical'].includes(found.impact))
  .map((found) => found.id + ': ' + found.nodes.map((node) => node.html.slice(0, 120)).join(' | '))"""
LAYOUT = """() => {
  const shown = [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().width > 1);
  const text = (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  const named = (one) => one.tagName + '.' + one.getAttribute('class') + ' ' + one.textContent.trim().slice(0, 20);
  const box = (one) => one.getBoundingClientRect();
  const touched = 'a, button, .zd-input, textarea, summary, .zd-chip';
  const scrolls = document.documentElement.scrollWidth > innerWidth;
  return {
    wide: scrolls ? shown.filter((one) => box(one).right > innerWidth + 1).map(named) : [],
    small: shown.filter((one) => text(one) && parseFloat(getComputedStyle(one).fontSize) < 17.9).map(named),
    low: shown.filter((one) => one.matches(touched) && box(one).height < 43.5).map(named),
    english: [...new Set(document.body.innerText.match(/[A-Za-z]{4,}/g) || [])],
  };
}"""


@pytest.fixture(autouse=True)
def _built() -> None:
    if not MANIFEST.exists() or not AXE.exists():
        pytest.skip("the pages were not built")


def sign_in(page: Page, site: Site, phone: str = "13900000001") -> None:
    """Sign in with the form; the person's start page is open then."""
    page.goto(f"{site.url}/login")
    page.get_by_label("手机号").fill(phone)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(re.compile("/(app|sup)/"))


def settled(page: Page) -> None:
    """Wait until nothing is loading."""
    page.wait_for_load_state("networkidle")
    expect(page.get_by_text("正在加载")).to_have_count(0)


def addresses(site: Site) -> list[str]:
    """Every page of a physician, and the screen of the clinic."""
    return [f"/c/{site.site_token}", *(f"/app/{name}" for name in SCREENS), f"/screen/{site.screen_token}"]


@pytest.mark.parametrize("options", [PHONE, DARK, NARROW, DESK], ids=["phone", "dark", "narrow", "desk"])
def test_every_page_is_readable_and_reachable(site, open_context, options):
    page = open_context(**options).new_page()
    sign_in(page, site)
    for address in addresses(site):
        page.goto(site.url + address)
        settled(page)
        found = page.evaluate(LAYOUT)
        assert found == {"wide": [], "small": [], "low": [], "english": []}, address
        page.evaluate(AXE.read_text())
        assert page.evaluate(GRAVE) == [], address


def test_larger_text_wraps_and_never_scrolls_sideways(site, page):
    sign_in(page, site)
    for address in addresses(site):
        page.goto(site.url + address)
        settled(page)
        for root in (23.8, 25.5, 34):
            page.evaluate(f"document.documentElement.style.fontSize = '{root}px'")
            assert page.evaluate(LAYOUT)["wide"] == [], f"{address} at {root} px"


def test_a_tap_is_on_the_phone_at_once_and_then_received(site, page):
    sign_in(page, site)
    page.goto(f"{site.url}/c/{site.site_token}")
    page.get_by_role("button", name=re.compile("^签(到|退)")).click()
    expect(page.locator("#steps")).to_contain_text("已存手机")
    expect(page.locator("#steps")).to_contain_text(re.compile(r"已收到 \d\d:\d\d:\d\d 回执 [0-9A-Z]{4}-[0-9A-Z]{4}"))
    expect(page.get_by_text("第 2 条")).to_be_visible()
    page.get_by_role("link", name="本半天做了什么").click()
    expect(page.get_by_role("heading", name="半天记录")).to_be_visible()


def test_the_words_come_even_when_the_server_never_answers(site, page):
    sign_in(page, site)
    page.route("**/api/checkin/events", lambda route: None)
    page.goto(f"{site.url}/c/{site.site_token}")
    page.get_by_role("button", name=re.compile("签")).first.click()
    expect(page.locator("#steps")).to_contain_text("已存手机")
    expect(page.locator("#steps")).to_contain_text("发送中")
    expect(page.locator("#steps")).not_to_contain_text("已收到")


def test_wrong_digits_are_refused_in_words_and_the_tap_goes_on_without_them(site, page):
    sign_in(page, site)
    page.goto(f"{site.url}/c/{site.site_token}")
    page.get_by_label("输入屏幕上的 8 位码").fill("0000 0000")
    page.locator("[data-action]").click()
    expect(page.locator("#steps")).to_contain_text("需要处理:8 位码不对或已更新,请看屏幕重新输入,或直接签到(证据较弱)")
    page.locator("[data-action]").click()
    expect(page.locator("#steps")).to_contain_text("已收到")


def test_without_network_the_tap_waits_and_is_sent_when_it_is_back(site, open_context):
    context = open_context(**PHONE)
    page = context.new_page()
    sign_in(page, site)
    page.goto(f"{site.url}/c/{site.site_token}")
    context.set_offline(True)
    page.get_by_role("button", name=re.compile("^签(到|退)")).click()
    expect(page.locator("#steps")).to_contain_text("还没有发出:没有网络")
    expect(page.get_by_role("link", name="1 条未发送")).to_be_visible()
    context.set_offline(False)
    expect(page.locator("#steps")).to_contain_text("已收到")
    expect(page.get_by_role("link", name="1 条未发送")).to_be_hidden()


def test_without_script_the_form_gives_the_receipt(site, open_context):
    page = open_context(**PHONE, java_script_enabled=False).new_page()
    page.goto(f"{site.url}/login?next=/c/{site.site_token}")
    page.get_by_label("手机号").fill("13900000001")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("button", name=re.compile("^签(到|退)")).click()
    expect(page.get_by_text(re.compile(r"^[0-9A-Z]{4}-[0-9A-Z]{4}$"))).to_be_visible()
    expect(page.get_by_role("heading")).to_contain_text("已收到")


def test_ten_rapid_taps_make_one_record(site, page):
    sign_in(page, site)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/api/checkin/events") else None)
    page.goto(f"{site.url}/c/{site.site_token}")
    page.evaluate("() => { for (let n = 0; n < 10; n += 1) document.querySelector('[data-action]').click() }")
    expect(page.locator("#steps")).to_contain_text("已收到")
    assert len(sent) == 1


def test_a_half_day_and_a_diary_with_photos_arrive(site, page, tmp_path):
    from PIL import Image

    sign_in(page, site)
    page.goto(f"{site.url}/app/work")
    page.get_by_label("门诊人次", exact=True).last.fill("23")
    page.get_by_label("编号").fill("MZ20261123015")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已收到")).to_be_visible()
    for n in range(2):
        Image.effect_noise((4000, 3000), 60 + 30 * n).convert("RGB").save(tmp_path / f"{n}.jpg", quality=92)
    page.goto(f"{site.url}/app/diary")
    page.get_by_label("今天做了什么").fill("上午坐诊,下午教学查房。")
    page.get_by_role("button", name="教学查房", exact=True).click()
    page.set_input_files("input[type=file]", [tmp_path / "0.jpg", tmp_path / "1.jpg"])
    expect(page.locator(".zd-photo img")).to_have_count(2, timeout=30_000)
    page.reload()
    expect(page.get_by_label("今天做了什么")).to_have_value("上午坐诊,下午教学查房。")
    expect(page.locator(".zd-photo img")).to_have_count(2)
    page.get_by_label("照片中没有患者面部、姓名、病历").check()
    with page.expect_response(re.compile("/api/worklog/photos/")) as stored:
        page.get_by_role("button", name="保存").click()
    assert stored.value.status == 201
    assert len(stored.value.request.post_data_buffer or b"") <= 200 * 1024
    expect(page.get_by_text("已收到")).to_be_visible()
    expect(page.get_by_text("还没有传上")).to_have_count(0)
    site.drain()
    page.goto(f"{site.url}/app/records")
    page.get_by_text("日志", exact=True).click()
    expect(page.get_by_text("上午坐诊,下午教学查房。")).to_be_visible()
    expect(page.locator(".zd-photo img")).to_have_count(2)


def test_large_photos_never_hold_up_typing(site, page, tmp_path):
    from PIL import Image

    Image.effect_noise((4000, 3000), 90).convert("RGB").save(tmp_path / "large.jpg", quality=95)
    sign_in(page, site)
    page.goto(f"{site.url}/app/diary")
    expect(page.locator("textarea")).to_be_visible()
    page.evaluate("""() => { window.order = [];
      document.querySelector('textarea').addEventListener('input', () => window.order.push('typed'), {once: true});
      new MutationObserver(() => document.querySelector('.zd-photo img') && window.order.push('photo'))
        .observe(document.body, {childList: true, subtree: true}) }""")
    page.set_input_files("input[type=file]", [tmp_path / "large.jpg"])
    page.locator("textarea").press("a")
    expect(page.locator(".zd-photo img")).to_have_count(1, timeout=30_000)
    assert page.evaluate("window.order.slice(0, 2)") == ["typed", "photo"]


def test_the_clinic_screen_changes_its_code(site, desktop_page):
    desktop_page.goto(f"{site.url}/screen/{site.screen_token}")
    expect(desktop_page.locator("#typed")).to_have_text(re.compile(r"^\d{4} \d{4}$"))
    first = desktop_page.locator("#qr path").get_attribute("d")
    expect(desktop_page.locator("#qr path")).not_to_have_attribute("d", first or "", timeout=20_000)
    assert desktop_page.locator("#qr").bounding_box()["width"] >= 240
