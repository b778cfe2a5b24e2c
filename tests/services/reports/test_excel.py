"""The workbook: typed cells, one thing per row, and text that can never become a formula."""

import datetime as dt
import io
import zipfile

import openpyxl
import pytest

from services.reports.domain.monthly import monthly_clinic
from tests.services.reports.drawn import CASES, MADE, draw, drawn, report
from tests.services.reports.monthly_world import world
from tests.services.reports.reading import xlsx_rows

SHEETS = ["汇总", "人员", "每日", "门诊查房", "异常", "口径"]
INJECTIONS = ('=HYPERLINK("http://x","y")', "+1+1", "-2", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", "http://x.example")


def book(case):
    return openpyxl.load_workbook(io.BytesIO(drawn(case, "xlsx")))


@pytest.mark.parametrize("case", CASES)
def test_six_sheets_frozen_and_unmerged(case):
    found = book(case)
    assert found.sheetnames == SHEETS
    for sheet in found:
        assert sheet.freeze_panes == "A2"
        assert not sheet.merged_cells.ranges
        assert all(cell.value for cell in sheet[1])


@pytest.mark.parametrize("case", CASES)
def test_there_is_no_formula_and_no_link(case):
    for sheet in book(case):
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d", "inlineStr"}
        assert not sheet._hyperlinks


def test_text_that_looks_like_a_formula_stays_text():
    data = monthly_clinic(world(len(INJECTIONS), names=INJECTIONS, recipient="=1+1"), MADE)
    made = draw(data, "xlsx")
    assert [row["姓名"] for row in xlsx_rows(made, "人员")] == list(INJECTIONS)
    found = openpyxl.load_workbook(io.BytesIO(made))
    cells = {cell.value: cell for row in found["人员"].iter_rows() for cell in row if cell.value in INJECTIONS}
    assert all(cell.data_type == "s" for cell in cells.values())
    assert all(cells[text].quotePrefix for text in INJECTIONS[:-1])
    assert not cells[INJECTIONS[-1]].quotePrefix
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not any("<f>" in text or "hyperlink" in text for text in sheets)


def test_dates_and_numbers_are_real():
    daily = xlsx_rows(drawn("eight", "xlsx"), "每日")
    assert all(isinstance(row["日期"], dt.datetime) and row["日期"].month == 11 for row in daily)
    person = xlsx_rows(drawn("eight", "xlsx"), "人员")[0]
    assert isinstance(person["应到半天"], int)
    assert person["到岗率"] == pytest.approx(0.944)
    sheet = book("eight")["人员"]
    column = next(cell.column for cell in sheet[1] if cell.value == "到岗率")
    assert sheet.cell(2, column).number_format == "0.0%"


def test_notes_hold_every_definition_setting_and_the_whole_hashes():
    rows = xlsx_rows(drawn("eight", "xlsx"), "口径")
    kinds = {row["类别"] for row in rows}
    assert {"口径", "本地设置", "证据", "版本", "存证链"} <= kinds
    heads = [row["内容"] for row in rows if row["类别"] == "存证链"]
    assert heads == [row["hash"] for row in report("eight")["chains"]]


def test_missing_is_a_word_and_its_count_stands_beside_the_total():
    rows = {row["项目"]: row for row in xlsx_rows(drawn("eight", "xlsx"), "汇总")}
    assert rows["手术指导"]["数值"] == "未报"
    assert rows["讲座"]["说明"] == "未报 2 人"
    assert isinstance(rows["讲座"]["数值"], int)
