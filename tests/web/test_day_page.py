"""A day as its physician lives with it: explained, objected to, a spot check answered with a photo, the seat handed over."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from checkin.usecases import objections
from services.identity.usecases import accounts
from shared import clock
from shared.http.pages import MANIFEST
from tests.checkin.scene import doctor, principal, shown_digits, ticket
from tests.fixtures.browser import PHONE
from tests.journeys.shots import shot
from tests.web.conftest import PASSWORD, Site
from tests.web.lived import COUNTY, Lived, live
from tests.web.test_browser import AXE, GRAVE, LAYOUT, settled, sign_in

pytestmark = pytest.mark.browser

RECEIVED = "已收到"
DRAFTED = """async () => { const open = indexedDB.open('zhudian');
  const db = await new Promise((done) => { open.onsuccess = () => done(open.result); });
  const count = await new Promise((done) => {
    const all = db.transaction('drafts').objectStore('drafts').count(); all.onsuccess = () => done(all.result); });
  db.close(); return count > 0; }"""


@pytest.fixture(autouse=True)
def _built() -> None:
    if not MANIFEST.exists() or not AXE.exists():
        pytest.skip("the pages were not built")


@pytest.fixture
def lived(site: Site) -> Lived:
    """What happened before the physician opens the page."""
    return live(site)


def looked_at(page: Page, name: str) -> None:
    """A picture, and nothing grave on it."""
    shot(page, name)
    assert {**page.evaluate(LAYOUT), "english": []} == {"wide": [], "small": [], "low": [], "english": []}, name
    page.evaluate(AXE.read_text())
    assert page.evaluate(GRAVE) == [], name


def picture() -> bytes:
    kept = io.BytesIO()
    Image.radial_gradient("L").resize((900, 600)).convert("RGB").save(kept, "JPEG")
    return kept.getvalue()


def test_a_day_is_explained_and_objected_to_and_the_decision_is_shown(site: Site, lived: Lived, open_context: Any) -> None:
    page = open_context(**PHONE).new_page()
    sign_in(page, site)
    page.goto(f"{site.url}/app/records/{lived.day}")
    for text in ("下午停电,门诊照常", "卫函〔2026〕9号", "替班", "未找到", "手机时间"):
        expect(page.get_by_text(text).first).to_be_visible()
    looked_at(page, "phone-day")
    page.locator("article").filter(has_text="证据等级").get_by_role("link", name="我有异议").click()
    expect(page.get_by_role("radio", name="证据等级偏低")).to_be_checked()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("请用文字写明情况")).to_be_visible()
    page.get_by_label("请写明情况").fill("屏幕没有亮,只能扫海报")
    page.wait_for_function(DRAFTED)
    page.reload()
    expect(page.get_by_label("请写明情况")).to_have_value("屏幕没有亮,只能扫海报")
    looked_at(page, "phone-objection-form")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text(RECEIVED)).to_be_visible()
    looked_at(page, "phone-objection-sent")
    (filed,) = objections.listing(site.rt, doctor(site.rt), None, 5)
    objections.decide(site.rt, principal(site.rt, *COUNTY), filed["id"], {"decision": "upheld", "note": "当天屏幕确有故障"})
    page.goto(f"{site.url}/app/records/{lived.day}")
    expect(page.get_by_text("成立 · 县级卫健部门")).to_be_visible()
    expect(page.get_by_text("意见:当天屏幕确有故障")).to_be_visible()
    looked_at(page, "phone-day-decided")


def test_a_check_is_answered_by_a_scan_with_a_photo_that_survives_a_reload(site: Site, lived: Lived, open_context: Any) -> None:
    context: BrowserContext = open_context(**PHONE)
    page = context.new_page()
    sign_in(page, site)
    page.goto(f"{site.url}/app/spot/{lived.decided}")
    expect(page.get_by_text("管理人员判定当时不在岗。有不同意见可以提出异议")).to_be_visible()
    expect(page.get_by_text("意见:到诊室未见本人")).to_be_visible()
    expect(page.get_by_role("button", name="扫码应答")).to_have_count(0)
    looked_at(page, "phone-spot-decided")
    page.goto(f"{site.url}/app/spot/{lived.waiting}")
    looked_at(page, "phone-spot-open")
    page.goto(f"{site.url}/app/spot/{lived.waiting}?site={site.site_token}&ticket={ticket(site.rt, clock.now())}")
    page.locator("input[type=file]").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture()})
    expect(page.get_by_alt_text("第 1 张照片")).to_be_visible()
    page.wait_for_function(DRAFTED)
    page.reload()
    expect(page.get_by_alt_text("第 1 张照片")).to_be_visible()
    page.get_by_role("button", name="扫码应答").click()
    expect(page.get_by_role("alert")).to_contain_text("有照片时请先确认这一项")
    page.get_by_label("照片中没有患者面部、姓名、病历").check()
    looked_at(page, "phone-spot-scanned")
    with page.expect_response("**/api/worklog/photos/*") as stored:
        page.get_by_role("button", name="扫码应答").click()
        expect(page.get_by_text(RECEIVED).first).to_be_visible()
    assert stored.value.status == 201
    looked_at(page, "phone-spot-answered")
    sha256 = stored.value.url.rpartition("/")[2]
    body = page.request.get(f"{site.url}/api/worklog/photos/{sha256}").body()
    assert Image.open(io.BytesIO(body)).width == 900


def test_the_digits_on_the_screen_check_in_from_inside_the_pages(site: Site, open_context: Any) -> None:
    page = open_context(**PHONE).new_page()
    sign_in(page, site)
    page.goto(f"{site.url}/app/scan")
    page.get_by_role("button", name="签到").click()
    expect(page.get_by_text("请输入 8 位数字")).to_be_visible()
    looked_at(page, "phone-scan-digits")
    page.get_by_label("输入屏幕上的 8 位码").fill(shown_digits(site.rt, clock.now()))
    page.get_by_role("button", name="签到").click()
    expect(page.get_by_text(RECEIVED)).to_be_visible()
    expect(page.get_by_text("证据")).to_be_visible()
    looked_at(page, "phone-scan-received")


def test_both_physicians_sign_the_handover_on_their_phones(site: Site, lived: Lived, open_context: Any) -> None:
    accounts.set_password(site.rt, doctor(site.rt, "D2").person_id, PASSWORD)
    page = open_context(**PHONE).new_page()
    sign_in(page, site)
    page.goto(f"{site.url}/app/handover")
    expect(page.get_by_text("还没有交接单")).to_be_visible()
    page.get_by_label("交接事项").fill("内科门诊登记本\n慢病名册")
    looked_at(page, "phone-handover-form")
    page.get_by_role("button", name="签字移交").click()
    expect(page.get_by_text(RECEIVED)).to_be_visible()
    other = open_context(**PHONE).new_page()
    sign_in(other, site, "13900000002")
    other.goto(f"{site.url}/app/handover")
    expect(other.get_by_text("慢病名册")).to_be_visible()
    looked_at(other, "phone-handover-sign")
    other.get_by_role("button", name="已看过,签字接手").click()
    expect(other.get_by_text("待受援医院确认")).to_be_visible()
    expect(other.get_by_text(RECEIVED)).to_be_visible()
    looked_at(other, "phone-handover-signed")
    settled(page)
    page.goto(f"{site.url}/app/leave")
    expect(page.get_by_text("抽调(由单位登记)")).to_be_visible()
    expect(page.get_by_text("卫函〔2026〕9号")).to_be_visible()
    looked_at(page, "phone-leave-ordered")
