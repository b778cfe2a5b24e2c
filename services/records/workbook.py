"""Reading an uploaded export, .xlsx or .csv, into raw cells: bounded in bytes and rows."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable

import openpyxl

from services.records.domain.export import SHEET, Mistake, Table
from shared.problems import Problem

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 10_000
MAX_COLUMNS = 40


class ExportInvalid(Problem):
    """The export has mistakes, all of them in `problems` as {sheet, row, column, reason}; nothing was imported."""

    status, slug, title = 422, "export-invalid", "导出表有 {n} 处需要修改,没有导入任何一行"

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = sorted(set(mistakes), key=lambda one: (one.sheet, one.row, one.column, one.reason))
        problems = [one.to_dict() for one in self.mistakes]
        super().__init__(f"{len(problems)} mistakes in the export", n=len(problems), problems=problems)


def table(data: bytes) -> Table:
    """The rows of the sheet 门急诊人次, or of a CSV in UTF-8 or GB 18030. Raises ExportInvalid."""
    if len(data) > MAX_BYTES:
        raise _whole(f"文件太大,最多 {MAX_BYTES // 1024 // 1024} MB")
    rows = _sheet(data) if data.startswith(b"PK") else _csv(data)
    if len(rows) > MAX_ROWS:
        raise _whole(f"行数太多,最多 {MAX_ROWS} 行")
    return rows


def _sheet(data: bytes) -> list[list[object]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unfolded = sum(part.file_size for part in archive.infolist())
        if unfolded > 10 * MAX_BYTES:
            raise _whole("文件解压后太大")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    except Problem:
        raise
    except Exception as reason:  # openpyxl raises whatever its XML and zip readers raise
        raise _whole("这个文件不能作为 Excel 工作簿打开") from reason
    if SHEET not in book.sheetnames:
        raise ExportInvalid([Mistake(SHEET, 0, "", f"工作簿里没有「{SHEET}」这张表")])
    sheet = book[SHEET]
    sheet.reset_dimensions()  # the range a file states about itself may be wrong
    return [list(cells) for cells in sheet.iter_rows(max_col=MAX_COLUMNS, max_row=MAX_ROWS + 2, values_only=True)]


def _csv(data: bytes) -> list[list[object]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise _whole("文件的文字编码无法识别,请另存为 UTF-8")
    if "\x00" in text:
        raise _whole("这不是表格文件")
    try:
        return [list(row[:MAX_COLUMNS]) for row in csv.reader(io.StringIO(text))]
    except csv.Error as reason:
        raise _whole("这个文件不能作为 CSV 读取") from reason


def _whole(reason: str) -> ExportInvalid:
    return ExportInvalid([Mistake("", 0, "", reason)])
