"""Load a rule file completely into frozen values, or refuse it with every problem at once. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.attendance.session import SessionWindows


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
    raise NotImplementedError


def shipped() -> dict[str, Programme]:
    """The programmes of this package, by id."""
    raise NotImplementedError
