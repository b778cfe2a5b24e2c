"""Reading one cell: what stands in the workbook becomes a value, or a reason in Chinese. Pure.

A raw cell is None, text, a number, a date or instant, True/False, or `Formula` / `Broken` for what is no value at all.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.roster.domain.sheets import WEEKDAYS, Column

FIRST_DAY, LAST_DAY = dt.date(1930, 1, 1), dt.date(2099, 12, 31)
_SEPARATOR = re.compile("[;；]")
EMPTY: Mapping[str, Any] = {"codes": (), "roles": (), "targets": {}, "yesno": False, "radius": 300}
"""What an empty cell of these kinds means; of all others it means None (not known)."""


class CellError(ValueError):
    """The cell cannot be read; the message is the reason shown to the person."""


@dataclass(frozen=True)
class Formula:
    """A cell that computes its value: what it gave may be stale, so it is never read."""


@dataclass(frozen=True)
class Broken:
    """A cell that holds an error such as #N/A."""

    text: str


def read(column: Column, raw: object) -> Any:
    """The value of a cell. Raises CellError with the reason."""
    if isinstance(raw, Formula):
        raise CellError("这是公式,请改为数值或文字")
    if isinstance(raw, Broken):
        raise CellError(f"单元格是错误值 {raw.text}")
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        if column.required:
            raise CellError("必填,不能为空")
        return EMPTY.get(column.kind)
    return PARSERS[column.kind](column, raw)


def _text(column: Column, raw: object) -> str:
    if isinstance(raw, bool | dt.date | dt.time):
        raise CellError("应填写文字")
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    text = unicodedata.normalize("NFC", str(raw)).strip()
    if any(unicodedata.category(sign).startswith("C") for sign in text):
        raise CellError("含有换行或不可见的控制字符")
    if len(text) > column.size:
        raise CellError(f"太长,最多 {column.size} 个字")
    return text


def _code(column: Column, raw: object) -> str:
    code = _text(column, raw)
    if _SEPARATOR.search(code):
        raise CellError("只能填写一个编码")
    return code


def _codes(column: Column, raw: object) -> tuple[str, ...]:
    codes = tuple(part.strip() for part in _SEPARATOR.split(_text(_wide(column), raw)) if part.strip())
    if len(set(codes)) < len(codes):
        raise CellError("同一个编码写了两次")
    if not codes and column.required:
        raise CellError("必填,不能为空")
    return codes


def _wide(column: Column) -> Column:
    """The column for a list: its size bounds one value, a cell may hold twenty."""
    return Column(column.title, column.field, size=20 * column.size)


def _choice(column: Column, raw: object) -> str:
    word = _text(column, raw)
    known = {**column.choices, **column.also}
    if word in known:
        return known[word]
    if word in column.choices.values():
        return word
    raise CellError(f"「{word}」不在可选范围:{'、'.join(column.choices)}")


def _roles(column: Column, raw: object) -> tuple[str, ...]:
    return tuple(sorted({_choice(column, word) for word in _codes(column, raw)}))


def _phone(column: Column, raw: object) -> str:
    digits = re.sub(r"[\s-]", "", _text(column, raw))
    if not re.fullmatch(r"1[3-9]\d{9}", digits):
        raise CellError("手机号应为 11 位数字,以 1 开头")
    return digits


def _telephone(column: Column, raw: object) -> str:
    text = _text(column, raw)
    if not re.fullmatch(r"[0-9+()\-\s转]{3,32}", text):
        raise CellError("电话只能含数字、空格、括号、- 和「转」")
    return text


def _last4(column: Column, raw: object) -> str:
    text = _text(column, raw).upper().zfill(4)
    if not re.fullmatch(r"\d{3}[\dX]", text):
        raise CellError("只填证件号码的最后四位")
    return text


def _date(column: Column, raw: object) -> dt.date:
    if isinstance(raw, dt.datetime):
        if raw.time() != dt.time():
            raise CellError("应为日期,不带时间")
        raw = raw.date()
    if not isinstance(raw, dt.date):
        raise CellError("不是真正的日期,请把单元格设为日期格式,例如 2026-11-21")
    if not FIRST_DAY <= raw <= LAST_DAY:
        raise CellError("日期不在 1930 年至 2099 年之间")
    return raw


def _month(column: Column, raw: object) -> str:
    if isinstance(raw, dt.date):
        return f"{raw:%Y-%m}"
    text = _text(column, raw)
    if not re.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])", text):
        raise CellError("月份应写作 2026-11")
    return text


def _number(column: Column, raw: object) -> float:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return float(raw)
    text = _text(column, raw)
    if not re.fullmatch(r"-?\d{1,6}(\.\d{1,12})?", text):
        raise CellError("应为数字")
    return float(text)


def _degrees(limit: int) -> Callable[[Column, object], int]:
    def read_degrees(column: Column, raw: object) -> int:
        value = _number(column, raw)
        if not -limit <= value <= limit:
            raise CellError(f"应在 -{limit} 与 {limit} 之间")
        return round(value * 1_000_000)

    return read_degrees


def _radius(column: Column, raw: object) -> int:
    value = _number(column, raw)
    if not 100 <= value <= 1000 or not value.is_integer():
        raise CellError("应为 100 至 1000 的整数")
    return int(value)


def _yesno(column: Column, raw: object) -> bool:
    return raw if isinstance(raw, bool) else _choice(column, raw) == "yes"


def _targets(column: Column, raw: object) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in _codes(column, raw):
        name, equals, number = (piece.strip() for piece in part.partition("="))
        if not name or not equals or not re.fullmatch(r"\d{1,9}", number):
            raise CellError(f"「{part}」应写作 指标=数值,数值为整数")
        if name in found:
            raise CellError(f"指标「{name}」写了两次")
        found[name] = int(number)
    return found


def _days(column: Column, raw: object) -> tuple[int | dt.date, ...]:
    if isinstance(raw, dt.date):
        return (_date(column, raw),)
    return tuple(_weekday_or_date(word) for word in _codes(column, raw))


def _weekday_or_date(word: str) -> int | dt.date:
    word = word.replace("星期天", "星期日").replace("周天", "周日")
    if word in WEEKDAYS:
        return WEEKDAYS[word]
    try:
        return dt.date.fromisoformat(word)
    except ValueError:
        raise CellError(f"「{word}」既不是星期几,也不是日期(例如 2026-11-21)") from None


def _half(column: Column, raw: object) -> tuple[str, ...]:
    half = _choice(column, raw)
    return ("am", "pm") if half == "both" else (half,)


PARSERS: Mapping[str, Callable[[Column, object], Any]] = {
    "text": _text, "code": _code, "codes": _codes, "choice": _choice, "roles": _roles, "phone": _phone,
    "telephone": _telephone, "last4": _last4, "date": _date, "month": _month, "latitude": _degrees(90),
    "longitude": _degrees(180), "radius": _radius, "yesno": _yesno, "targets": _targets, "days": _days, "half": _half,
}  # fmt: skip
