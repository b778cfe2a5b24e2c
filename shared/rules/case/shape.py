"""The shape of case values: types, dates, closed sets. Every converter gives the value or notes a mistake. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from shared.calendar import SHANGHAI
from shared.rules.case.model import Mistake, Path

YEARS = range(2000, 2100)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}\Z")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d\Z")
_RATIO = re.compile(r"\d+(\.\d+)?\Z|\d+/[1-9]\d*\Z")
_MISSING = object()


class Notes:
    """The mistakes found so far."""

    def __init__(self) -> None:
        self.found: list[Mistake] = []

    def add(self, path: Path, code: str, message: str, details: tuple[dict[str, str], ...] = ()) -> None:
        """Note one mistake."""
        self.found.append(Mistake(path, code, message, details))


Convert = Callable[[Any, Path, Notes], Any]
"""Gives the value, or None after noting why it is none."""


@dataclass(frozen=True)
class Field:
    """A key: how its value is read, what it is without one (`required`: there is no such thing), whether null is a value."""

    convert: Convert
    default: Any = None
    required: bool = False
    null: bool = False


def table(value: Any, path: Path, notes: Notes, fields: Mapping[str, Field]) -> dict[str, Any] | None:
    """Read an object with exactly these keys; None when it is no object."""
    if not isinstance(value, dict):
        notes.add(path, "type", "应为对象")
        return None
    found = {name: field.default for name, field in fields.items()}
    for name, item in value.items():
        field = fields.get(name)
        if field is None:
            notes.add((*path, name), "key_unknown", f"不认识的项“{name}”")
        elif item is None and not field.null:
            notes.add((*path, name), "type", "不能为 null")
        else:
            found[name] = None if item is None else field.convert(item, (*path, name), notes)
    for name, field in fields.items():
        if field.required and name not in value:
            notes.add((*path, name), "key_missing", f"缺少必填项“{name}”")
    return found


def objects(value: Any, path: Path, notes: Notes, *, least: int = 0) -> list[Any]:
    """A list with at least so many entries."""
    if not isinstance(value, list):
        notes.add(path, "type", "应为列表")
        return []
    if len(value) < least:
        notes.add(path, "type", f"至少要有 {least} 项")
    return value


def text(value: Any, path: Path, notes: Notes) -> str | None:
    """Text with content."""
    if isinstance(value, str) and value.strip():
        return value
    notes.add(path, "type", "应为文字")
    return None


def flag(value: Any, path: Path, notes: Notes) -> bool | None:
    """true or false."""
    if isinstance(value, bool):
        return value
    notes.add(path, "type", "应为 true 或 false")
    return None


def anything(value: Any, _path: Path, _notes: Notes) -> Any:
    """Whatever stands there."""
    return value


def one_of(allowed: Collection[str]) -> Convert:
    """Text from a closed set."""

    def convert(value: Any, path: Path, notes: Notes) -> str | None:
        if not isinstance(value, str):
            notes.add(path, "type", "应为文字")
        elif value not in allowed:
            notes.add(path, "value", f"“{value}”不在允许的取值中:{'、'.join(sorted(allowed))}")
        else:
            return value
        return None

    return convert


def integer(low: int) -> Convert:
    """A whole number from `low` on."""

    def convert(value: Any, path: Path, notes: Notes) -> int | None:
        if isinstance(value, bool) or not isinstance(value, int):
            notes.add(path, "type", "应为整数")
        elif value < low:
            notes.add(path, "value", f"应不小于 {low}")
        else:
            return value
        return None

    return convert


def date(value: Any, path: Path, notes: Notes) -> dt.date | None:
    """`YYYY-MM-DD` from 2000 to 2099."""
    if not isinstance(value, str):
        notes.add(path, "type", "应为日期文字")
        return None
    try:
        found = dt.date.fromisoformat(value) if _DATE.match(value) else None
    except ValueError:
        found = None
    if found is None:
        notes.add(path, "date", f"“{value}”不是日期")
        return None
    if found.year not in YEARS:
        notes.add(path, "year_range", f"年份应在 {YEARS[0]} 到 {YEARS[-1]} 之间")
        return None
    return found


def instant(value: Any, path: Path, notes: Notes) -> dt.datetime | None:
    """`YYYY-MM-DDTHH:MM`, or a date alone for its 00:00, in Asia/Shanghai."""
    if not isinstance(value, str):
        notes.add(path, "type", "应为时间文字")
        return None
    clock = time(value[11:], path, notes) if _INSTANT.match(value) else dt.time()
    day = date(value[:10] if _INSTANT.match(value) else value, path, notes)
    return dt.datetime.combine(day, clock, SHANGHAI) if day and clock is not None else None


def time(value: Any, path: Path, notes: Notes) -> dt.time | None:
    """`HH:MM`."""
    if not isinstance(value, str):
        notes.add(path, "type", "应为时间文字")
    elif not _TIME.match(value):
        notes.add(path, "value", f"“{value}”不是 HH:MM 时间")
    else:
        return dt.time.fromisoformat(value)
    return None


def ratio(value: Any, path: Path, notes: Notes) -> Fraction | None:
    """A number or `"1/3"`, read exactly."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        notes.add(path, "type", "应为数字或分数")
    elif not _RATIO.match(str(value)):
        notes.add(path, "value", f"“{value}”不是不小于 0 的数或分数")
    else:
        return Fraction(str(value))
    return None


def texts(value: Any, path: Path, notes: Notes) -> tuple[str, ...] | None:
    """A list of texts, not empty."""
    items = objects(value, path, notes, least=1)
    found = [text(item, (*path, place), notes) for place, item in enumerate(items)]
    return tuple(item for item in found if item is not None)
