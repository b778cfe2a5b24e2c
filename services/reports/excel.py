"""The report as a workbook: numbers as numbers, dates as dates, one row per thing, nothing merged, no formula ever."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter

from services.reports.domain import workbook

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def monthly_xlsx(report: dict[str, Any], sha256: str) -> bytes:
    """The workbook of a data object: sheets 汇总, 人员, 每日, 门诊查房, 异常, 口径."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, OPTIONS)
    book.set_properties({"title": f"月度督导报告 {report['head']['form_no']}", "created": _created(report)})
    formats = {
        "head": book.add_format(
            {"bold": True, "bg_color": "#EBEBEB", "border": 1, "text_wrap": True, "valign": "vcenter"}
        ),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "guarded": book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "rate": book.add_format({"num_format": "0.0%"}),
        "number": book.add_format({"num_format": "0"}),
    }
    for name, head, rows in workbook.sheets(report, sha256):
        _sheet(book.add_worksheet(name), formats, head, rows)
    book.close()
    return target.getvalue()


def _sheet(sheet: Any, formats: dict[str, Any], head: Sequence[tuple[str, int]], rows: Iterable[Sequence[Any]]) -> None:
    for column, (label, width) in enumerate(head):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, label, formats["head"])
    sheet.freeze_panes(1, 0)
    last = 0
    for last, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            _write(sheet, formats, last, column, value)
    sheet.autofilter(0, 0, max(last, 1), len(head) - 1)


def _write(sheet: Any, formats: dict[str, Any], row: int, column: int, value: Any) -> None:
    """A text never becomes a formula; one that could, if it were typed again or saved as CSV, is marked as text."""
    if value is None:
        return
    if isinstance(value, workbook.Rate):
        sheet.write_number(row, column, value.tenths / 1000, formats["rate"])
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, column, dt.datetime.combine(value, dt.time()), formats["date"])
    elif isinstance(value, int):
        sheet.write_number(row, column, value, formats["number"])
    else:
        text = _printable(str(value))
        guarded = text.lstrip(" ").startswith(FORMULA_STARTS)
        sheet.write_string(row, column, text, formats["guarded" if guarded else "text"])


def _printable(text: str) -> str:
    """XML cannot hold control characters; a tab or line end stays."""
    return "".join(c if c in "\t\n\r" or c >= " " else " " for c in text)[:32767]


def _created(report: dict[str, Any]) -> dt.datetime:
    return dt.datetime.fromisoformat(report["head"]["generated_at"]).replace(tzinfo=None)
