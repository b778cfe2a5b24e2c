"""The top of a case: the programme with its overridden settings, the calendar, the instant, the physicians. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from shared.calendar import REST, WORKDAY, Calendar
from shared.rules import schema
from shared.rules.case.fields import BAD, Field, date, list_of, one_of, optional, read_object, year
from shared.rules.case.model import Doctor
from shared.rules.case.problem import Problems, join
from shared.rules.check import RuleFileInvalid, settings_findings
from shared.rules.load import Programme, load_programme, session_windows

ReadFile = Callable[[str], bytes]
"""Gives the bytes of a file named in a case, relative to it. Raises OSError."""
_EFFECTIVE = ("effective_from", "effective_to")
DOCTOR: Mapping[str, Field] = {
    "licence_since": optional(date), "title_since": optional(date),
    "title_rank": optional(one_of(schema.TITLE_RANKS)),
}  # fmt: skip


def programme_of(
    value: Any, programmes: Mapping[str, Programme], read_file: ReadFile, problems: Problems
) -> Programme | None:
    """The programme a case names, or None after noting why it cannot be had."""
    path = "programme"
    if isinstance(value, str):
        if value not in programmes:
            problems.add(path, "programme_unknown", f"没有项目“{value}”,现有:{'、'.join(sorted(programmes))}")
        return programmes.get(value)
    if not isinstance(value, dict) or not isinstance(value.get("file"), str):
        problems.add(path, "type", '应为项目编号或 {"file": "文件名"}')
        return None
    for key in value:
        if key != "file":
            problems.add(join(path, key), "key_unknown", f"不认识的项“{key}”")
    return _beside(value["file"], read_file, problems)


def _beside(name: str, read_file: ReadFile, problems: Problems) -> Programme | None:
    try:
        return load_programme(read_file(name), name.rpartition("/")[2])
    except RuleFileInvalid as error:
        told = [{"file": p.file, "rule": p.rule, "key": p.key, "code": p.code, "message": p.message} for p in error.problems]
        problems.add("programme", "programme_invalid", f"项目文件“{name}”有 {len(told)} 处问题", told)
    except (OSError, ValueError):  # a name with a zero byte is a ValueError
        problems.add("programme", "programme_unknown", f"读不到项目文件“{name}”")
    return None


def with_settings(programme: Programme, value: Any, problems: Problems) -> Programme:
    """The programme with the overrides of a case, each validated as in a rule file (rules.md §1)."""
    if not isinstance(value, dict):
        problems.add("settings", "type", "应为对象")
        return programme
    tables: dict[str, dict[str, Any]] = {}
    for name, given in value.items():
        table, _, key = name.partition(".")
        if not _known(table, key):
            problems.add(f"settings.{name}", "setting_unknown", f"项目文件中没有设置“{name}”")
        else:
            tables.setdefault(table, {})[key] = _typed(table, given)
    merged = {table: {**_table(programme, table), **keys} for table, keys in tables.items()}
    before = len(problems.found)
    for table, keys in merged.items():
        _check(table, keys, [key for key in value if key.startswith(f"{table}.")], problems)
    return _merged(programme, merged) if len(problems.found) == before else programme


def _known(table: str, key: str) -> bool:
    return key in _EFFECTIVE if table == "programme" else key in schema.SETTINGS.get(table, ())


def _table(programme: Programme, table: str) -> Mapping[str, Any]:
    return programme.head if table == "programme" else programme.settings[table]


def _typed(table: str, given: Any) -> Any:
    """A date of [programme] as TOML would read it; anything else as it is."""
    if table != "programme" or not isinstance(given, str):
        return given
    known = Problems()
    found = date(given, "", known)
    return given if found is BAD else found


def _check(table: str, keys: Mapping[str, Any], names: list[str], problems: Problems) -> None:
    """Note what is wrong with a table at the override that says it, else at the last that touched the table."""
    for key, message in _effective(keys) if table == "programme" else _findings(table, keys):
        top = re.split(r"[.\[]", key)[0]
        place = next((name for name in names if name == f"{table}.{top}"), names[-1])
        if not problems.at(f"settings.{place}"):  # too long for the morning is too long for the afternoon
            problems.add(f"settings.{place}", "setting_value", f"设置“{place}”:{message}")


def _findings(table: str, keys: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from ((key, message) for key, _, message in settings_findings(dict(keys), table))


def _effective(keys: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The effective dates: real dates, in order; the end may be open."""
    start, end = (keys.get(name) for name in _EFFECTIVE)
    for name, day in zip(_EFFECTIVE, (start, end), strict=True):
        if not isinstance(day, dt.date) and (day is not None or name == "effective_from"):
            yield name, "应为 2000 到 2099 年间真实的日期(YYYY-MM-DD)"
    if isinstance(start, dt.date) and isinstance(end, dt.date) and end < start:
        yield "effective_to", "结束日期早于开始日期"


def _merged(programme: Programme, tables: Mapping[str, Mapping[str, Any]]) -> Programme:
    settings = {**programme.settings, **{name: keys for name, keys in tables.items() if name != "programme"}}
    head = tables.get("programme", programme.head)
    return replace(
        programme, head=head, settings=settings, session_windows=session_windows(settings["session"]),
        effective_from=head["effective_from"], effective_to=head.get("effective_to"),
    )  # fmt: skip


def calendar_of(loaded: Calendar, value: Any, problems: Problems) -> Calendar:
    """The loaded calendar with the days and complete years a case adds."""
    keys = {"days": optional(_days), "years": optional(list_of(year))}
    found = read_object(value, "calendar", problems, keys)
    days, years = found.get("days") or {}, found.get("years") or ()
    return Calendar.of({**loaded.days, **days}, loaded.complete_years | set(years)) if days or years else loaded


def _days(value: Any, path: str, problems: Problems) -> Any:
    if not isinstance(value, dict):
        problems.add(path, "type", "应为对象")
        return BAD
    days: dict[dt.date, str] = {}
    for name, kind in value.items():
        day = date(name, join(path, name), problems)
        read = one_of((WORKDAY, REST))(kind, join(path, name), problems)
        if day is not BAD and read is not BAD:
            days[day] = read
    return days


def doctors_of(value: Any, problems: Problems) -> dict[str, Doctor]:
    """The physicians of a case by id."""
    if not isinstance(value, dict):
        problems.add("doctors", "type", "应为对象")
        return {}
    return {name: Doctor(**read_object(told, f"doctors.{name}", problems, DOCTOR)) for name, told in value.items()}
