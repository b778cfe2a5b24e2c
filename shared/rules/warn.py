"""What is worth a second look in a valid rule file and forbids nothing (rules.md §7, warnings). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from shared.rules.check import RuleProblem, parse
from shared.rules.values import Finding, real_day

_NO_MEASURE = frozenset({"id", "basis", "severity", "evidence", "remind", "feeds", "note"})
"""Keys by which two rules may differ and still measure the same."""


def warnings(files: Iterable[tuple[str, bytes]], loaded_years: Collection[int]) -> list[RuleProblem]:
    """Every warning of these valid (name, bytes), sorted like problems; `loaded_years` have an official calendar."""
    found = [warning for name, text in files for warning in _of_document(parse(text), name, loaded_years)]
    return sorted(found, key=lambda w: (w.file, w.position, w.key))


def _of_document(document: Mapping[str, Any], name: str, loaded_years: Collection[int]) -> Iterator[RuleProblem]:
    head, place = document["programme"], list(document)
    for key, code, message in _years(head, loaded_years):
        yield RuleProblem(name, "[programme]", key, code, message, place.index("programme") * 10_000, warning=True)
    first: dict[str, str] = {}
    for index, rule in enumerate(document["rule"], 1):
        found = [*_dates(rule, head, loaded_years)]
        twin = first.setdefault(_measure(rule), rule["id"])
        if twin != rule["id"]:
            found.append(("quote", "duplicate_quote", f"与 {twin} 的原文、对象和要求都相同"))
        for key, code, message in found:
            position = place.index("rule") * 10_000 + index
            yield RuleProblem(name, rule["id"], key, code, message, position, warning=True)


def _years(head: Mapping[str, Any], loaded_years: Collection[int]) -> Iterator[Finding]:
    """Years of the effective dates whose official calendar is not loaded; of an open programme its first year."""
    first, last = head["effective_from"].year, head.get("effective_to", head["effective_from"]).year
    missing = [year for year in range(first, last + 1) if year not in loaded_years]
    if first in missing:
        yield "effective_from", "calendar_year", _unknown(first)
    for year in missing:
        if year != first:
            yield "effective_to", "calendar_year", _unknown(year)


def _unknown(year: int) -> str:
    return f"{year} 年的放假安排尚未载入,这一年的结果只能暂定"


def _dates(rule: Mapping[str, Any], head: Mapping[str, Any], loaded_years: Collection[int]) -> Iterator[Finding]:
    """Fixed due dates that lie outside the effective dates, or in a year without calendar outside them."""
    on = rule.get("due", {}).get("on", [])
    first, last = head["effective_from"], head.get("effective_to") or dt.date.max
    for text in on if isinstance(on, list) else [on]:
        days = _occurrences(text, first, last)
        if not any(first <= day <= last for day in days):
            yield "due.on", "outside_window", f"{text} 不在项目有效期内({first} 至 {head.get('effective_to', '长期')})"
            for day in days if not text.startswith("--") else ():
                if day.year not in loaded_years:
                    yield "due.on", "calendar_year", _unknown(day.year)


def _occurrences(text: str, first: dt.date, last: dt.date) -> list[dt.date]:
    """The dates a text names: one, or that of each of the first two years a yearly date may fall into."""
    day = real_day(text)
    if day is None or not text.startswith("--"):
        return [day] if day else []
    years = range(first.year, min(last.year, first.year + 1) + 1)
    return [_in_year(day, year) for year in years]


def _in_year(day: dt.date, year: int) -> dt.date:
    """The yearly date in a year; 29 February is the last day of February."""
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def _measure(rule: Mapping[str, Any]) -> str:
    """What a rule asks, of whom, by which clause, as one text."""
    return repr(sorted((key, value) for key, value in rule.items() if key not in _NO_MEASURE))
