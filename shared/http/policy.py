"""The declaration every view carries, and the start-up check that none lacks it (security.md §3.1, §3.2)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import Flask
from werkzeug.routing import Rule


class Scope(StrEnum):
    """Over which objects a role may act. The object loader applies it; PUBLIC asks for no sign-in at all."""

    SELF = "self"
    OWN_TEAM = "own_team"
    OWN_CLINIC = "own_clinic"
    OWN_ORG = "own_org"
    OWN_PAIR = "own_pair"
    OWN_COUNTY = "own_county"
    OWN_AREA = "own_area"
    ANY = "any"
    PUBLIC = "public"


AUDITS = frozenset({"none", "read", "write", "decision", "export", "key"})
AUDITED_WHEN_DONE = frozenset({"read", "decision", "export", "key"})
"""A "write" leaves its own fact in the ledger; the others leave an audit row. Denials always do."""

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_LIMIT = re.compile(r"(\d+)/(s|min|h|day)")
_SECONDS = {"s": 1, "min": 60, "h": 3600, "day": 86400}


class PolicyError(Exception):
    """The application does not start: every mistake in its declarations."""


@dataclass(frozen=True)
class Policy:
    """Who may call a view, and on what.

    allow: {role: Scope}, or one Scope for every signed-in role, or PUBLIC for everybody.
    object: `fn(session, who, **view_args)` gives the target seen through the scope, or raises NotFound.
    forbid: each `fn(session, who, target)` raises its own Problem (self-approval ...).
    values: URL arguments that are not objects (a week, a month, a content hash).
    along: `fn()` gives what is read in the same statement as who asks (`lookup.Along`), or None; the view finds it with
        `auth.along()`. It decides nothing: whoever may not call the view never sees it.
    """

    id: str
    allow: Mapping[str, Scope] | Scope
    object: Callable[..., Any] | None = None
    forbid: tuple[Callable[..., None], ...] = ()
    factors: int = 1
    audit: str = "none"
    fields: str | None = None
    limit: str | None = None
    csrf: bool = True
    values: tuple[str, ...] = ()
    along: Callable[[], Any] | None = None

    def __post_init__(self) -> None:
        limit_wrong = self.limit is not None and not _LIMIT.fullmatch(self.limit)
        if self.audit not in AUDITS or self.factors not in (0, 1, 2) or limit_wrong:
            raise PolicyError(f"{self.id}: audit {self.audit!r}, factors {self.factors} or limit {self.limit!r}")

    @property
    def public(self) -> bool:
        """Whether nobody needs to sign in."""
        return self.allow is Scope.PUBLIC or (isinstance(self.allow, Mapping) and Scope.PUBLIC in self.allow.values())

    @property
    def rate(self) -> tuple[int, int] | None:
        """(calls, seconds) of `limit`, or None."""
        found = _LIMIT.fullmatch(self.limit or "")
        return (int(found[1]), _SECONDS[found[2]]) if found else None

    def admits(self, roles: frozenset[str]) -> bool:
        """Whether one of the roles of a signed-in person is allowed."""
        return True if self.public or isinstance(self.allow, Scope) else not roles.isdisjoint(self.allow)


def policy_of(app: Flask, endpoint: str) -> Policy | None:
    """The policy the endpoint's view carries."""
    return getattr(app.view_functions.get(endpoint), "policy", None)


def check_policies(app: Flask) -> None:
    """Walk the URL map and raise PolicyError with every mistake: the process does not start."""
    mistakes: list[str] = []
    seen: dict[str, Policy] = {}
    for rule in app.url_map.iter_rules():
        found = policy_of(app, rule.endpoint)
        if found is None:
            mistakes.append(f"{rule.rule} ({rule.endpoint}): no policy")
            continue
        if seen.setdefault(found.id, found) is not found:
            mistakes.append(f"{rule.rule}: policy id {found.id} is used twice")
        mistakes += _mistakes(rule, found)
    if mistakes:
        raise PolicyError("\n".join(sorted(set(mistakes))))


def _mistakes(rule: Rule, found: Policy) -> list[str]:
    """What is wrong with one rule's declaration."""
    mistakes = []
    if WRITES & (rule.methods or set()) and not found.csrf and not found.public:
        mistakes.append(f"{rule.rule}: a write by cookie needs csrf=True ({found.id})")
    unnamed = rule.arguments - set(found.values)
    if unnamed and found.object is None:
        mistakes.append(
            f"{rule.rule}: {', '.join(sorted(unnamed))} needs an object loader, "
            f"or values=(...) if it names no object ({found.id})"
        )
    return mistakes
