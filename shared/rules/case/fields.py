"""Read single JSON values of a case file: type first, then content. Pure.

A reader takes a value, its path and the collector; it gives the typed value, or BAD after noting what is wrong.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from shared.calendar import SHANGHAI
from shared.rules.case.problem import Problems, join
from shared.rules.values import TIME

BAD: Final = object()
"""What a reader gives for a value it has complained about."""
FIRST_YEAR, LAST_YEAR = 2000, 2099
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_RATIO = re.compile(r"\d{1,9}(/0*[1-9]\d{0,8})?\Z|\d{1,9}\.\d{1,9}\Z", re.ASCII)
_LONGEST = 2000
_DIGITS, _MOST = 12, 100

Reader = Callable[[Any, str, Problems], Any]


@dataclass(frozen=True)
class Field:
    """How one key of an object is read. `null`: JSON null is allowed (and read as None)."""

    read: Reader
    required: bool = False
    null: bool = False


def required(read: Reader) -> Field:
    """A key that must be there."""
    return Field(read, required=True)


def optional(read: Reader) -> Field:
    """A key that may be absent; null says the same."""
    return Field(read, null=True)


def given(read: Reader) -> Field:
    """A key that may be absent but is never null."""
    return Field(read)


def read_object(value: Any, path: str, problems: Problems, keys: Mapping[str, Field]) -> dict[str, Any]:
    """The good keys of an object, typed; missing, unknown and wrong ones are noted. Empty for anything else."""
    if not isinstance(value, dict):
        problems.add(path, "type", "应为对象")
        return {}
    found: dict[str, Any] = {}
    for key, field in keys.items():
        if key not in value and field.required:
            problems.add(join(path, key), "key_missing", f"缺少必填项“{key}”")
    for key, raw in value.items():
        if key not in keys:
            problems.add(join(path, key), "key_unknown", f"不认识的项“{key}”")
        elif raw is None and keys[key].null:
            found[key] = None
        elif (read := keys[key].read(raw, join(path, key), problems)) is not BAD:
            found[key] = read
    return found


def text(value: Any, path: str, problems: Problems) -> Any:
    """Text with content."""
    if not isinstance(value, str):
        problems.add(path, "type", "应为文字")
        return BAD
    if not value.strip() or len(value) > _LONGEST:
        problems.add(path, "value", "文字不能为空" if not value.strip() else "文字过长")
        return BAD
    return value


def anything(value: Any, path: str, problems: Problems) -> Any:
    """Accepted and ignored."""
    return value


def boolean(value: Any, path: str, problems: Problems) -> Any:
    """true or false."""
    if isinstance(value, bool):
        return value
    problems.add(path, "type", "应为 true 或 false")
    return BAD


def integer(low: int, high: int = 10**12) -> Reader:
    """An integer in [low, high]; true, false and decimals are of the wrong type."""

    def read(value: Any, path: str, problems: Problems) -> Any:
        if isinstance(value, bool) or not isinstance(value, int):
            problems.add(path, "type", "应为整数")
            return BAD
        if not low <= value <= high:
            problems.add(path, "value", f"应在 {low} 到 {high} 之间")
            return BAD
        return value

    return read


def year(value: Any, path: str, problems: Problems) -> Any:
    """A calendar year the product calculates with."""
    if isinstance(value, bool) or not isinstance(value, int):
        problems.add(path, "type", "年份应为整数")
        return BAD
    return value if _in_range(value, path, problems) else BAD


def _in_range(value: int, path: str, problems: Problems) -> bool:
    if FIRST_YEAR <= value <= LAST_YEAR:
        return True
    problems.add(path, "year_range", f"年份应在 {FIRST_YEAR} 到 {LAST_YEAR} 之间")
    return False


def one_of(values: Collection[str]) -> Reader:
    """Text from a closed set."""

    def read(value: Any, path: str, problems: Problems) -> Any:
        if not isinstance(value, str):
            problems.add(path, "type", "应为文字")
            return BAD
        if value not in values:
            problems.add(path, "value", f"“{value}”不在允许的取值中:{'、'.join(values)}")
            return BAD
        return value

    return read


def date(value: Any, path: str, problems: Problems) -> Any:
    """`YYYY-MM-DD`, a real date of the years 2000 to 2099."""
    if not isinstance(value, str):
        problems.add(path, "type", "应为日期文字")
        return BAD
    try:
        found = dt.date.fromisoformat(value) if _DATE.match(value) else None
    except ValueError:
        found = None
    if found is None:
        problems.add(path, "date", f"“{value}”不是真实的日期(YYYY-MM-DD)")
        return BAD
    return found if _in_range(found.year, path, problems) else BAD


def clock(value: Any, path: str, problems: Problems) -> Any:
    """`HH:MM`."""
    if not isinstance(value, str):
        problems.add(path, "type", "应为时间文字")
        return BAD
    if not TIME.match(value):
        problems.add(path, "value", f"“{value}”不是 HH:MM 时间")
        return BAD
    return dt.time.fromisoformat(value)


def instant(value: Any, path: str, problems: Problems) -> Any:
    """`YYYY-MM-DDTHH:MM` on the wall clock of Asia/Shanghai; a date alone is its 00:00."""
    if not isinstance(value, str):
        problems.add(path, "type", "应为时刻文字")
        return BAD
    day, mark, time = value.partition("T")
    known = Problems()
    found = date(day, path, known)
    for problem in known.found:
        problems.add(path, problem.code, problem.message)
    if found is BAD:
        return BAD
    if mark and not TIME.match(time):
        problems.add(path, "date", f"“{value}”不是时刻(YYYY-MM-DDTHH:MM)")
        return BAD
    return dt.datetime.combine(found, dt.time.fromisoformat(time) if mark else dt.time(), SHANGHAI)


def ratio(value: Any, path: str, problems: Problems) -> Any:
    """A ratio, exact: integer, decimal, or text such as `"1/3"`."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        problems.add(path, "type", "应为数字或“1/3”这样的文字")
        return BAD
    if isinstance(value, str) and not _RATIO.match(value):
        problems.add(path, "value", f"“{value}”不是比例")
        return BAD
    if isinstance(value, Decimal) and abs(int(value.as_tuple().exponent)) > _DIGITS:
        problems.add(path, "value", "比例的小数位数过多")
        return BAD
    found = Fraction(value)
    if not 0 <= found <= _MOST:
        problems.add(path, "value", f"比例应在 0 到 {_MOST} 之间")
        return BAD
    return found


def list_of(read: Reader, *, empty: bool = True) -> Reader:
    """A list whose every entry is read; wrong entries are noted and left out."""

    def whole(value: Any, path: str, problems: Problems) -> Any:
        if not isinstance(value, list):
            problems.add(path, "type", "应为列表")
            return BAD
        if not value and not empty:
            problems.add(path, "value", "列表不能为空")
            return BAD
        entries = [read(item, f"{path}[{index}]", problems) for index, item in enumerate(value)]
        return tuple(entry for entry in entries if entry is not BAD)

    return whole
