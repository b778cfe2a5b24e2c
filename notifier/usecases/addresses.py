"""Where people can be reached: bound accounts, what an operator enters, and what platforms say about them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from notifier.domain.delivery import ADDRESS_OF
from notifier.store import addresses
from shared import clock
from shared.access import lookup as access
from shared.problems import NotFound
from shared.service import Runtime

KINDS = tuple(dict.fromkeys(ADDRESS_OF.values()))


def bound(session: Session, binding_id: str) -> None:
    """An account was bound: from now on its person is reached there. A binding that ended meanwhile changes nothing."""
    found = access.bound_account(session, binding_id)
    if found is not None:
        addresses.put(session, *found, clock.now())


def enter(rt: Runtime, phone: str, kind: str, external_id: str) -> None:
    """What an operator knows: a userid, a mail address, the console. Raises NotFound for an unknown phone number."""
    with rt.db.transaction() as session:
        account = access.account_by_phone(session, phone)
        if account is None or account.person_id is None:
            raise NotFound("no account with this phone number")
        addresses.put(session, account.person_id, kind, external_id, clock.now())
