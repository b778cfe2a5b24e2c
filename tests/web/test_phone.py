"""The phone in a real browser: what it signs, what lies on it, when it asks where it is, what opens without a network."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from playwright.sync_api import BrowserContext, Page, Route, expect

from shared.http.pages import MANIFEST
from shared.ledger import jcs as canonical
from tests.fixtures.browser import PHONE
from tests.fixtures.on_phone import on_phone, raw
from tests.web.conftest import Site
from tests.web.test_browser import sign_in

pytestmark = pytest.mark.browser

EVENTS = "**/api/checkin/events"
HERE = {"latitude": 36.62, "longitude": 101.77, "accuracy": 15}
TAP = re.compile(r"^签(到|退)\((上午|下午)\)$")
HANGS = "navigator.geolocation.getCurrentPosition = () => undefined"


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


def sent_by(page: Page, address: str = EVENTS) -> list[dict]:
    """Everything the page posts to an address, as it goes through."""
    found: list[dict] = []

    def note(route: Route) -> None:
        found.append(route.request.post_data_json)
        route.continue_()

    page.route(address, note)
    return found


def tap(page: Page) -> None:
    page.get_by_role("button", name=TAP).click()


def unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def bind(page: Page, site: Site) -> dict:
    """Tie the phone to the account in 我的; gives what was told to the server about the key."""
    told: list[dict] = []
    page.on("request", lambda one: told.append(one.post_data_json) if one.url.endswith("/api/identity/devices") else None)
    page.goto(f"{site.url}/app/me")
    page.get_by_label("绑定本机").check()
    page.get_by_role("button", name="绑定", exact=True).click()
    expect(page.get_by_text(re.compile("已绑定本机|签名密钥已存本机"))).to_be_visible()
    return told[0]


def verifies(jwk: dict, item: dict) -> bool:
    """Whether the signature of an item is that of the key over its body: with nothing of the page's own code."""
    numbers = ec.EllipticCurvePublicNumbers(*(int.from_bytes(unpadded(jwk[name])) for name in ("x", "y")), ec.SECP256R1())
    raw_signature = unpadded(item["device"]["signature"])
    signature = encode_dss_signature(int.from_bytes(raw_signature[:32]), int.from_bytes(raw_signature[32:]))
    data = b"zhudian/v1/device\n" + canonical(item["body"])
    try:
        numbers.public_key().verify(signature, data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


# The key ----------------------------------------------------------------------------------------------------------------


def test_a_bound_phone_signs_every_body_in_one_chain(site, phone):
    told = bind(phone, site)
    assert set(told["jwk"]) == {"kty", "crv", "x", "y"}, "the private half never leaves the browser"
    assert told["platform"].startswith("browser-")
    phone.goto(f"{site.url}/c/{site.site_token}")
    tap(phone)
    expect(phone.locator("#steps")).to_contain_text("已收到")
    phone.goto(f"{site.url}/app/work")
    phone.get_by_role("button", name="保存").click()
    expect(phone.get_by_text("已收到")).to_be_visible()

    kept = {one["kind"]: one for one in on_phone(phone)}
    first, second = kept["attendance"], kept["half_day"]

    assert (first["body"]["device_seq"], first["body"]["device_prev"]) == (1, None)
    assert (second["body"]["device_seq"], second["body"]["device_prev"]) == (2, hashlib.sha256(canonical(first["body"])).hexdigest())
    thumb = hashlib.sha256(json.dumps({k: told["jwk"][k] for k in ("crv", "kty", "x", "y")}, separators=(",", ":")).encode())
    for one in (first, second):
        assert unpadded(one["device"]["thumbprint"]) == thumb.digest()
        assert verifies(told["jwk"], one)
    assert not verifies(told["jwk"], {**first, "body": {**first["body"], "direction": "out"}})


def test_without_a_key_the_tap_goes_on_and_me_says_so_plainly(site, open_context):
    context = open_context(**PHONE)
    context.add_init_script("Object.defineProperty(crypto, 'subtle', {value: undefined})")
    page = context.new_page()
    sign_in(page, site)
    page.goto(f"{site.url}/app/me")
    expect(page.get_by_text("此浏览器不能保存签名密钥。签到照常,证据等级最高为 C")).to_be_visible()
    page.goto(f"{site.url}/c/{site.site_token}")
    tap(page)
    expect(page.locator("#steps")).to_contain_text("已收到")
    assert on_phone(page)[0]["device"] is None


# At rest ----------------------------------------------------------------------------------------------------------------


def test_what_waits_on_the_phone_shows_only_id_kind_date_and_state(site, phone):
    phone.context.set_offline(True)
    tap(phone)
    expect(phone.locator("#steps")).to_contain_text("没有网络")

    kept, text = on_phone(phone)[0], raw(phone)

    assert kept["body"]["site_token"] == site.site_token
    assert site.site_token not in text
    assert kept["clientEventId"] in text
    assert '"state":"saved"' in text


def test_signing_out_with_nothing_unsent_leaves_no_key_and_no_record(site, phone):
    tap(phone)
    expect(phone.locator("#steps")).to_contain_text("已收到")
    phone.goto(f"{site.url}/app/me")
    phone.get_by_role("button", name="退出登录").click()
    phone.wait_for_url("**/login")
    assert on_phone(phone) == []
    assert "签到" not in raw(phone)


def test_signing_out_warns_of_what_is_unsent_and_keeps_it(site, phone):
    phone.route(EVENTS, lambda route: route.abort())
    tap(phone)
    expect(phone.locator("#steps")).to_contain_text("还没有发出")
    phone.goto(f"{site.url}/app/me")
    phone.route(EVENTS, lambda route: route.abort())
    phone.get_by_role("button", name="退出登录").click()
    expect(phone.get_by_role("dialog")).to_contain_text("还有 1 条未发送。现在退出,要等您本人再次登录才能发送。")
    phone.get_by_role("button", name="仍要退出").click()
    phone.wait_for_url("**/login")
    assert [one["state"] for one in on_phone(phone)] == ["saved"]


# Where it is ------------------------------------------------------------------------------------------------------------


def agree(page: Page) -> None:
    """Tick 「附上位置」 and agree on the sheet."""
    page.get_by_label("附上位置(可选)").click()
    sheet = page.get_by_role("dialog", name="读取位置")
    expect(sheet.get_by_label("同意读取位置")).not_to_be_checked()
    sheet.get_by_label("同意读取位置").check()
    sheet.get_by_role("button", name="同意并附上").click()
    expect(page.get_by_label("附上位置(可选)")).to_be_checked()


@pytest.fixture
def located(open_context, site: Site) -> Page:
    """As `phone`, and the browser may tell where it is."""
    context: BrowserContext = open_context(**PHONE, geolocation=HERE, permissions=["geolocation"])
    page = context.new_page()
    sign_in(page, site)
    page.goto(f"{site.url}/c/{site.site_token}")
    expect(page.get_by_label("附上位置(可选)")).to_be_visible()
    return page


def test_a_position_is_committed_to_in_the_body_and_lies_beside_it(located):
    items = sent_by(located)
    agree(located)
    tap(located)
    expect(located.locator("#steps")).to_contain_text("已收到")
    body, place = items[0]["body"], items[0]["location"]
    rest = {name: value for name, value in place.items() if name != "salt"}
    opened = hashlib.sha256(b"zhudian/v1/loc\n" + unpadded(place["salt"]) + canonical(rest)).hexdigest()
    assert (body["loc"], body["loc_failure"]) == (opened, None)
    assert (place["lat_e6"], place["lon_e6"], place["accuracy_dm"]) == (36_620_000, 101_770_000, 150)
    assert "36620000" not in json.dumps(body)


def test_declining_is_one_tap_and_stops_nothing(located):
    items = sent_by(located)
    located.get_by_label("附上位置(可选)").click()
    located.get_by_role("button", name="不同意").click()
    tap(located)
    expect(located.locator("#steps")).to_contain_text("已收到")
    assert items[0]["body"]["loc_failure"] == "no_consent"
    assert "location" not in items[0]


def test_consent_is_withdrawn_with_one_tap_in_me(site, located):
    agree(located)
    located.goto(f"{site.url}/app/me")
    located.get_by_role("button", name="撤回").click()
    expect(located.get_by_text("已记录的签到事实不会删除;位置坐标将按规定删除。")).to_be_visible()
    located.goto(f"{site.url}/c/{site.site_token}")
    expect(located.get_by_label("附上位置(可选)")).not_to_be_checked()


def test_a_position_that_never_comes_keeps_nobody_waiting(site, open_context):
    context = open_context(**PHONE, permissions=["geolocation"])
    context.add_init_script(HANGS)
    page = context.new_page()
    sign_in(page, site)
    page.goto(f"{site.url}/c/{site.site_token}")
    items = sent_by(page)
    agree(page)
    tap(page)
    expect(page.locator("#steps")).to_contain_text("已存手机", timeout=1_500)
    assert items == []
    expect(page.locator("#steps")).to_contain_text("已收到", timeout=9_000)
    assert items[0]["body"]["loc_failure"] == "timeout"
    expect(page.get_by_text("已签到,未取得位置(定位超时)")).to_be_visible()


def test_a_page_that_dies_before_the_position_came_is_sealed_at_the_next_opening(site, open_context):
    context = open_context(**PHONE, permissions=["geolocation"])
    context.add_init_script(HANGS)
    page = context.new_page()
    sign_in(page, site)
    page.goto(f"{site.url}/c/{site.site_token}")
    agree(page)
    tap(page)
    expect(page.locator("#steps")).to_contain_text("已存手机")
    kept = on_phone(page)[0]
    assert not kept["sealed"]
    page.close(run_before_unload=False)
    again = context.new_page()
    items = sent_by(again)
    again.goto(f"{site.url}/c/{site.site_token}")
    expect(again.locator("#steps")).to_contain_text("已收到", timeout=15_000)
    assert items[0]["body"]["client_event_id"] == kept["clientEventId"]
    assert items[0]["body"]["loc_failure"] in ("page_hidden", "timeout")
    assert "location" not in items[0]


# One scan, two taps -------------------------------------------------------------------------------------------------------


def test_a_check_out_with_what_was_done_takes_two_taps(site, phone):
    logs = sent_by(phone, "**/api/worklog/half-days")
    phone.locator("[data-other]").click() if "签到" in phone.locator("[data-action]").inner_text() else tap(phone)
    expect(phone.get_by_role("heading", name="本半天做了什么")).to_be_visible()
    phone.get_by_role("button", name="查房").click()
    expect(phone.locator("#typed-as")).to_contain_text("已收到")
    assert [one["body"]["type"] for one in logs] == ["ward_round"]
