"""The export of a recipient's HIS: monthly outpatient and emergency visits, read whole, with every mistake at once. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass

SHEET = "门急诊人次"
COLUMNS = ("机构编码", "月份", "门急诊人次")
UNREPORTED = ("", "未报")
MAX_VISITS = 50_000_000


@dataclass(frozen=True)
class Mistake:
    """One mistake: sheet, row as Excel numbers it (0 = the whole sheet), column (empty = the row), reason in Chinese."""

    sheet: str
    row: int
    column: str
    reason: str

    def to_dict(self) -> dict[str, str | int]:
        """As a member of `problems`."""
        return asdict(self)


@dataclass(frozen=True)
class Line:
    """One figure of the export: code of the recipient, month, number of visits (None = 未报)."""

    row: int
    code: str
    month: str
    value: int | None


Table = Sequence[Sequence[object]]


def read(table: Table, today: dt.date) -> tuple[list[Line], list[Mistake]]:
    """The lines of a table whose first row names the columns, and every mistake in it."""
    head = [str(cell or "").strip() for cell in table[0]] if table else []
    if missing := [name for name in COLUMNS if name not in head]:
        return [], [Mistake(SHEET, 1, name, f"缺少「{name}」一列") for name in missing]
    at = [head.index(name) for name in COLUMNS]
    lines: list[Line] = []
    mistakes: list[Mistake] = []
    for number, cells in enumerate(table[1:], start=2):
        row = [cells[i] if i < len(cells) else None for i in at]
        if all(cell is None or str(cell).strip() == "" for cell in row):
            continue
        wrong = list(_wrong(number, row, today))
        mistakes += wrong
        if not wrong:
            lines.append(Line(number, str(row[0]).strip(), _month(row[1]), _visits(row[2])))
    mistakes += _repeated(lines)
    if not lines and not mistakes:
        mistakes = [Mistake(SHEET, 0, "", "表里没有数据")]
    return lines, mistakes


def _wrong(number: int, row: Sequence[object], today: dt.date) -> Iterator[Mistake]:
    if not str(row[0] or "").strip():
        yield Mistake(SHEET, number, COLUMNS[0], "请填写机构编码")
    month = _month(row[1])
    if not month:
        yield Mistake(SHEET, number, COLUMNS[1], "月份应写成 2026-11")
    elif month > f"{today:%Y-%m}":
        yield Mistake(SHEET, number, COLUMNS[1], "这个月还没有开始")
    try:
        _visits(row[2])
    except ValueError:
        yield Mistake(SHEET, number, COLUMNS[2], "应为不带小数的数字,还不知道请留空")


def _month(cell: object) -> str:
    if isinstance(cell, dt.datetime | dt.date):
        return f"{cell:%Y-%m}"
    text = str(cell or "").strip()
    return text if re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", text) else ""


def _visits(cell: object) -> int | None:
    """A whole number, or None where nothing is reported. ValueError for anything else; a blank is never 0."""
    text = str(cell if cell is not None else "").strip()
    if text in UNREPORTED:
        return None
    if isinstance(cell, float) and cell.is_integer():
        text = str(int(cell))
    if isinstance(cell, bool) or not re.fullmatch(r"[0-9]{1,8}", text) or int(text) > MAX_VISITS:
        raise ValueError(text)
    return int(text)


def _repeated(lines: Iterable[Line]) -> Iterator[Mistake]:
    seen: dict[tuple[str, str], int] = {}
    for line in lines:
        first = seen.setdefault((line.code, line.month), line.row)
        if first != line.row:
            yield Mistake(SHEET, line.row, COLUMNS[1], f"与第 {first} 行是同一个机构的同一个月")
