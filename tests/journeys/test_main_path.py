"""The main job as people do it: sign in, scan, tap, log, write, and read the month's report, on the whole suite."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from shared import clock
from shared.directory.models import Organisation
from tests.fixtures.browser import DESK, PHONE
from tests.journeys.ledger_figures import Figures, figures
from tests.journeys.qr import read as read_qr
from tests.journeys.scene import RECEIPT, TAP, Scene, Site, sign_in, until
from tests.services.reports.reading import docx_tables, html_tables, pdf_pages, squeezed, xlsx_rows

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OpenContext = Callable[..., BrowserContext]
VISITS, RECIPIENT, LINKS = 23, "柳岸社区卫生服务中心", {"PDF": "pdf", "Word": "docx", "Excel": "xlsx"}
LABELS = {"门诊人次": "outpatient_visits", "门诊半天": "outpatient_half_days", "查房": "ward_rounds"}


def test_from_sign_in_to_the_report(whole_town: Scene, open_context: OpenContext, tmp_path: Path) -> None:
    page = open_context(**PHONE).new_page()
    guest = whole_town.physician(0)
    sign_in(page, whole_town.url, guest.phone)
    before = rounds_of_the_week(page, whole_town.url)

    scan_and_tap(page, code_on_the_screen(open_context(**DESK).new_page(), whole_town.url, guest))
    log_the_half_day(page)
    write_the_diary(page, whole_town.url, tmp_path)

    until(lambda: rounds_of_the_week(page, whole_town.url) == before + 1, "the worker's roll-up of the ward round")
    for role in ("受援医院医务科", "支援医院医务科"):
        got = download_report(open_context(**DESK, accept_downloads=True).new_page(), whole_town, role, tmp_path)
        assert_same_figures(got, expected(whole_town))


def rounds_of_the_week(page: Page, url: str) -> int:
    """The number behind 查房 in the line of /app/today."""
    page.goto(f"{url}/app/today")
    line = page.get_by_role("link", name=re.compile("查房"))
    expect(line).to_be_visible()
    found = re.search(r"查房 (\d+)/", line.inner_text())
    assert found, line.inner_text()
    return int(found[1])


def code_on_the_screen(screen: Page, url: str, site: Site) -> str:
    """What a camera reads off the screen on the clinic's desk: the picture is taken and decoded."""
    screen.goto(f"{url}/screen/{site.screen_token}")
    expect(screen.locator("#typed")).to_have_text(re.compile(r"^\d{4} \d{4}$"))
    address = read_qr(screen.locator("#qr svg").screenshot())
    assert address.startswith(f"{url}/c/{site.site_token}?k=")
    return address


def scan_and_tap(page: Page, address: str) -> None:
    """Open the address of the code, tap once, read the receipt."""
    page.goto(address)
    page.get_by_role("button", name=TAP).click()
    steps = page.locator("#steps")
    expect(steps).to_contain_text(re.compile(rf"已收到 \d\d:\d\d:\d\d.*回执 {RECEIPT.pattern}"))
    expect(page.locator("#done")).to_contain_text(re.compile(r"第 \d+ 条"))
    expect(page.locator("[data-slot=hash]")).to_have_text(re.compile("^[0-9a-f]{12}$"))


def log_the_half_day(page: Page) -> None:
    """From the result of the tap to the half-day form, which knows date and session."""
    page.get_by_role("link", name="本半天做了什么").click()
    expect(page.get_by_label("科室")).not_to_have_value("")
    page.get_by_label("门诊人次", exact=True).last.fill(str(VISITS))
    page.get_by_label("编号").fill("MZ20260001")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已收到")).to_be_visible()


def write_the_diary(page: Page, url: str, folder: Path) -> None:
    """A diary with one ward round and one photo out of a real file."""
    photo = folder / "ward.jpg"
    Image.effect_noise((1600, 1200), 60).convert("RGB").save(photo, quality=85)
    page.goto(f"{url}/app/diary")
    page.get_by_label("今天做了什么").fill("上午坐诊,下午查房,整理慢病随访名单。")
    page.get_by_role("button", name="查房", exact=True).click()
    page.set_input_files("input[type=file]", [photo])
    expect(page.locator(".zd-photo img")).to_have_count(1, timeout=30_000)
    page.get_by_label("照片中没有患者面部、姓名、病历").check()
    with page.expect_response(re.compile("/api/worklog/photos/")) as stored:
        page.get_by_role("button", name="保存").click()
    assert stored.value.status == 201
    expect(page.get_by_text("已收到")).to_be_visible()


def download_report(page: Page, town: Scene, role: str, folder: Path) -> dict[str, bytes]:
    """Sign in as an office, open this month's report of the guest's recipient and take it in every format."""
    sign_in(page, town.url, town.officer(role))
    expect(page.get_by_role("heading", name="月度督导报告")).to_be_visible()
    recipient = page.locator(".zd-report", has=page.get_by_role("heading", name=RECIPIENT))
    month = recipient.locator(".zd-month").first
    got: dict[str, bytes] = {}
    for name, suffix in LINKS.items():
        with page.expect_download() as loading:
            month.get_by_role("link", name=name).click()
        loading.value.save_as(folder / f"{role}.{suffix}")
        assert loading.value.suggested_filename.endswith(f".{suffix}")
        got[suffix] = (folder / f"{role}.{suffix}").read_bytes()
    month.get_by_role("link", name="打开").click()
    expect(page.get_by_role("heading", name="月度督导报告")).to_be_visible()
    return {**got, "html": page.content().encode()}


def expected(town: Scene) -> Figures:
    """The figures of this month, counted from the ledger."""
    with town.rt.db.read() as session:
        recipient = session.scalars(sa.select(Organisation.id).where(Organisation.name == RECIPIENT)).one()
    return figures(town.rt, recipient, f"{clock.today():%Y-%m}")


def assert_same_figures(got: dict[str, bytes], wanted: Figures) -> None:
    """Every format prints the figures of the ledger; what it prints is compared as text, row by row."""
    tables = html_tables(got["html"].decode())
    workload = {row[0]: row for row in tables["workload"][1:]}
    summary = {row["项目"]: row["数值"] for row in xlsx_rows(got["xlsx"], "汇总")}
    for label, member in LABELS.items():
        number = getattr(wanted, member)
        assert leading(workload[label][1]) == number, label
        assert summary[label] == number, label
        in_pdf_and_word(got, [squeezed(cell) for cell in workload[label]])
    head, total = tables["diaries"][0], tables["diaries"][-1]
    printed = dict(zip(head, total, strict=True))
    assert leading(printed["按时"]) + leading(printed["迟交"]) == wanted.diaries
    assert leading(printed["照片"]) == wanted.photos >= 1
    in_pdf_and_word(got, [squeezed(cell) for cell in total])
    people = xlsx_rows(got["xlsx"], "人员")
    assert sum(row["日志已交"] for row in people if isinstance(row["日志已交"], int)) == wanted.diaries
    assert wanted.outpatient_visits >= VISITS


def in_pdf_and_word(got: dict[str, bytes], row: list[str]) -> None:
    """The row stands whole in the PDF and in a table of the Word file."""
    assert any("".join(row) in text for text in pdf_pages(got["pdf"])), row
    rows = [[squeezed(cell) for cell in found] for table in docx_tables(got["docx"]) for found in table]
    assert row in rows, row


def leading(cell: str) -> int:
    """The number at the start of a printed figure."""
    found = re.match(r"\d+", cell.strip())
    assert found, cell
    return int(found[0])
