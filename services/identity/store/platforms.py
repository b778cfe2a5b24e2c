"""States of sign-ins through a platform, and the accounts bound to one."""

from __future__ import annotations

import datetime as dt
import secrets

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared import clock
from shared.access.lookup import digest
from shared.access.models import BoundAccount, SignInState
from shared.ids import new_id

LIFETIME = dt.timedelta(minutes=10)
KEPT = dt.timedelta(days=7)


def open_state(
    session: Session, platform: str, goes_to: str, *, external_id: str | None = None, again: bool = False
) -> str:  # fmt: skip
    """A new one-time secret of 32 characters; states long over go."""
    secret, now = secrets.token_hex(16), clock.now()
    session.execute(sa.delete(SignInState).where(SignInState.expires_at < now - KEPT))
    session.add(SignInState(
        secret_sha256=digest(secret), platform=platform, goes_to=goes_to[:400], external_id=external_id, wrong=int(again),
        expires_at=now + LIFETIME, used_at=None,
    ))  # fmt: skip
    session.flush()
    return secret


def use_state(session: Session, platform: str, secret: str) -> tuple[SignInState | None, bool]:
    """The living state of a redirect, and whether this is its first use."""
    row = session.get(SignInState, digest(secret), with_for_update=True)
    if row is None or row.platform != platform or row.external_id is not None or row.expires_at < clock.now():
        return None, False
    first, row.used_at = row.used_at is None, row.used_at or clock.now()
    return row, first


def pending(session: Session, secret: str, *, lock: bool = False) -> SignInState | None:
    """The account of a platform that waits to be bound under this secret."""
    row = session.get(SignInState, digest(secret), with_for_update=lock)
    living = row is not None and row.external_id is not None and row.used_at is None and row.expires_at > clock.now()
    return row if living else None


def binding(session: Session, platform: str, external_id: str) -> BoundAccount | None:
    """The binding of an account of a platform."""
    mine = sa.and_(BoundAccount.platform == platform, BoundAccount.external_id == external_id, BoundAccount.ended_at.is_(None))
    return session.scalars(sa.select(BoundAccount).where(mine)).first()


def bind(session: Session, account_id: str, platform: str, external_id: str) -> str:
    """Bind them, ending what either was bound to before; gives the new binding's id."""
    now = clock.now()
    either = sa.or_(BoundAccount.account_id == account_id, BoundAccount.external_id == external_id)
    session.execute(
        sa.update(BoundAccount)
        .where(BoundAccount.platform == platform, BoundAccount.ended_at.is_(None), either)
        .values(ended_at=now)
    )
    row = BoundAccount(id=new_id(), account_id=account_id, platform=platform, external_id=external_id, bound_at=now, ended_at=None)
    session.add(row)
    session.flush()
    return row.id
