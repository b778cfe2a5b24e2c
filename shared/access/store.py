"""Writing accounts, grants, sessions, tokens and invitations. Called by services/identity; `touch` by shared.http."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared import clock
from shared.access.lookup import digest, grants
from shared.access.models import Account, AccountGrant, Invitation, SignInSession, Token
from shared.ids import new_id
from shared.roles import ADMINISTRATION, Grant

PHONE_ROLES = frozenset({"doctor", "team_leader", "witness"})
"""Roles whose sessions live long on their own phone; every other role makes the session a staff session (S-12)."""

LIFETIMES = {
    True: (dt.timedelta(days=30), dt.timedelta(days=90)),
    False: (dt.timedelta(minutes=30), dt.timedelta(hours=12)),
}
"""(idle, absolute) of a session: on a physician's phone, and of staff."""

TOKEN_LIFETIME = dt.timedelta(hours=12)
INVITATION_LIFETIME = dt.timedelta(hours=72)


class TwoAdministrations(ValueError):
    """One account would hold two of system_admin, security_admin, audit_admin (S-07)."""


def add_account(session: Session, person_id: str | None, phone: str) -> Account:
    """A new account without password and without grants."""
    account = Account(id=new_id(), person_id=person_id, phone=phone, created_at=clock.now())
    session.add(account)
    session.flush()
    return account


def set_grants(session: Session, account_id: str, wanted: Iterable[Grant]) -> bool:
    """Make the account's grants exactly `wanted`; True when something changed. Raises TwoAdministrations."""
    new = set(wanted)
    if len(ADMINISTRATION & {grant.role for grant in new}) > 1:
        raise TwoAdministrations(account_id)
    old = set(grants(session, account_id))
    for grant in old - new:
        scope = AccountGrant.scope.is_(None) if grant.scope is None else AccountGrant.scope == grant.scope
        session.execute(
            sa.delete(AccountGrant).where(AccountGrant.account_id == account_id, AccountGrant.role == grant.role, scope)
        )
    for grant in sorted(new - old, key=lambda g: (g.role, g.scope or "")):
        session.add(
            AccountGrant(id=new_id(), account_id=account_id, role=grant.role, scope=grant.scope, granted_at=clock.now())
        )
    session.flush()
    return new != old


def open_session(session: Session, account_id: str) -> str:
    """A new browser session; gives its secret (256 bit), which is stored nowhere."""
    secret, now = secrets.token_urlsafe(32), clock.now()
    on_phone = {grant.role for grant in grants(session, account_id)} <= PHONE_ROLES
    idle, absolute = LIFETIMES[on_phone]
    session.add(
        SignInSession(
            id=new_id(),
            account_id=account_id,
            secret_sha256=digest(secret),
            created_at=now,
            last_seen_at=now,
            idle_seconds=int(idle.total_seconds()),
            expires_at=now + absolute,
        )
    )
    return secret


def open_token(session: Session, account_id: str) -> tuple[str, dt.datetime]:
    """A new bearer token and when it expires."""
    secret, now = secrets.token_urlsafe(32), clock.now()
    expires = now + TOKEN_LIFETIME
    session.add(
        Token(id=new_id(), account_id=account_id, secret_sha256=digest(secret), created_at=now, expires_at=expires)
    )
    return secret, expires


def open_invitation(session: Session, account_id: str) -> str:
    """A new one-time link's secret (128 bit, 72 h); earlier unused links of the account stop working."""
    secret, now = secrets.token_urlsafe(16), clock.now()
    session.execute(
        sa.update(Invitation)
        .where(Invitation.account_id == account_id, Invitation.used_at.is_(None), Invitation.expires_at > now)
        .values(expires_at=now)
    )
    session.add(
        Invitation(
            id=new_id(),
            account_id=account_id,
            secret_sha256=digest(secret),
            created_at=now,
            expires_at=now + INVITATION_LIFETIME,
        )
    )
    return secret


def touch(session: Session, session_id: str) -> None:
    """The browser session was used now."""
    session.execute(sa.update(SignInSession).where(SignInSession.id == session_id).values(last_seen_at=clock.now()))


def end_session(session: Session, session_id: str) -> None:
    """Sign out one browser session."""
    session.execute(
        sa.update(SignInSession)
        .where(SignInSession.id == session_id, SignInSession.ended_at.is_(None))
        .values(ended_at=clock.now())
    )


def end_everything(session: Session, account_id: str) -> None:
    """End every session and token of the account: its password changed or it was disabled (S-06)."""
    for table in (SignInSession, Token):
        session.execute(
            sa.update(table)
            .where(table.account_id == account_id, table.ended_at.is_(None))
            .values(ended_at=clock.now())
        )


def end_token(session: Session, token_id: str) -> None:
    """End one bearer token."""
    session.execute(sa.update(Token).where(Token.id == token_id, Token.ended_at.is_(None)).values(ended_at=clock.now()))


def store_password(session: Session, account_id: str, password_hash: str, at: dt.datetime) -> None:
    """Replace the account's password hash."""
    session.execute(
        sa.update(Account).where(Account.id == account_id).values(password_hash=password_hash, password_set_at=at)
    )


def set_disabled(session: Session, account_id: str, at: dt.datetime | None) -> None:
    """Disable the account from this instant, or enable it again (None)."""
    session.execute(sa.update(Account).where(Account.id == account_id).values(disabled_at=at))
