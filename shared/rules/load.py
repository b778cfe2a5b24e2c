"""Load a rule file completely into frozen values, or refuse it with every problem at once. Pure."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.attendance.session import SessionWindows
from shared.rules.check import RuleFileInvalid, check_files, parse
from shared.rules.schema import SETTINGS

__all__ = ["Mode", "Programme", "Rule", "RuleFileInvalid", "load_programme", "shipped"]


PROGRAMMES = Path(__file__).parent / "programmes"
_LISTS = ("evidence", "remind", "feeds")


@dataclass(frozen=True)
class Rule:
    """One rule: its common keys, and `keys` with everything its kind adds (metric, op, value, period, due ...)."""

    id: str
    kind: str
    subject: str
    quote: str
    basis: str
    severity: str
    where: Mapping[str, Any]
    evidence: tuple[str, ...]
    remind: tuple[str, ...]
    feeds: tuple[str, ...]
    keys: Mapping[str, Any]

    def get(self, key: str, default: Any = None) -> Any:
        """A key of the rule's kind, or the default when the rule does not carry it."""
        return self.keys.get(key, default)


@dataclass(frozen=True)
class Mode:
    """A way of being posted: duty = workdays, roster or none; sessions a subset of am, pm."""

    id: str
    label: str
    duty: str
    sessions: tuple[str, ...]


@dataclass(frozen=True)
class Programme:
    """A loaded rule file. `settings` maps table -> key -> value; `sha256` is the rules_version of every result."""

    id: str
    title: str
    sha256: str
    head: Mapping[str, Any]
    settings: Mapping[str, Mapping[str, Any]]
    modes: Mapping[str, Mode]
    rules: tuple[Rule, ...]
    session_windows: SessionWindows
    effective_from: dt.date
    effective_to: dt.date | None
    derived_from: str | None = None

    @functools.cached_property
    def asks_registration(self) -> bool:
        """Whether a posting waits for an acknowledgement of its registration (rules.md, kind approval)."""
        return any(rule.kind == "approval" for rule in self.rules)

    def rule(self, rule_id: str) -> Rule:
        """The rule with this id. KeyError when the programme has none."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)

    def setting(self, name: str) -> Any:
        """The value of a dotted setting such as `session.min_minutes`. KeyError when absent."""
        table, _, key = name.partition(".")
        return self.settings[table][key]

    def local_settings(self) -> dict[str, Any]:
        """Dotted name -> value of every setting whose table has basis != text: printed as 本地设置."""
        return dict(self._local)

    @functools.cached_property
    def _local(self) -> Mapping[str, Any]:
        return {
            f"{table}.{key}": value
            for table, keys in self.settings.items()
            if keys.get("basis") != "text"
            for key, value in keys.items()
            if key != "basis"
        }

    def in_effect(self, day: dt.date) -> bool:
        """Whether the date lies in the programme's effective dates."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


def load_programme(text: bytes, name: str) -> Programme:
    """Load one rule file; `name` is the file name (with or without `.toml`), which the programme id must equal.

    Raises RuleFileInvalid with every problem of the file (rules.md §7).
    """
    if problems := check_files([(name, text)]):
        raise RuleFileInvalid(problems)
    document = parse(text)
    head = document["programme"]
    settings = {table: document[table] for table in SETTINGS}
    return Programme(
        id=head["id"],
        title=head["title"],
        sha256="sha256:" + hashlib.sha256(text).hexdigest(),
        head=head,
        settings=settings,
        modes={mode["id"]: Mode(**{**mode, "sessions": tuple(mode["sessions"])}) for mode in document["mode"]},
        rules=tuple(map(_rule, document["rule"])),
        session_windows=session_windows(settings["session"]),
        effective_from=head["effective_from"],
        effective_to=head.get("effective_to"),
        derived_from=head.get("derived_from"),
    )


class Shipped(Mapping[str, Programme]):
    """The programmes of this package, each parsed when it is asked for: one is wanted where a start must be quick."""

    def __init__(self) -> None:
        self._files = {path.stem: path for path in sorted(PROGRAMMES.glob("*.toml"))}
        self._read: dict[str, Programme] = {}

    def __getitem__(self, key: str) -> Programme:
        if key not in self._read:
            self._read[key] = load_programme(self._files[key].read_bytes(), key)
        return self._read[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


@functools.cache
def shipped() -> Mapping[str, Programme]:
    """The programmes of this package, by id. Raises RuleFileInvalid with the problems of all files at once."""
    files = [(path.name, path.read_bytes()) for path in sorted(PROGRAMMES.glob("*.toml"))]
    if problems := check_files(files):
        raise RuleFileInvalid(problems)
    return {programme.id: programme for programme in (load_programme(text, name) for name, text in files)}


def _rule(table: Mapping[str, Any]) -> Rule:
    common = {key: table[key] for key in ("id", "kind", "subject", "quote", "basis", "severity")}
    keys = {key: value for key, value in table.items() if key not in (*common, *_LISTS, "where")}
    evidence, remind, feeds = (tuple(table[key]) for key in _LISTS)
    where = table.get("where", {})
    return Rule(**common, where=where, evidence=evidence, remind=remind, feeds=feeds, keys=keys)


def session_windows(session: Mapping[str, Any]) -> SessionWindows:
    """The windows of a `[session]` table."""
    am, pm = (tuple(dt.time.fromisoformat(text) for text in session[half]) for half in ("am", "pm"))
    return SessionWindows((am[0], am[1]), (pm[0], pm[1]), session["min_minutes"], session["late_after_minutes"])
