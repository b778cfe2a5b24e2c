"""Signing in and out: phone and password, lockout, sessions and tokens."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from services.identity import passwords, store
from services.identity.domain import lock
from services.identity.domain.password import MAX_LENGTH, normal_phone
from shared import clock
from shared.access import lookup
from shared.access import store as access
from shared.directory import lookup as directory
from shared.directory.models import Organisation
from shared.problems import Problem, RateLimited
from shared.roles import ROLES, Principal
from shared.service import Runtime


class SignInFailed(Problem):
    """Unknown phone, wrong password, disabled or not yet invited: one answer for all (S-11)."""

    status, slug, title = 401, "sign-in-failed", "手机号、密码或验证码不对"


class SignInLocked(Problem):
    """Five failures within 15 minutes; also for phone numbers nobody has."""

    status, slug, title = 429, "sign-in-locked", "15 分钟后再试"


@dataclass(frozen=True)
class Opened:
    """A new session or token: its secret, when a token ends, and who it is."""

    secret: str
    principal: Principal
    expires_at: dt.datetime | None = None


def open_session(rt: Runtime, phone: str, password: str, address: str) -> Opened:
    """Check phone and password and open a browser session. Raises SignInFailed, SignInLocked, RateLimited."""
    account_id, subject = _checked(rt, phone, password, address)
    with rt.db.transaction() as session:
        _forget(session, subject)
        return opened_session(session, account_id)


def opened_session(session: Session, account_id: str) -> Opened:
    """A browser session of this account. Raises SignInFailed for a disabled one."""
    secret = access.open_session(session, account_id)
    session.flush()
    return Opened(secret, _known(lookup.principal_for_session(session, secret)))


def open_token(rt: Runtime, phone: str, password: str, address: str) -> Opened:
    """Check phone and password and open a bearer token. Raises SignInFailed, SignInLocked, RateLimited."""
    account_id, subject = _checked(rt, phone, password, address)
    with rt.db.transaction() as session:
        _forget(session, subject)
        secret, expires_at = access.open_token(session, account_id)
        session.flush()
        return Opened(secret, _known(lookup.principal_for_token(session, secret)), expires_at)


def sign_out(rt: Runtime, who: Principal) -> None:
    """End the session or token of this request."""
    with rt.db.transaction() as session:
        access.end_session(session, who.session_id or "")
        access.end_token(session, who.session_id or "")


def describe(rt: Runtime, who: Principal) -> dict[str, Any]:
    """{"person": {id, name, organisation} or None, "roles": [{role, label, scope: {id, name} or None}]}."""
    with rt.db.read() as session:
        found = directory.person(session, who.person_id) if who.person_id else None
        scopes = {grant.scope for grant in who.grants if grant.scope}
        wanted = scopes | ({found.organisation_id} if found else set())
        names = directory.names(session, Organisation, wanted)
        about = found and {"id": found.id, "name": found.name, "organisation": names.get(found.organisation_id, "")}
    roles = [
        {
            "role": grant.role,
            "label": ROLES[grant.role].label,
            "scope": {"id": grant.scope, "name": names.get(grant.scope, "")} if grant.scope else None,
        }
        for grant in who.grants
    ]
    return {"person": about, "roles": roles}


def _checked(rt: Runtime, phone: str, password: str, address: str) -> tuple[str, str]:
    """(account id, subject) of the right phone and password. Counted first, checked second, outside any transaction."""
    number = normal_phone(phone)
    subject = store.subject_of(rt.keys.pepper, "phone", number)
    _count(rt, subject, store.subject_of(rt.keys.pepper, "address", address))
    with rt.db.read() as session:
        account = lookup.account_by_phone(session, number)
        account_id, stored = (account.id, account.password_hash) if account and not account.disabled_at else ("", None)
    if not passwords.matches(stored, password[: MAX_LENGTH + 1]):
        raise SignInFailed("phone and password do not fit")
    return account_id, subject


def _count(rt: Runtime, subject: str, address: str) -> None:
    """Count this try as a failure until it succeeds. Raises SignInLocked or RateLimited without counting.

    The try is committed before the others are counted: side by side, each then sees all the others.
    """
    now = clock.now()
    with rt.db.transaction() as session:
        own = store.add_failure(session, subject, address)
    with rt.db.read() as session:
        wait = lock.locked_for(store.failures(session, subject, own, now - lock.REMEMBERED, lock.FAILURES), now)
        crowded = store.failures_from(session, address, now - lock.WINDOW) > lock.ADDRESS_FAILURES
    if wait or crowded:
        with rt.db.transaction() as session:
            store.drop_failure(session, own)
    if wait:
        raise SignInLocked("too many failures", headers={"Retry-After": str(wait)})
    if crowded:
        raise RateLimited("too many failures from this address", n=60, headers={"Retry-After": "60"})


def _forget(session: Session, subject: str) -> None:
    store.forget_failures(session, subject, clock.now() - lock.REMEMBERED)


def _known(principal: Principal | None) -> Principal:
    """The account may have been disabled between check and session."""
    if principal is None:
        raise SignInFailed("the account was disabled")
    return principal
