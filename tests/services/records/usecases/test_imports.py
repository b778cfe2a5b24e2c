"""Import of a HIS export: all or nothing, and twice is once."""

from __future__ import annotations

import io

import openpyxl
import pytest

from services.records.usecases.imports import import_export
from services.records.workbook import ExportInvalid
from shared import clock
from tests.services.records.desk import NOON, entries, who

CSV = "机构编码,月份,门急诊人次\nSQ,2026-09,3900\nSQ,2026-10,4100\n"


def imported(rt, data: bytes, person=None):
    with clock.at(NOON):
        return import_export(rt, data, person).to_dict()


def workbook(title: str) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in (["机构编码", "月份", "门急诊人次"], ["SQ", "2026-09", 3900], ["SQ", "2026-10", 4100]):
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_the_same_file_again_changes_nothing_and_a_new_figure_changes_one(rt):
    assert imported(rt, CSV.encode()) == {"created": 2, "changed": 0, "unchanged": 0}
    before = entries(rt)
    assert imported(rt, CSV.encode("utf-8-sig")) == {"created": 0, "changed": 0, "unchanged": 2}
    assert entries(rt) == before
    assert imported(rt, CSV.replace("4100", "4200").encode("gb18030")) == {"created": 0, "changed": 1, "unchanged": 1}
    assert entries(rt) == before + 1


def test_a_workbook_says_the_same_as_a_csv(rt):
    assert imported(rt, workbook("门急诊人次"))["created"] == 2
    assert imported(rt, CSV.encode())["unchanged"] == 2


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (workbook("Sheet1"), "工作簿里没有「门急诊人次」这张表"),
        (b"PK\x03\x04 not a workbook", "这个文件不能作为 Excel 工作簿打开"),
        (b"\x00\x01\x02", "这不是表格文件"),
        (b"\xff\xff\xff\xff", "文件的文字编码无法识别,请另存为 UTF-8"),
        (b"", "缺少「机构编码」一列"),
    ],
)
def test_what_is_no_export_is_refused_with_a_sentence(rt, data, reason):
    before = entries(rt)
    with pytest.raises(ExportInvalid) as refused:
        imported(rt, data)
    assert reason in [one.reason for one in refused.value.mistakes]
    assert entries(rt) == before


def test_one_wrong_line_keeps_all_others_out(rt):
    before = entries(rt)
    with pytest.raises(ExportInvalid) as refused:
        imported(rt, (CSV + "SQ9,2026-10,5\nSQ,2027-01,6\n").encode(), who(rt, "R1", "recipient_admin"))
    assert [(one.row, one.column, one.reason) for one in refused.value.mistakes] == [
        (4, "机构编码", "「SQ9」不是您负责的受援机构"), (5, "月份", "这个月还没有开始"),
    ]  # fmt: skip
    assert entries(rt) == before
