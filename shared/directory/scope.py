"""Which offices stand over a posting, and in which role a person acts on it. Ownership is decided here, once."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.directory import lookup
from shared.directory.models import Posting
from shared.problems import NotFound
from shared.roles import ROLES, Principal


def offices_over(session: Session, posting: Posting) -> dict[str, str | None]:
    """Role -> id of the organisation that has this role over the posting, by rising approval level; those that approve
    nothing come first."""
    recipient = lookup.organisation(session, posting.recipient_id)
    return {
        "witness": posting.recipient_id, "quality_office": posting.supporter_id,
        "recipient_admin": posting.recipient_id, "supporter_admin": posting.supporter_id,
        "county_officer": recipient.county_id, "city_officer": recipient.city_id,
        "province_officer": recipient.province_id,
    }  # fmt: skip


def role_over(session: Session, who: Principal, posting: Posting, roles: Iterable[str] | None = None) -> str | None:
    """The highest of these roles (default: all that approve) that the person holds over the posting, or None."""
    over = offices_over(session, posting)
    wanted = [role for role in over if (ROLES[role].level is not None if roles is None else role in set(roles))]
    held = [role for role in wanted if over[role] in who.scopes(role)]
    return held[-1] if held else None


def posting_under(session: Session, who: Principal, posting_id: str) -> Posting:
    """The posting over which the person holds an office that approves. Raises NotFound."""
    posting = session.get(Posting, posting_id) if len(posting_id) <= 36 else None
    if posting is None or role_over(session, who, posting) is None:
        raise NotFound(f"no posting {posting_id[:40]} in scope")
    return posting


def supervised(session: Session, who: Principal) -> list[str]:
    """Ids of the postings the principal supervises: of his hospital, his supporter's, or his area."""
    where = sa.or_(
        Posting.recipient_id.in_(who.scopes("recipient_admin", "witness")),
        Posting.supporter_id.in_(who.scopes(*lookup.SUPPORTER_ROLES)),
    )
    areas = [grant for grant in who.grants if grant.role in lookup.AUTHORITY_ROLES]
    if areas:
        only = Principal(who.account_id, who.person_id, tuple(areas))
        where = sa.or_(where, Posting.recipient_id.in_(lookup.recipients_visible(session, only)))
    return list(session.scalars(sa.select(Posting.id).where(where)))
