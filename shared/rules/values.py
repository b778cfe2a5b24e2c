"""Checks of single values in a rule file: type first, then content. Pure.

A check takes a value and gives findings (key below this one or "", code of rules.md §7, Chinese message).
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

Finding = tuple[str, str, str]
Check = Callable[[object], Iterator[Finding]]

SLUG = re.compile(r"[a-z0-9][a-z0-9-]*\Z")
WORD = re.compile(r"[a-z][a-z0-9_]*\Z")
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d\Z")
DATE = re.compile(r"(\d{4}|-)-\d{2}-\d{2}\Z")


@dataclass(frozen=True)
class Key:
    """How a table's key is checked and whether it must be there."""

    check: Check
    required: bool = True


SMALL = 12
"""So many allowed values are named in full; of more only those that look like what was written."""


def allowed(values: Collection[str], written: object = "") -> str:
    """What may stand there instead: 「,可用:am、pm」, or of a large set 「,是否想写 …」, or nothing."""
    names = [str(value) for value in (values if isinstance(values, list | tuple) else sorted(values))]
    if len(names) <= SMALL:
        return f",可用:{'、'.join(names)}" if names else ""
    near = difflib.get_close_matches(str(written), names, 2)
    return f",是否想写 {' 或 '.join(near)}" if near else ""


def optional(check: Check) -> Key:
    """A key that may be absent."""
    return Key(check, required=False)


def text(value: object) -> Iterator[Finding]:
    """Text with content."""
    if not isinstance(value, str):
        yield "", "type", "应为文字"
    elif not value.strip():
        yield "", "type", "不能为空"


def integer(low: int, high: int | None = None) -> Check:
    """An integer in [low, high]; true/false and floats are of the wrong type."""

    def check(value: object) -> Iterator[Finding]:
        if isinstance(value, bool) or not isinstance(value, int):
            yield "", "type", "应为整数"
        elif value < low or (high is not None and value > high):
            yield "", "value", f"应不小于 {low}" if high is None else f"应在 {low} 到 {high} 之间"

    return check


def decimal(low: int, high: int | None = None) -> Check:
    """A number read exactly: integer or decimal fraction."""

    def check(value: object) -> Iterator[Finding]:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            yield "", "type", "应为数字"
        elif not Decimal(value).is_finite() or value < low or (high is not None and value > high):
            yield "", "value", "数字超出范围"

    return check


def boolean(value: object) -> Iterator[Finding]:
    """true or false."""
    if not isinstance(value, bool):
        yield "", "type", "应为 true 或 false"


def date(value: object) -> Iterator[Finding]:
    """A TOML date without time."""
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        yield "", "type", "应为日期"


def one_of(values: Collection[str], code: str = "value") -> Check:
    """Text from a closed set."""

    def check(value: object) -> Iterator[Finding]:
        if not isinstance(value, str):
            yield "", "type", "应为文字"
        elif value not in values:
            yield "", code, f"“{value}”不在允许的取值中{allowed(values, value)}"

    return check


def matching(pattern: re.Pattern[str], message: str, code: str = "value") -> Check:
    """Text of a given form."""

    def check(value: object) -> Iterator[Finding]:
        if not isinstance(value, str):
            yield "", "type", "应为文字"
        elif not pattern.match(value):
            yield "", code, f"“{value}”{message}"

    return check


slug = matching(SLUG, "应为小写字母、数字和连字符")
word = matching(WORD, "应为小写字母、数字和下划线")
clock = matching(TIME, "不是 HH:MM 时间")


REQUIRED = re.compile(r"(?P<key>[a-z][a-z0-9_]*)(?:\s*>=\s*(?P<least>[a-z0-9_]+)|\s+in\s+(?P<any>[a-z0-9_|]+))\Z")
FLAGS = re.compile(r"[a-z][a-z0-9_]*(\|[a-z][a-z0-9_]*)*\Z")


def requirement(keys: Mapping[str, Sequence[str] | None]) -> Check:
    """One entry of an eligibility: `key>=value`, `key in a|b|c`, `flag` or `flag|flag`.

    `keys` are the attributes that can be compared, with their values in rising order where those are a closed set.
    """

    def check(value: object) -> Iterator[Finding]:
        if not isinstance(value, str):
            yield "", "type", "应为文字"
        elif found := REQUIRED.match(value):
            values = keys.get(found["key"])
            named = (found["least"] and [found["least"]]) or found["any"].split("|")
            if found["key"] not in keys or (found["least"] and not values):
                yield "", "value", f"“{found['key']}”不能这样比较{allowed(keys)}"
            elif values and (strange := [name for name in named if name not in values]):
                yield "", "value", f"“{'、'.join(strange)}”不在允许的取值中{allowed(values)}"
        elif not FLAGS.match(value):
            yield "", "value", f"“{value}”应写作 title_rank>=attending、category in a|b 或 flag|flag"

    return check


def list_of(check: Check, *, empty: bool = False, length: int | None = None) -> Check:
    """A list whose every entry passes; not empty unless allowed."""

    def whole(value: object) -> Iterator[Finding]:
        if not isinstance(value, list):
            yield "", "type", "应为列表"
            return
        if not value and not empty:
            yield "", "type", "列表不能为空"
        if length is not None and value and len(value) != length:
            yield "", "value", f"应有 {length} 项"
        for item in value:
            yield from check(item)

    return whole


def day_text(*, yearly: bool = True, full: bool = True) -> Check:
    """`YYYY-MM-DD` or, every year, `--MM-DD`; 29 February is allowed yearly and means the month's last day."""

    def check(value: object) -> Iterator[Finding]:
        if not isinstance(value, str):
            yield "", "type", "应为日期文字"
        elif real_day(value) is None or (value.startswith("--") and not yearly) or (value[0] != "-" and not full):
            yield "", "value", f"“{value}”不是日期"

    return check


def real_day(value: str) -> dt.date | None:
    """The date of a text (`--MM-DD` in the leap year 2000), or None when there is no such day."""
    if not DATE.match(value):
        return None
    try:
        return dt.date.fromisoformat(value.replace("--", "2000-", 1) if value.startswith("--") else value)
    except ValueError:
        return None


def either(one: Check, other: Check) -> Check:
    """A list is checked by the second, anything else by the first."""

    def check(value: object) -> Iterator[Finding]:
        yield from (other if isinstance(value, list) else one)(value)

    return check


def table(keys: Mapping[str, Key]) -> Check:
    """A table with exactly these keys."""

    def check(value: object) -> Iterator[Finding]:
        if not isinstance(value, dict):
            yield "", "type", "应为表"
        else:
            yield from table_findings(value, keys)

    return check


def table_findings(value: Mapping[str, object], keys: Mapping[str, Key]) -> Iterator[Finding]:
    """Missing, unknown and wrong keys of a table; keys below are dotted."""
    for name, key in keys.items():
        if name not in value:
            if key.required:
                yield name, "key_missing", "缺少必填项"
            continue
        for below, code, message in key.check(value[name]):
            yield (f"{name}.{below}" if below else name), code, message
    for name in value:
        if name not in keys:
            yield name, "key_unknown", f"不认识的项{allowed(keys, name)}"
