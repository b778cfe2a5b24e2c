"""The directory before and after an import, both as records of codes, so that checks are comparisons of values. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.roster.domain.book import Book, Row
from shared.calendar import Calendar
from shared.rules.load import Programme

Record = Mapping[str, Any]
"""Fields of one object, named as the columns of its sheet; other objects are named by their codes."""
Half = tuple[dt.date, str, str]
"""A rostered half-day: date, "am" or "pm", clinic code."""


@dataclass(frozen=True)
class Known:
    """What the directory holds already: records by sheet name and code, and what judging them needs."""

    records: Mapping[str, Mapping[str, Record]]
    programmes: Mapping[str, Programme]
    calendar: Calendar
    pairs: frozenset[tuple[str, str]] = frozenset()
    """(supporter, recipient) codes of every pair of any programme."""
    rosters: Mapping[tuple[str, str], frozenset[Half]] = field(default_factory=dict)
    """(posting code, month) -> half-days published for it."""
    locked: frozenset[tuple[str, str]] = frozenset()
    """(posting code, month) whose month is closed."""


class View:
    """The directory as it will be if the workbook is imported, beside what it is now."""

    def __init__(self, book: Book, known: Known) -> None:
        self.book = book
        self.known = known
        self._after: dict[str, dict[str, Record]] = {
            name: {**records, **{row.key: row.values for row in book.rows.get(name, ()) if row.key}}
            for name, records in known.records.items()
        }

    def rows(self, name: str) -> list[Row]:
        """The rows of a sheet."""
        return self.book.rows.get(name, [])

    def before(self, name: str, code: str | None) -> Record | None:
        """The object as the directory holds it, or None."""
        return self.known.records[name].get(code) if code else None

    def after(self, name: str, code: str | None) -> Record | None:
        """The object as it will be: from the workbook, else as it is; None when there is none."""
        return self._after[name].get(code) if code else None

    def all_after(self, name: str) -> Mapping[str, Record]:
        """Every object of a sheet as it will be, by code."""
        return self._after[name]

    def changed(self, row: Row) -> frozenset[str]:
        """Fields in which the row differs from the directory; every field of an object that is new."""
        old = self.before(row.sheet.name, row.key)
        return frozenset(name for name, value in row.values.items() if old is None or old.get(name) != value)
