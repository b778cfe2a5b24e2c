"""The programme of a case: a loaded one or a file beside it, with the settings of the case laid over. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from shared.rules import schema
from shared.rules.case.shape import Notes
from shared.rules.check import RuleFileInvalid, settings_findings
from shared.rules.load import Programme, load_programme, session_windows


def programme_of(
    named: Any, settings: Any, programmes: Mapping[str, Programme], open_beside: Callable[[str], bytes], notes: Notes
) -> Programme | None:
    """The programme, or None after noting why there is none."""
    found = _named(named, programmes, open_beside, notes) if named is not None else None
    if not isinstance(settings, dict):
        notes.add(("settings",), "type", "应为对象")
        return found
    return _laid_over(found, settings, notes) if found and settings else found


def _named(
    named: Any, programmes: Mapping[str, Programme], open_beside: Callable[[str], bytes], notes: Notes
) -> Programme | None:
    if isinstance(named, str):
        if named not in programmes:
            notes.add(("programme",), "programme_unknown", f"没有项目“{named}”,可用:{'、'.join(sorted(programmes))}")
        return programmes.get(named)
    if not isinstance(named, dict) or set(named) != {"file"} or not isinstance(named["file"], str):
        notes.add(("programme",), "type", '应为项目编号或 {"file": "x.toml"}')
        return None
    try:
        return load_programme(open_beside(named["file"]), named["file"])
    except OSError:
        notes.add(("programme", "file"), "programme_unknown", f"读不到文件 {named['file']}")
    except RuleFileInvalid as error:
        details = tuple({"rule": p.rule, "key": p.key, "code": p.code, "message": p.message} for p in error.problems)
        notes.add(("programme", "file"), "programme_invalid", f"{named['file']} 有 {len(details)} 处问题", details)
    return None


def _laid_over(programme: Programme, settings: Mapping[str, Any], notes: Notes) -> Programme:
    tables = {table: dict(keys) for table, keys in programme.settings.items()}
    head = dict(programme.head)
    touched: set[str] = set()
    for name, value in settings.items():
        table, _, key = name.partition(".")
        if table == "programme" and key in ("effective_from", "effective_to"):
            head[key] = _date(name, value, notes)
        elif table in tables and key in schema.SETTINGS[table]:
            tables[table][key] = value
            touched.add(table)
        else:
            notes.add(("settings", name), "setting_unknown", f"没有设置“{name}”")
    for table in sorted(touched):
        for key, _, message in settings_findings(tables[table], table):
            name = f"{table}.{key.partition('.')[0].partition('[')[0]}"
            notes.add(("settings", name if name in settings else next(iter(settings))), "setting_value", message)
    if notes.found:
        return programme
    return replace(
        programme, settings=tables, head=head, session_windows=session_windows(tables["session"]),
        effective_from=head["effective_from"], effective_to=head.get("effective_to"),
    )  # fmt: skip


def _date(name: str, value: Any, notes: Notes) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        notes.add(("settings", name), "setting_value", "应为日期 YYYY-MM-DD")
        return None
