"""Reading who is asking: one indexed SELECT a request, joined with the grants: a changed right works at once (S-06)."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared import clock
from shared.access.models import Account, AccountGrant, SignInSession, Token
from shared.roles import Grant, Principal


@dataclass(frozen=True)
class SignedIn:
    """A principal and, for a browser session, when it was last seen."""

    principal: Principal
    last_seen_at: dt.datetime | None = None


def digest(secret: str) -> str:
    """SHA-256 hex of a secret: what the tables hold. Secrets have >= 128 random bits, so no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


_GRANTS = (Account.id, Account.person_id, AccountGrant.role, AccountGrant.scope)
_BY_SESSION = (
    sa.select(*_GRANTS, SignInSession.id, SignInSession.last_seen_at, SignInSession.idle_seconds)
    .join(Account, Account.id == SignInSession.account_id)
    .outerjoin(AccountGrant, AccountGrant.account_id == Account.id)
    .where(SignInSession.secret_sha256 == sa.bindparam("digest"), SignInSession.expires_at > sa.bindparam("now"))
    .where(SignInSession.ended_at.is_(None), Account.disabled_at.is_(None))
    .order_by(AccountGrant.role, AccountGrant.scope)
)
_BY_TOKEN = (
    sa.select(*_GRANTS, Token.id)
    .join(Account, Account.id == Token.account_id)
    .outerjoin(AccountGrant, AccountGrant.account_id == Account.id)
    .where(Token.secret_sha256 == sa.bindparam("digest"), Token.expires_at > sa.bindparam("now"))
    .where(Token.ended_at.is_(None), Account.disabled_at.is_(None))
    .order_by(AccountGrant.role, AccountGrant.scope)
)


def signed_in(session: Session, secret: str, via: str) -> SignedIn | None:
    """Who the secret of a "session" or a "token" belongs to; None when unknown, ended, expired, idle or disabled."""
    now = clock.now()
    statement = _BY_SESSION if via == "session" else _BY_TOKEN
    rows = session.connection().execute(statement, {"digest": digest(secret), "now": now}).all()
    if not rows:
        return None
    first = rows[0]
    if via == "session" and now - first[5] > dt.timedelta(seconds=first[6]):
        return None
    grants = tuple(Grant(row[2], row[3]) for row in rows if row[2] is not None)
    return SignedIn(Principal(first[0], first[1], grants, via, first[4]), first[5] if via == "session" else None)


def principal_for_session(session: Session, secret: str) -> Principal | None:
    """The principal of a session cookie, or None."""
    found = signed_in(session, secret, "session")
    return found.principal if found else None


def principal_for_token(session: Session, secret: str) -> Principal | None:
    """The principal of a bearer token, or None."""
    found = signed_in(session, secret, "token")
    return found.principal if found else None


def account_by_phone(session: Session, phone: str) -> Account | None:
    """The account that signs in with this phone number."""
    return session.scalar(sa.select(Account).where(Account.phone == phone))


def account_by_person(session: Session, person_id: str) -> Account | None:
    """The account of a person."""
    return session.scalar(sa.select(Account).where(Account.person_id == person_id))


def grants(session: Session, account_id: str) -> tuple[Grant, ...]:
    """The account's roles and scopes, ordered."""
    rows = session.execute(
        sa.select(AccountGrant.role, AccountGrant.scope)
        .where(AccountGrant.account_id == account_id)
        .order_by(AccountGrant.role, AccountGrant.scope)
    )
    return tuple(Grant(role, scope) for role, scope in rows)
