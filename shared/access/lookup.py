"""Reading who is asking: one indexed SELECT a request, with the grants: a changed right works at once (S-06).

A hot route has what it looks at anyway read along, in the same statement and so of the same snapshot.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared import clock
from shared.access.models import Account, AccountGrant, BoundAccount
from shared.db import Database, Instant
from shared.roles import Grant, Principal


class SignedIn(NamedTuple):
    """A principal and, for a browser session, when it was last seen."""

    principal: Principal
    last_seen_at: dt.datetime | None = None
    along: tuple[Any, ...] | None = None


class Along(NamedTuple):
    """What is read in the same statement as who asks: columns and a join of text SQL (of our own, never of a request), and
    their parameters. The names a, s, g and the parameter `secret_digest` are taken."""

    columns: str
    join: str
    parameters: Mapping[str, Any]


def digest(secret: str) -> str:
    """SHA-256 hex of a secret: what the tables hold. Secrets have >= 128 random bits, so no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


_TEXT = """
SELECT a.id, a.person_id, s.expires_at, {more},
  (SELECT {grants}(g.role, g.scope)) FROM "grant" g WHERE g.account_id = a.id){columns}
FROM {table} s JOIN account a ON a.id = s.account_id {join}
WHERE s.secret_sha256 = :secret_digest AND s.ended_at IS NULL AND a.disabled_at IS NULL
"""
_TABLES = {
    "session": {"table": '"session"', "more": "s.id, s.last_seen_at, s.idle_seconds"},
    "token": {"table": '"token"', "more": "NULL, NULL, NULL"},
}
_GRANTS = {"sqlite": "json_group_array(json_array", "postgresql": "json_agg(json_build_array"}
_COLUMNS = 7
"""Those of the sign-in itself."""


@functools.lru_cache(maxsize=16)
def statement(dialect: str, via: str, columns: str = "", join: str = "") -> str:
    """Who a secret's digest belongs to, and what is read along."""
    return _TEXT.format(**_TABLES[via], grants=_GRANTS[dialect], columns=f", {columns}" if columns else "", join=join)


def signed_in(db: Database, secret: str, via: str, along: Along | None = None) -> SignedIn | None:
    """Who the secret of a "session" or a "token" belongs to; None when unknown, ended, expired, idle or disabled."""
    if along is None:
        return _known(db.rows(statement(db.dialect, via), {"secret_digest": digest(secret)}), via)
    text = statement(db.dialect, via, along.columns, along.join)
    return _known(db.rows(text, {**along.parameters, "secret_digest": digest(secret)}), via)


def _known(rows: Sequence[Sequence[Any]], via: str) -> SignedIn | None:
    if not rows:
        return None
    now, row = clock.now(), rows[0]
    account_id, person_id, expires_at, session_id, last_seen_at, idle_seconds, held = row[:_COLUMNS]
    seen, expires = Instant.read(last_seen_at), Instant.read(expires_at)
    if expires is None or expires <= now or (seen and now - seen > dt.timedelta(seconds=idle_seconds)):
        return None
    found = json.loads(held) if isinstance(held, str) else held or []
    grants = tuple(Grant(role, scope) for role, scope in sorted(found, key=lambda grant: (grant[0], grant[1] or "")))
    return SignedIn(Principal(account_id, person_id, grants, via, session_id), seen, tuple(row[_COLUMNS:]) or None)


def principal_for_session(session: Session, secret: str) -> Principal | None:
    """The principal of a session cookie, or None."""
    return _principal(session, secret, "session")


def principal_for_token(session: Session, secret: str) -> Principal | None:
    """The principal of a bearer token, or None."""
    return _principal(session, secret, "token")


def _principal(session: Session, secret: str, via: str) -> Principal | None:
    text = statement(session.get_bind().dialect.name, via)
    rows = session.execute(sa.text(text), {"secret_digest": digest(secret)}).all()
    found = _known(rows, via)
    return found.principal if found else None


def account_by_phone(session: Session, phone: str) -> Account | None:
    """The account that signs in with this phone number."""
    return session.scalar(sa.select(Account).where(Account.phone == phone))


def account_by_person(session: Session, person_id: str) -> Account | None:
    """The account of a person."""
    return session.scalar(sa.select(Account).where(Account.person_id == person_id))


def bound_account(session: Session, binding_id: str) -> tuple[str, str, str] | None:
    """(person, platform, account there) of a binding that has not ended; None without a person."""
    row = session.execute(
        sa.select(Account.person_id, BoundAccount.platform, BoundAccount.external_id)
        .join(Account, Account.id == BoundAccount.account_id)
        .where(BoundAccount.id == binding_id, BoundAccount.ended_at.is_(None))
    ).first()
    return (row[0], row[1], row[2]) if row and row[0] else None


def grants(session: Session, account_id: str) -> tuple[Grant, ...]:
    """The account's roles and scopes, ordered."""
    rows = session.execute(
        sa.select(AccountGrant.role, AccountGrant.scope)
        .where(AccountGrant.account_id == account_id)
        .order_by(AccountGrant.role, AccountGrant.scope)
    )
    return tuple(Grant(role, scope) for role, scope in rows)


def holders(session: Session, role: str, scope: str) -> frozenset[str]:
    """Ids of the persons who hold a role over an organisation with an account that is not disabled."""
    query = sa.select(Account.person_id).join(AccountGrant, AccountGrant.account_id == Account.id).where(
        AccountGrant.role == role, AccountGrant.scope == scope, Account.disabled_at.is_(None), Account.person_id.is_not(None)
    )  # fmt: skip
    return frozenset(person for person in session.scalars(query) if person)
