"""Accounts follow the roster; passwords are set by their owner or by an operator."""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy.orm import Session

from services.identity import passwords, store
from services.identity.domain.password import normal_phone, weakness
from shared import clock
from shared.access import lookup
from shared.access import store as access
from shared.access.models import Account
from shared.directory.models import Person
from shared.problems import NotFound, Problem
from shared.roles import ROLES, Grant
from shared.service import Runtime

log = logging.getLogger("zhudian.identity")


class PasswordWeak(Problem):
    """Too short, too long, too common, or the phone number; `reason` says which."""

    status, slug, title = 422, "password-weak", "密码不合要求:{reason}"


def checked_password(password: str, phone: str) -> str:
    """The password itself when it may be used. Raises PasswordWeak."""
    reason = weakness(password, phone, passwords.common())
    if reason:
        raise PasswordWeak("the password may not be used", reason=reason)
    return password


def set_password(rt: Runtime, person_id: str, password: str) -> None:
    """Set a person's password, making the account when the roster's message has not been worked yet.

    Ends every session and token of the account. Raises NotFound for an unknown person, PasswordWeak.
    """
    with rt.db.transaction() as session:
        sync(session, {person_id})
        account = lookup.account_by_person(session, person_id)
        if account is None:
            raise NotFound("no such person")
        account_id, number = account.id, account.phone
    _store(rt, account_id, number, password)


def set_password_by_phone(rt: Runtime, phone: str, password: str) -> None:
    """The same for the account that signs in with this phone number. Raises NotFound, PasswordWeak."""
    _store(rt, account_of(rt, phone), normal_phone(phone), password)


def account_of(rt: Runtime, phone: str) -> str:
    """The id of the account that signs in with this phone number. Raises NotFound."""
    with rt.db.read() as session:
        account = lookup.account_by_phone(session, normal_phone(phone))
        if account is None:
            raise NotFound("no account with this phone number")
        return account.id


def disable(rt: Runtime, phone: str, *, disabled: bool = True) -> None:
    """Close (or open again) an account; its sessions and tokens end with the next request. Raises NotFound."""
    account_id = account_of(rt, phone)
    with rt.db.transaction() as session:
        access.set_disabled(session, account_id, clock.now() if disabled else None)
        if disabled:
            access.end_everything(session, account_id)


def sync_accounts(rt: Runtime, session: Session, payload: dict[str, Any], _prepared: object) -> None:
    """Job of PeopleImported: create or change accounts and grants of the people named; never touches a password."""
    sync(session, set(payload["person_ids"]))


def sync(session: Session, person_ids: set[str]) -> None:
    """Bring the accounts of these people to what the directory says now: phone, roles, scope. Idempotent.

    Numbers may have been swapped between people, so those who hold one now are looked at too, and every number that
    moves is laid down before any is taken up (the column is unique).
    """
    people = {row.id: row for row in store.people(session, person_ids)}
    holders = store.accounts_touching(session, set(people), {normal_phone(row.phone) for row in people.values()})
    others = {account.person_id for account in holders if account.person_id and account.person_id not in people}
    people |= {row.id: row for row in store.people(session, others)}
    accounts = {account.person_id: account for account in store.accounts_touching(session, set(people), set())}
    for account in accounts.values():
        if account.phone != normal_phone(people[account.person_id or ""].phone):
            account.phone = f"~{account.id[:31]}"
    session.flush()
    for row in people.values():
        phone = normal_phone(row.phone)
        account = accounts.get(row.id) or access.add_account(session, row.id, phone)
        account.phone = phone
        session.flush()
        _grant(session, account, row)


def _grant(session: Session, account: Account, row: Person) -> None:
    """Roles of the roster over the person's scope, the own organisation when none is named."""
    scope = row.scope_organisation_id or row.organisation_id
    unknown = set(row.roles) - set(ROLES)
    if unknown:
        log.error("person %s: unknown roles %s", row.id, ", ".join(sorted(unknown)))
    try:
        access.set_grants(session, account.id, [Grant(role, scope) for role in row.roles if role in ROLES])
    except access.TwoAdministrations:
        log.error("person %s: two administrations are never held by one account; grants unchanged", row.id)


def _store(rt: Runtime, account_id: str, phone: str, password: str) -> None:
    stored = passwords.hashed(checked_password(password, phone))
    with rt.db.transaction() as session:
        access.end_everything(session, account_id)
        access.store_password(session, account_id, stored, clock.now())
