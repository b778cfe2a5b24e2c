"""Writing a roster workbook: the empty template, or the same sheets with rows in them."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

from services.roster.domain.book import REMARK
from services.roster.domain.sheets import SHEETS, Column, Sheet

LAST_ROW = 20_001
WIDTH = 16
DATE_FORMAT, TEXT_FORMAT = "yyyy-mm-dd", "@"
REMARKS = {
    "codes": "几个编码用 ; 分开", "date": "真正的日期", "month": "月份", "phone": "11 位", "yesno": "是或否,不填为否",
}  # fmt: skip


def workbook(rows: Mapping[str, Sequence[Sequence[Any]]] | None = None) -> bytes:
    """The seven sheets as .xlsx: heading (`*` = required), a 说明 row, lists to choose from, frozen heading.

    `rows` gives data rows by sheet title, cells in the order of its columns; dates become real dates.
    """
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True, "default_date_format": DATE_FORMAT,
                                      "strings_to_formulas": False, "strings_to_urls": False})  # fmt: skip
    book.set_properties({"title": "驻点通 名单", "created": dt.datetime(2026, 1, 1)})  # noqa: DTZ001  one file, same bytes
    for sheet in SHEETS:
        _write(book, sheet, (rows or {}).get(sheet.title, ()))
    book.close()
    return data.getvalue()


def _write(book: Any, sheet: Sheet, rows: Sequence[Sequence[Any]]) -> None:
    page = book.add_worksheet(sheet.title)
    heading = book.add_format({"bold": True, "bg_color": "#D9EAD3", "border": 1})
    remark = book.add_format({"italic": True, "font_color": "#666666", "text_wrap": True, "valign": "top"})
    page.freeze_panes(2, 1)
    for place, column in enumerate(sheet.columns):
        _column(book, page, place, column)
        page.write_string(0, place, column.heading, heading)
        said = column_remark(column)
        page.write_string(1, place, f"{REMARK}:{said}" if place == 0 else said, remark)
    for number, row in enumerate(rows, start=2):
        for place, value in enumerate(row):
            if isinstance(value, dt.date):
                page.write_datetime(number, place, dt.datetime.combine(value, dt.time()))
            elif value is not None:
                page.write(number, place, value)


def _column(book: Any, page: Any, place: int, column: Column) -> None:
    """Cell format and, where there is a short list of words, the list."""
    if column.kind == "date":
        page.set_column(place, place, WIDTH, book.add_format({"num_format": DATE_FORMAT}))
        page.data_validation(2, place, LAST_ROW, place, {
            "validate": "date", "criteria": ">=", "value": dt.date(1930, 1, 1), "ignore_blank": True,
            "error_title": column.title, "error_message": "请填写日期,例如 2026-11-21",
        })  # fmt: skip
        return
    numbers = column.kind in ("latitude", "longitude", "radius")
    page.set_column(place, place, WIDTH, None if numbers else book.add_format({"num_format": TEXT_FORMAT}))
    if column.choices and column.kind != "roles":
        page.data_validation(2, place, LAST_ROW, place, {
            "validate": "list", "source": list(column.choices), "ignore_blank": True, "error_title": column.title,
            "error_message": "请从列表中选择",
        })  # fmt: skip


def column_remark(column: Column) -> str:
    """What the 说明 row says about a column."""
    words = column.note or REMARKS.get(column.kind, "")
    choices = "可填:" + "、".join(column.choices) if column.choices else ""
    return ";".join(part for part in ("必填" if column.required else "选填", words, choices) if part)
