"""Reading a file of calendar overrides: dates that are workdays or rest days, and years that are complete. Pure.

JSON `{"days": {"2027-01-01": "rest"}, "years": [2027]}`, or CSV with the columns 日期 and 类别 (上班, 休息; a year alone with
完整), after the State Council's yearly notice on holidays.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from shared.calendar import REST, WORKDAY
from shared.rules.values import real_day

KINDS = {"workday": WORKDAY, "上班": WORKDAY, "rest": REST, "休息": REST}
COMPLETE = ("complete", "完整")
YEARS = range(2000, 2101)
YEAR = re.compile(r"\d{4}\Z", re.ASCII)
MAX_BYTES = 1024 * 1024


@dataclass(frozen=True)
class LineMistake:
    """One mistake: the line of the file (1 = the first), what stands there, and why it cannot be read."""

    line: int
    value: str
    reason: str

    def to_dict(self) -> dict[str, object]:
        """As a member of `errors` in the answer."""
        return {"line": self.line, "value": self.value, "reason": self.reason}


@dataclass
class Overrides:
    """What a file says: days and complete years, with every mistake in it."""

    days: dict[dt.date, str] = field(default_factory=dict)
    years: set[int] = field(default_factory=set)
    mistakes: list[LineMistake] = field(default_factory=list)
    _lines: dict[object, int] = field(default_factory=dict)
    _named: set[str] = field(default_factory=set)

    def day(self, line: int, text: str, kind: object) -> None:
        """Take one day, or note what is wrong with it."""
        self._named.add(text[:4])
        date = None if text.startswith("--") else real_day(text)
        name = KINDS.get(kind) if isinstance(kind, str) else None
        if date is None or date.year not in YEARS:
            self._note(line, text, f"应为 {YEARS[0]} 到 {YEARS[-1]} 年之间的日期,写作 YYYY-MM-DD")
        elif name is None:
            self._note(line, str(kind), "类别应为 workday(上班)或 rest(休息)")
        elif date in self.days:
            self._note(line, text, f"这一天在第 {self._lines[date]} 行已经写过")
        else:
            self.days[date], self._lines[date] = name, line

    def year(self, line: int, value: object) -> None:
        """Take one complete year, or note what is wrong with it."""
        if not isinstance(value, int) or isinstance(value, bool) or value not in YEARS:
            self._note(line, str(value), f"年份应为 {YEARS[0]} 到 {YEARS[-1]} 之间的整数")
        else:
            self.years.add(value)
            self._lines.setdefault(value, line)

    def need_days(self, known: Collection[int]) -> None:
        """A year can be complete only with its holidays: some in this file, or in a year of `known`."""
        for year in sorted(self.years - set(known)):
            if str(year) not in self._named:
                self._note(self._lines[year], str(year), "声明为完整,但文件里没有这一年的任何一天")

    def _note(self, line: int, value: str, reason: str) -> None:
        self.mistakes.append(LineMistake(line, value[:40], reason))


def read(data: bytes, known: Collection[int]) -> Overrides:
    """The overrides of a JSON or CSV file; `known` are the years of which days are there already."""
    found = Overrides()
    if len(data) > MAX_BYTES:
        found.mistakes.append(LineMistake(1, "", f"文件太大,最多 {MAX_BYTES // 1024} KB"))
        return found
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found.mistakes.append(LineMistake(data[: error.start].count(b"\n") + 1, "", "文件不是 UTF-8 编码"))
        return found
    if text.lstrip().startswith(("{", "[")):
        _json(text, found)
    else:
        _csv(text, found)
    found.need_days(known)
    if not found.mistakes and not (found.days or found.years):
        found.mistakes.append(LineMistake(1, "", "文件里没有日期,也没有年份"))
    found.mistakes.sort(key=lambda mistake: mistake.line)
    return found


def _csv(text: str, found: Overrides) -> None:
    rows = csv.reader(io.StringIO(text))
    try:
        for cells in rows:
            values = [cell.strip() for cell in cells]
            if not any(values) or values[0].startswith("#") or values[:2] in (["日期", "类别"], ["date", "kind"]):
                continue
            if len(values) != 2:
                found.mistakes.append(LineMistake(rows.line_num, ",".join(values)[:40], "每行应有两列:日期、类别"))
            elif values[1] in COMPLETE:
                found.year(rows.line_num, int(values[0]) if YEAR.match(values[0]) else values[0])
            else:
                found.day(rows.line_num, values[0], values[1])
    except csv.Error as error:
        found.mistakes.append(LineMistake(rows.line_num, "", f"不是 CSV:{error}"))


class _Pairs(list[tuple[str, Any]]):
    """The members of a JSON object in order, repeated ones too."""


def _json(text: str, found: Overrides) -> None:
    try:
        whole = json.loads(text, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        found.mistakes.append(LineMistake(line, "", f"不是 JSON:{error}"))
        return
    if not isinstance(whole, _Pairs):
        found.mistakes.append(LineMistake(1, "", '应为 {"days": {…}, "years": […]}'))
        return
    places = _Places(text)
    for key, value in whole:
        line = places.next(f'"{key}"')
        if key == "days" and isinstance(value, _Pairs):
            for name, kind in value:
                found.day(places.next(json.dumps(name, ensure_ascii=False)), name, kind)
        elif key == "years" and isinstance(value, list) and not isinstance(value, _Pairs):
            for year in value:
                found.year(places.next(json.dumps(year, ensure_ascii=False, default=str)), year)
        else:
            known = key in ("days", "years")
            reason = "应为表(日期: 类别)" if key == "days" else "应为年份的列表" if known else "不认识的项,可用:days、years"
            found.mistakes.append(LineMistake(line, key[:40], reason))


class _Places:
    """Lines of the members of a JSON text, asked for in the order in which they stand there."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0

    def next(self, written: str) -> int:
        """The line of the next place where this is written; that of the last one when it is written otherwise."""
        place = self._text.find(written, self._at)
        if place >= 0:
            self._at = place + len(written)
        return self._text.count("\n", 0, max(self._at - 1, 0)) + 1
