"""A workbook as values: rows of fields by sheet, and what could not be read. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.roster.domain.cells import CellError, read
from services.roster.domain.mistakes import Mistake
from services.roster.domain.sheets import SHEETS, Sheet

REMARK = "说明"
"""A row whose first cell begins so explains the columns and is not data."""
Table = Iterable[tuple[int, Sequence[object]]]
"""Rows of a sheet as (number in Excel, raw cells); the first is the heading."""


@dataclass(frozen=True)
class Row:
    """One row: its number in Excel and its fields; a field that could not be read is absent."""

    sheet: Sheet
    number: int
    values: Mapping[str, Any]

    @property
    def key(self) -> str | None:
        """The value of the first column, or None when it could not be read."""
        return self.values.get(self.sheet.columns[0].field)

    def mistake(self, name: str, reason: str) -> Mistake:
        """A mistake in the column of this field ("" = the row as a whole)."""
        return Mistake(self.sheet.title, self.number, self.sheet.column(name).title if name else "", reason)


@dataclass
class Book:
    """Every row by sheet name, and the mistakes found so far."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)


def parse(tables: Mapping[str, Table]) -> Book:
    """Read the seven sheets (title -> table). A missing sheet and a wrong heading are mistakes like any other."""
    book = Book({sheet.name: [] for sheet in SHEETS})
    for sheet in SHEETS:
        if sheet.title not in tables:
            book.mistakes.append(Mistake(sheet.title, 0, "", f"缺少工作表「{sheet.title}」"))
            continue
        _parse_sheet(book, sheet, tables[sheet.title])
    return book


def _parse_sheet(book: Book, sheet: Sheet, table: Table) -> None:
    rows = iter(table)
    number, heading = next(rows, (1, ()))
    places, wrong = _places(sheet, number, heading)
    if wrong:
        book.mistakes += wrong
        return
    for number, cells in rows:
        if all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells):
            continue
        if isinstance(cells[0], str) and cells[0].strip().startswith(REMARK):
            continue
        book.rows[sheet.name].append(_parse_row(book, sheet, number, cells, places))


def _places(sheet: Sheet, number: int, heading: Sequence[object]) -> tuple[dict[str, int], list[Mistake]]:
    """Field -> position. A heading is known with or without its `*` and what is said in brackets after it."""
    known = {column.title: column.field for column in sheet.columns}
    places: dict[str, int] = {}
    wrong: list[Mistake] = []
    for place, cell in enumerate(heading):
        title = re.split(r"[*(（\s]", str(cell or "").strip())[0]
        if not title:
            continue
        if title not in known:
            wrong.append(Mistake(sheet.title, number, title, f"不认识的列「{title}」"))
        elif known[title] in places:
            wrong.append(Mistake(sheet.title, number, title, f"列「{title}」出现了两次"))
        else:
            places[known[title]] = place
    missing = [title for title, name in known.items() if name not in places]
    return places, wrong + [Mistake(sheet.title, number, title, f"缺少列「{title}」") for title in missing]


def _parse_row(book: Book, sheet: Sheet, number: int, cells: Sequence[object], places: Mapping[str, int]) -> Row:
    values: dict[str, Any] = {}
    for column in sheet.columns:
        place = places[column.field]
        try:
            values[column.field] = read(column, cells[place] if place < len(cells) else None)
        except CellError as reason:
            book.mistakes.append(Mistake(sheet.title, number, column.title, str(reason)))
    return Row(sheet, number, values)
