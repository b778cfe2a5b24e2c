"""One-time links: made for an account, opened once to set its password (S-14: 128 bit, single use, 72 h)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.identity import passwords, store
from services.identity.domain.password import normal_phone
from services.identity.usecases.accounts import checked_password
from services.identity.usecases.sign_in import Opened
from shared import clock
from shared.access import lookup
from shared.access import store as access
from shared.problems import NotFound, Problem
from shared.roles import Principal
from shared.service import Runtime


class InvitationOver(Problem):
    """Unknown, used or expired: one answer for all."""

    status, slug, title = 404, "invitation-over", "邀请链接已失效,请联系医务科重新发送"


@dataclass(frozen=True)
class Invited:
    """Whom an open link is for."""

    name: str
    hospital: str


def invite(rt: Runtime, phone: str) -> str:
    """A new link for the account of this phone number; earlier links stop working. Raises NotFound."""
    with rt.db.transaction() as session:
        account = lookup.account_by_phone(session, normal_phone(phone))
        if account is None or account.disabled_at is not None:
            raise NotFound("no open account with this phone number")
        secret = access.open_invitation(session, account.id)
    return f"{rt.settings.public_base_url}/i/{secret}"


def invited(session: Session, _who: Principal | None, invitation: str) -> Invited:
    """Whom the link is for; the link itself is the credential. Raises InvitationOver."""
    found = store.open_invitation(session, invitation)
    if found is None:
        raise InvitationOver("unknown, used or expired")
    return Invited(found[2], found[3])


def accept(rt: Runtime, secret: str, password: str) -> Opened:
    """Set the password and sign in; the link is used up. Raises InvitationOver, PasswordWeak (the link stays open)."""
    with rt.db.read() as session:
        found = store.open_invitation(session, secret)
        if found is None:
            raise InvitationOver("unknown, used or expired")
        invitation_id, account_id, phone = found[0].id, found[1].id, found[1].phone
    stored = passwords.hashed(checked_password(password, phone))
    with rt.db.transaction() as session:
        if not store.use_invitation(session, invitation_id):
            raise InvitationOver("used by another request")
        access.end_everything(session, account_id)
        access.store_password(session, account_id, stored, clock.now())
        opened = access.open_session(session, account_id)
        session.flush()
        principal = lookup.principal_for_session(session, opened)
    if principal is None:
        raise InvitationOver("the account was disabled")
    return Opened(opened, principal)
