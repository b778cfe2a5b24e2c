"""Reading an uploaded workbook into raw cells: bounded in bytes and rows, formulas and errors told apart."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

import openpyxl
from openpyxl.utils.escape import unescape

from services.roster.domain.book import Table
from services.roster.domain.cells import Broken, Formula
from services.roster.domain.mistakes import Mistake, ordered
from services.roster.domain.sheets import SHEETS
from shared.problems import Problem

MAX_BYTES = 20 * 1024 * 1024
"""Largest file read, also per part of the archive times ten."""
MAX_ROWS = 20_000
"""Most data rows of one sheet."""
MAX_BLANK = 500
"""So many empty rows in a row end a sheet: formatting may reach to the last line Excel has."""
MAX_COLUMNS = 40


class WorkbookInvalid(Problem):
    """The workbook has mistakes, all of them in `problems` as {sheet, row, column, reason}; nothing was imported."""

    status, slug, title = 422, "workbook-invalid", "名单有 {n} 处需要修改,没有导入任何一行"

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = ordered(mistakes)
        problems = [mistake.to_dict() for mistake in self.mistakes]
        super().__init__(f"{len(problems)} mistakes in the workbook", n=len(problems), problems=problems)


def tables(data: bytes) -> dict[str, Table]:
    """The known sheets of a workbook, by title. Raises WorkbookInvalid for what is no Excel workbook or too large."""
    _check_archive(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    except Exception as reason:  # openpyxl raises whatever its XML and zip readers raise
        raise _whole("这个文件不能作为 Excel 工作簿打开") from reason
    known = {sheet.title for sheet in SHEETS}
    return {sheet.title: list(_rows(sheet)) for sheet in book.worksheets if sheet.title in known}


def _check_archive(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise _whole(f"文件太大,最多 {MAX_BYTES // 1024 // 1024} MB")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        raise _whole("这不是 .xlsx 工作簿(扩展名可能被改过)") from None
    if sum(part.file_size for part in parts) > 10 * MAX_BYTES or len(parts) > 1000:
        raise _whole("文件解压后太大")
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise _whole("这不是 .xlsx 工作簿")


def _whole(reason: str) -> WorkbookInvalid:
    return WorkbookInvalid([Mistake("", 0, "", reason)])


def _rows(sheet: Any) -> Iterator[tuple[int, list[object]]]:
    """Rows with at least one cell, numbered as in Excel. Raises WorkbookInvalid past MAX_ROWS."""
    sheet.reset_dimensions()  # the range a file states about itself may be wrong
    blank = count = 0
    for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), start=1):
        values = [_value(cell) for cell in cells]
        if all(value is None for value in values):
            blank += 1
            if blank > MAX_BLANK:
                return
            continue
        blank = 0
        count += 1
        if count > MAX_ROWS + 2:
            raise WorkbookInvalid([Mistake(sheet.title, number, "", f"行数太多,一张表最多 {MAX_ROWS} 行")])
        yield number, values


def _value(cell: Any) -> object:
    if cell.data_type == "f":
        return Formula()
    if cell.data_type == "e":
        return Broken(str(cell.value))
    if isinstance(cell.value, dt.time | dt.timedelta):
        return Broken(str(cell.value))
    value: object = cell.value
    return unescape(value) if isinstance(value, str) else value
