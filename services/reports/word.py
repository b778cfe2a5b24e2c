"""The report as a Word document: docxtpl fills templates/monthly.docx, which a province may replace."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from docx.shared import Mm, Twips
from docxtpl import DocxTemplate, InlineImage

from services.reports.html import NUMERALS
from services.reports.pdf import chart_pngs

TEMPLATE = Path(__file__).parent / "templates" / "monthly.docx"
TEXT_WIDTH_MM = 156
TEXT_WIDTH = TEXT_WIDTH_MM * 1440 // 25.4
PIECES = (24, 14)
"""Lines of a chart in one picture: a page takes one of chart 1, or one of chart 2."""


def monthly_docx(view: dict[str, Any], charts: list[dict[str, Any]]) -> bytes:
    """The document of a printed view; charts as pictures. Texts are escaped and never read as template code."""
    template = DocxTemplate(TEMPLATE)
    annex = view["annex"]
    tables = [_table(annex["presence"], "到岗情况(续)"), _table(annex["chains"], "存证链")]
    context = {
        "view": _printable({**view, "sections": [_section(n, section) for n, section in enumerate(view["sections"])]}),
        "charts": _charts(template, charts),
        "annex_tables": _printable(tables),
        "sign_title": f"{NUMERALS[len(view['sections'])]}、签发",
        "versions": [*annex["versions"], ("生成时间", view["generated_at"]), ("数据校验值 SHA-256", view["sha256"])],
    }
    template.render(context, autoescape=True)
    for table in template.docx.tables:
        _settle(table)
    target = io.BytesIO()
    template.save(target)
    return target.getvalue()


def _section(n: int, section: dict[str, Any]) -> dict[str, Any]:
    tables = [_table(table, section["title"]) for table in section["tables"]]
    return {**section, "title": f"{NUMERALS[n]}、{section['title']}", "tables": tables}


def _table(table: dict[str, Any], label: str) -> dict[str, Any]:
    """The table with its totals as a last row and the alignment beside each text."""
    rows = [*table["rows"], *([{"cells": table["total"]}] if table["total"] else [])]
    unit = TEXT_WIDTH / sum(column["width"] for column in table["columns"])
    columns = [{**column, "twips": round(column["width"] * unit)} for column in table["columns"]]
    shown = [
        row if "group" in row else
        {"cells": [{**column, "text": text} for text, column in zip(row["cells"], columns, strict=True)]} for row in rows
    ]  # fmt: skip
    return {**table, "columns": columns, "rows": shown, "label": label}


def _settle(table: Any) -> None:
    """Make the grid of a filled table follow the widths of its first row: readers other than Word go by the grid."""
    first = table.rows[0]._tr.tc_lst if table.rows else []
    widths = [cell.tcPr.tcW.w for cell in first if cell.tcPr is not None]
    grid = table._tbl.tblGrid.gridCol_lst
    if len(widths) == len(grid):
        for column, width in zip(grid, widths, strict=True):
            column.w = Twips(width)


def _charts(template: DocxTemplate, charts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Titles and pictures; all pictures are drawn at once."""
    drawn = iter(chart_pngs([piece["svg"] for chart in charts for piece in chart["pieces"]], TEXT_WIDTH_MM))
    width = Mm(TEXT_WIDTH_MM)
    return [
        {
            "title": chart["title"],
            "pieces": [InlineImage(template, io.BytesIO(next(drawn)), width=width) for _ in chart["pieces"]],
        }
        for chart in charts
    ]


def _printable(value: Any) -> Any:
    """XML cannot hold control characters: they become spaces."""
    if isinstance(value, str):
        return value if value.isprintable() else "".join(c if c >= " " else " " for c in value)
    if isinstance(value, dict):
        return {key: _printable(item) for key, item in value.items()}
    return [_printable(item) for item in value] if isinstance(value, (list, tuple)) else value
