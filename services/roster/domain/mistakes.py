"""What is wrong with a workbook, said so that a person finds the cell and knows what to write there. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from services.roster.domain.sheets import SHEETS

_ORDER = {sheet.title: n for n, sheet in enumerate(SHEETS)}


@dataclass(frozen=True)
class Mistake:
    """One mistake: sheet title, row as Excel numbers it (0 = the whole sheet), column title (empty = the row), reason."""

    sheet: str
    row: int
    column: str
    reason: str

    def to_dict(self) -> dict[str, str | int]:
        """As a member of `problems` in the answer."""
        return {"sheet": self.sheet, "row": self.row, "column": self.column, "reason": self.reason}


def ordered(mistakes: Iterable[Mistake]) -> list[Mistake]:
    """By sheet as in the workbook, then row, then column; each once."""
    return sorted(set(mistakes), key=lambda m: (_ORDER.get(m.sheet, len(_ORDER)), m.sheet, m.row, m.column, m.reason))
