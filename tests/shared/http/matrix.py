"""The generator of the matrix: every route x method x caller x object, and what the declaration says must come of it."""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from shared.db import Base
from shared.http.policy import WRITES, Policy, Scope, policy_of
from shared.service import Runtime
from tests.shared.http.realm import CALLERS, Caller, Realm, Target, key
from tests.shared.http.record_cases import CASES
from tests.shared.http.world import ENDS_ITS_TOKEN, Case, _made

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
REFUSED_BY_DOMAIN = {400, 409, 413, 415, 422, 429}
"""Statuses with which an allowed request may still be refused by what it asks for."""

ENDED_OR_DENIED = {"audit_row", "attendance_refused"}
"""Tables a denial may write: the audit, and the record of a refused scan."""


@dataclass(frozen=True)
class Cell:
    """One request of the matrix."""

    rule: Rule
    method: str
    policy: Policy
    case: Case
    caller: Caller
    target: Target

    @property
    def rights(self) -> Mapping[str, Scope] | None:
        """{role: scope} that decides; None = public."""
        allow = self.case.rights or self.policy.allow
        if allow is Scope.PUBLIC or (isinstance(allow, Mapping) and Scope.PUBLIC in allow.values()):
            return None
        return {role: allow for role, _ in self.caller.grants} if isinstance(allow, Scope) else allow

    @property
    def expected(self) -> str:
        """allowed, sign-in, forbidden or absent: written from the declaration and the table of scopes, not from code."""
        rights = self.rights
        if rights is None:
            return "allowed" if self.target.exists else "absent"
        if not self.caller.known:
            return "sign-in"
        held = [(rights[role], scope) for role, scope in self.caller.grants if role in rights]
        if not held:
            return "forbidden"
        reached = any(reaches(scope, self.caller, over, self.target) for scope, over in held)
        return "allowed" if self.target.exists and reached else "absent"


def reaches(scope: Scope, caller: Caller, held: str, target: Target) -> bool:
    """Whether a role held over `held` (a label) reaches the target under this scope (security.md §3.1)."""
    if target.label == "-":
        return True
    me = key(caller.label)
    return {
        Scope.SELF: target.person == me or target.mine_of(caller.label),
        Scope.OWN_TEAM: target.team_of(caller.label),
        Scope.OWN_CLINIC: held == target.recipient,
        Scope.OWN_ORG: held in (target.recipient, target.supporter),
        Scope.OWN_PAIR: held == target.supporter,
        Scope.OWN_COUNTY: held in target.areas,
        Scope.OWN_AREA: held in target.areas,
        Scope.ANY: True,
        Scope.PUBLIC: True,
    }[scope]


def cells(app: Flask) -> Iterator[Cell]:
    """Every cell of the application. Fails with the name of a route that the table of world.py does not know."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        found = policy_of(app, rule.endpoint)
        assert found is not None, f"{rule.rule} has no policy"
        assert found.id in CASES, f"{rule.rule} ({found.id}): tests/shared/http/world.py says no object for this policy"
        case = CASES[found.id]
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            for target in case.targets:
                for caller in CALLERS:
                    yield Cell(rule, method, found, case, caller, target)


def send(client: FlaskClient, realm: Realm, cell: Cell) -> TestResponse:
    """Make the request of a cell."""
    headers = visit(realm)
    if cell.caller.grants:
        fresh = cell.policy.id in ENDS_ITS_TOKEN and not cell.caller.disabled
        token = realm.open_token(cell.caller) if fresh else realm.tokens[cell.caller.label]
        headers["Authorization"] = f"Bearer {token}"
    asked = cell.case.request(cell.caller, replace(cell.target, value=_made(cell.target.value, realm.made)))
    path = cell.case.path(cell.rule, cell.target, realm.made)
    client = browser(client.application)  # a sign-in of one cell must not sign in the next
    return client.open(path, method=cell.method, headers={**headers, **asked.pop("headers", {})}, **asked)


def browser(app: Flask) -> FlaskClient:
    """A browser that opened a form before sign-in; `visit` is the CSRF value of that form."""
    client = app.test_client()
    client.set_cookie("zd_visit", "matrix")
    return client


def visit(realm: Realm) -> dict[str, str]:
    """The CSRF value of `browser`, as header."""
    return {"X-CSRF-Token": hmac.new(realm.rt.keys.csrf, b"visit:matrix", hashlib.sha256).hexdigest()}


def verdict(cell: Cell, answer: TestResponse) -> str:
    """What came of it, in the words of `Cell.expected`; anything else by its status and slug."""
    status = answer.status_code
    slug = (answer.get_json(silent=True) or {}).get("slug", "") if answer.is_json else ""
    if status == 401 or (status in (303, 307) and (answer.location or "").startswith("/login?")):
        return "sign-in"
    if status == 403 and (slug == "forbidden" or "您没有这项权限" in answer.get_data(as_text=True)):
        return "forbidden"
    if status == 404 or (status in (400, 422) and cell.target.label == "malformed"):
        return "absent"
    if status < 400 or status in REFUSED_BY_DOMAIN:
        return "allowed"
    return f"{status} {slug}"


def counted(rt: Runtime) -> dict[str, int]:
    """Rows of every table but those a denial may write."""
    tables = sorted(set(Base.metadata.tables) - ENDED_OR_DENIED)
    union = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM \"{name}\"" for name in tables)
    with rt.db.read() as session:
        return dict(session.execute(sa.text(union)).all())


def undeclared(app: Flask) -> Iterator[tuple[str, str, set[str]]]:
    """(address, method, declared methods) for each method an address does not take."""
    adapter = app.url_map.bind("localhost")
    for address in sorted({re.sub(r"<[^>]*>", "x", rule.rule) for rule in app.url_map.iter_rules()}):
        declared = set(adapter.allowed_methods(address))
        yield from ((address, method, declared) for method in METHODS if method not in declared)


def is_write(cell: Cell) -> bool:
    """Whether the cell's method may store something."""
    return cell.method in WRITES


def table(answers: list[tuple[Cell, TestResponse, set[str]]]) -> str:
    """The matrix as CSV: a line for each route, method and object, a column for each caller."""
    lines: dict[tuple[str, ...], dict[str, str]] = {}
    for cell, answer, _ in answers:
        line = (cell.policy.id, cell.method, cell.rule.rule, cell.target.label)
        lines.setdefault(line, {})[cell.caller.label] = verdict(cell, answer)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["policy", "method", "rule", "object", *(caller.label for caller in CALLERS)])
    for line, cols in sorted(lines.items()):
        writer.writerow([*line, *(cols[caller.label] for caller in CALLERS)])
    return text.getvalue()
