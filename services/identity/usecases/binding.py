"""PH-02: an account of WeChat or WeCom is tied to the roster by a one-time invitation, and to one person only."""

from __future__ import annotations

from sqlalchemy.orm import Session

from services.identity import store as people
from services.identity.store import platforms as store
from services.identity.usecases.invitations import InvitationOver, Invited
from services.identity.usecases.platforms import LABELS
from services.identity.usecases.sign_in import Opened, opened_session
from shared import clock, outbox
from shared.access.models import SignInState
from shared.events import AccountBound
from shared.problems import Problem
from shared.service import Runtime

MOST_WRONG = 3


class BindingOver(Problem):
    """Ten minutes are over, it was done, or too many invitations were none."""

    status, slug, title = 409, "binding-over", "绑定已超时或已完成,请从头打开一次;邀请码请向医务科要"


def asked(rt: Runtime, secret: str) -> str:
    """The name of the platform whose account waits to be bound. Raises BindingOver."""
    with rt.db.read() as session:
        return LABELS[_pending(session, secret).platform].removesuffix("登录")


def _pending(session: Session, secret: str, *, lock: bool = False) -> SignInState:
    row = store.pending(session, secret, lock=lock)
    if row is None:
        raise BindingOver("nothing waits to be bound")
    return row


def code_of(text: str) -> str:
    """The invitation in what was typed or pasted: the code itself, or the whole link."""
    return text.strip().rstrip("/").rpartition("/")[2]


def whose(rt: Runtime, secret: str, code: str) -> Invited:
    """Whom the invitation is for. A wrong one is counted. Raises InvitationOver, BindingOver."""
    with rt.db.transaction() as session:
        row = _pending(session, secret, lock=True)
        found = people.open_invitation(session, code)
        if found is not None:
            return Invited(found[2], found[3])
        _count(row)
    raise InvitationOver("unknown, used or expired")


def _count(row: SignInState) -> None:
    row.wrong += 1
    if row.wrong >= MOST_WRONG:
        row.used_at = clock.now()


def bind(rt: Runtime, secret: str, code: str) -> tuple[Opened, str]:
    """Bind and sign in; gives the session and where to go. A wrong invitation is counted. Raises BindingOver, InvitationOver."""
    with rt.db.transaction() as session:
        row = _pending(session, secret, lock=True)
        found = people.open_invitation(session, code)
        if found is not None and people.use_invitation(session, found[0].id):
            row.used_at = clock.now()
            binding = store.bind(session, found[1].id, row.platform, row.external_id or "")
            outbox.put(session, AccountBound(binding))
            return opened_session(session, found[1].id), row.goes_to
        _count(row)
    raise InvitationOver("unknown, used or expired")
