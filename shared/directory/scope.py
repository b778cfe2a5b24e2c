"""Which offices stand over a posting, and in which role a person acts on it. Ownership is decided here, once."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from shared.directory import lookup
from shared.directory.models import Posting
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
