"""The operator's desk in a browser: a programme file and a calendar file on a phone and on a desk, without script."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.fixtures.browser import DESK, PHONE
from tests.fixtures.postgres import REPO
from tests.journeys.scene import Scene, sign_in
from tests.journeys.shots import shot
from tests.journeys.test_screens import CENSUS, CLEAN

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OpenContext = Callable[..., BrowserContext]
FILE = REPO / "shared" / "rules" / "programmes" / "zhongzhan-demo.toml"


def operator(town: Scene) -> str:
    """Phone of the demo's system administrator."""
    return town.officer("系统管理员")


def send(page: Page, button: str, name: str, data: bytes) -> None:
    page.set_input_files("#file", {"name": name, "mimeType": "text/plain", "buffer": data})
    page.get_by_role("button", name=button, exact=True).click()


def clean(page: Page) -> None:
    """Large enough and not wider than the window; ids and hashes of files are letters by nature."""
    assert {**page.evaluate(CENSUS), "english": []} == CLEAN


@pytest.mark.parametrize(("where", "size"), [("phone", PHONE), ("desk", DESK)])
def test_the_operator_uploads_activates_and_loads_without_script(
    town: Scene, open_context: OpenContext, where: str, size: dict[str, object]
) -> None:
    page = open_context(**size, java_script_enabled=where == "desk").new_page()
    sign_in(page, town.url, operator(town))
    expect(page).to_have_url(re.compile("/sup/programmes$"))
    text = FILE.read_bytes()

    send(page, "上传", FILE.name, text.replace(b"min_minutes = 180\n", b"").replace(b'"apply_senior"', b'"retire"'))
    expect(page.get_by_role("alert")).to_contain_text("规则文件有 2 处需要修改,没有保存")
    shot(page, f"{where}-programmes-refused")

    send(page, "上传", FILE.name, text.replace(b"min_minutes = 180", b"min_minutes = 175") + f"# {where}\n".encode())
    expect(page.get_by_role("status")).to_contain_text("规则文件已保存")
    page.get_by_role("button", name="激活").first.click()
    expect(page.get_by_role("status")).to_contain_text("生效月份已设定")
    shot(page, f"{where}-programmes")
    if where == "desk":
        clean(page)

    page.get_by_role("link", name="日历").click()
    send(page, "载入", "2031.csv", "2031-02-30,休息\n".encode())
    expect(page.get_by_role("alert")).to_contain_text("第 1 行 2031-02-30")
    send(page, "载入", "2031.csv", f"日期,类别\n2031-01-0{1 + len(where) % 4},休息\n2031,完整\n".encode())
    expect(page.get_by_role("status")).to_contain_text("日历已保存")
    shot(page, f"{where}-calendar")


def test_both_pages_fit_a_phone(town: Scene, open_context: OpenContext) -> None:
    page = open_context(**PHONE).new_page()
    sign_in(page, town.url, operator(town))
    for name in ("programmes", "calendar"):
        page.goto(f"{town.url}/sup/{name}")
        clean(page)
