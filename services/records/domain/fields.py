"""Fields of a record: how each type is read from a form, checked, and shown. Values are those the ledger holds. Pure."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.records.domain.spans import span_of

EARLIEST = dt.date(2000, 1, 1)
LATEST = dt.date(2099, 12, 31)
MAX_NUMBER = 1_000_000_000
_WORD = re.compile(r"[a-z][a-z0-9_]{0,63}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Field:
    """One field: its name in payload and form, Chinese label, type (a key of CHECKS) and bounds.

    `options`: the closed set of a choice, value -> words. `words`: a text needs at least one letter, not only signs.
    """

    name: str
    label: str
    type: str = "text"
    required: bool = True
    hint: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    low: int = 0
    high: int = MAX_NUMBER
    max_length: int = 200
    words: bool = True


def has_words(text: str) -> bool:
    """Whether somebody wrote something: a letter or figure of any script; emoji and signs alone say nothing."""
    return any(unicodedata.category(character)[0] in "LN" for character in text)


def mistakes(one: Field, value: Any) -> Iterator[str]:
    """Why a value cannot stand in the field, in Chinese; nothing when it can. None and empty are "not filled in"."""
    if value is None or value in ("", []):
        if one.required:
            yield "请填写" if one.type not in ("choice", "choices", "files", "flag") else "请选择"
        return
    yield from CHECKS[one.type](one, value)


def _text(one: Field, value: Any) -> Iterator[str]:
    if not isinstance(value, str):
        yield "应为文字"
    elif len(value) > one.max_length:
        yield f"最多 {one.max_length} 个字"
    elif any(unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\r\t" for character in value):
        yield "含有不能保存的字符"
    elif one.words and not has_words(value):
        yield "请写文字,只有符号或表情看不出内容"


def _number(one: Field, value: Any) -> Iterator[str]:
    if isinstance(value, bool) or not isinstance(value, int):
        yield "应为整数"
    elif not one.low <= value <= one.high:
        yield f"应在 {one.low} 到 {one.high} 之间"


def _date(_one: Field, value: Any) -> Iterator[str]:
    try:
        day = dt.date.fromisoformat(value) if isinstance(value, str) and len(value) == len("2026-11-21") else None
    except ValueError:
        day = None
    if day is None:
        yield "应为日期,如 2026-11-21"
    elif not EARLIEST <= day <= LATEST:
        yield f"日期应在 {EARLIEST.year} 年到 {LATEST.year} 年之间"


def _month(_one: Field, value: Any) -> Iterator[str]:
    if not isinstance(value, str) or not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", value):
        yield "应为月份,如 2026-11"


def _period(_one: Field, value: Any) -> Iterator[str]:
    if not isinstance(value, str) or (value != "once" and span_of(value) is None):
        yield "应为期间,如 2026、2026-H1、2026-Q4、2026-11、2026-W47"


def _choice(one: Field, value: Any) -> Iterator[str]:
    if not isinstance(value, str) or value not in one.options:
        yield "请从列表中选择"


def _choices(one: Field, value: Any) -> Iterator[str]:
    if not isinstance(value, list) or len(set(map(str, value))) != len(value) or any(v not in one.options for v in value):
        yield "请从列表中选择,每项一次"


def _slug(_one: Field, value: Any) -> Iterator[str]:
    if not isinstance(value, str) or not _WORD.fullmatch(value):
        yield "请从列表中选择"


def _flag(_one: Field, value: Any) -> Iterator[str]:
    if not isinstance(value, bool):
        yield "请选择是或否"


def _files(_one: Field, value: Any) -> Iterator[str]:
    good = isinstance(value, list) and len(value) <= 9 and all(isinstance(v, str) and _SHA256.fullmatch(v) for v in value)
    if not good or len(set(value)) != len(value):
        yield "最多 9 个附件,每个一次"


def _targets(_one: Field, value: Any) -> Iterator[str]:
    good = isinstance(value, dict) and len(value) <= 50 and all(
        isinstance(name, str) and _WORD.fullmatch(name) and type(number) is int and 0 <= number <= MAX_NUMBER
        for name, number in value.items()
    )  # fmt: skip
    if not good:
        yield "每行一个目标,写成 指标=数值,如 lectures=12"


CHECKS: Mapping[str, Callable[[Field, Any], Iterator[str]]] = {
    "text": _text, "long": _text, "number": _number, "date": _date, "month": _month, "period": _period, "choice": _choice,
    "choices": _choices, "slug": _slug, "flag": _flag, "files": _files, "targets": _targets,
}  # fmt: skip


def from_form(one: Field, texts: Sequence[str]) -> Any:
    """The value of what a form sends for the field; what cannot be read stays text, and `mistakes` says so."""
    given = [unicodedata.normalize("NFC", text).strip() for text in texts]
    if one.type in ("choices", "files"):
        return [text for text in given if text]
    text = next((text for text in given if text), "")
    if not text:
        return None
    if one.type == "number":
        return int(text) if re.fullmatch(r"-?[0-9]{1,15}", text) else text
    if one.type == "flag":
        return {"yes": True, "no": False}.get(text, text)
    return _read_targets(text) if one.type == "targets" else text


def _read_targets(text: str) -> Any:
    lines = [line for line in re.split("[\n;\uff1b]", text) if line.strip()]
    pairs = [line.replace("\uff1d", "=").partition("=") for line in lines]
    if any(not re.fullmatch(r"\s*[0-9]{1,10}\s*", number) for _, _, number in pairs):
        return text
    return {name.strip(): int(number) for name, _, number in pairs}


def shown(one: Field, value: Any) -> str:
    """The value in Chinese words; what was not filled in is 未报."""
    if value is None or value in ("", []):
        return "未报"
    if one.type == "flag":
        return "是" if value else "否"
    if one.type == "choices":
        return "、".join(one.options.get(item, item) for item in value)
    if one.type == "targets":
        return ";".join(f"{name} {number}" for name, number in sorted(value.items()))
    return one.options.get(value, str(value)) if one.type == "choice" else str(value)


def is_event_id(text: str) -> bool:
    """Whether the text is a client_event_id: 32 lower-case hex digits."""
    return re.fullmatch(r"[0-9a-f]{32}", text) is not None
