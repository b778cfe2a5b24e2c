"""Which part of a recipient's month a reader may see (security.md §3.4, reports.month.read)."""

from __future__ import annotations

import re
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.reports import store
from shared.directory.models import Organisation, Pair, Posting
from shared.problems import NotFound
from shared.roles import Principal

AREA_ROLES = ("county_officer", "city_officer", "province_officer", "auditor")
_PERIOD = re.compile(r"(\d{4}-(?:0[1-9]|1[0-2]))(?:\.(html|pdf|docx|xlsx))?")


@dataclass(frozen=True)
class Part:
    """What a reader sees: everything, the postings of some supporters, or the postings of one person."""

    supporters: frozenset[str] | None = None
    person: str | None = None

    @property
    def whole(self) -> bool:
        """Whether it is the whole report."""
        return self.supporters is None and self.person is None

    def holds(self, posting: Posting) -> bool:
        """Whether the posting belongs to the part."""
        if self.person is not None:
            return posting.person_id == self.person
        return self.supporters is None or posting.supporter_id in self.supporters


def split(period: str) -> tuple[str, str | None]:
    """("2026-11", "pdf") of `2026-11.pdf`. Raises NotFound for what is no month or has an unknown suffix."""
    found = _PERIOD.fullmatch(period)
    if found is None:
        raise NotFound(f"no month or format {period}")
    return found[1], found[2]


def part_of(session: Session, who: Principal, recipient: str, month: str) -> Part:
    """The part the principal may read. `month` may carry a suffix. Raises NotFound for a foreign or unknown recipient."""
    name, _ = split(month)
    row = session.get(Organisation, recipient)
    if row is None or row.kind != "recipient":
        raise NotFound(f"no recipient {recipient}")
    above = {row.id, row.county_id, row.city_id, row.province_id}
    if row.id in who.scopes("recipient_admin") or above & who.scopes(*AREA_ROLES):
        return Part()
    paired = sa.select(Pair.supporter_id).where(Pair.recipient_id == row.id)
    if own := who.scopes("supporter_admin", "auditor") & set(session.scalars(paired)):
        return Part(supporters=frozenset(own))
    held = store.postings(session, row.id, name)
    if who.has("doctor") and any(posting.person_id == who.person_id for posting in held):
        return Part(person=who.person_id)
    raise NotFound(f"recipient {recipient} is outside the reader's scope")


def drafted_by(session: Session, who: Principal, recipient: str, month: str) -> Part:
    """The same for who asks for a new draft of the whole report: never a physician. `month` carries no suffix."""
    found = part_of(session, who, recipient, month)
    if found.person is not None or split(month)[1]:
        raise NotFound(f"recipient {recipient} is outside the reader's scope")
    return found


def readable(session: Session, who: Principal) -> sa.ColumnElement[bool]:
    """The condition on postings of which the principal may read at least the own part."""
    area = who.scopes(*AREA_ROLES)
    below = sa.select(Organisation.id).where(
        sa.or_(Organisation.county_id.in_(area), Organisation.city_id.in_(area), Organisation.province_id.in_(area))
    )
    conditions: list[sa.ColumnElement[bool]] = [
        Posting.recipient_id.in_(who.scopes("recipient_admin", "auditor")),
        Posting.supporter_id.in_(who.scopes("supporter_admin", "auditor")),
        Posting.recipient_id.in_(below),
    ]
    if who.has("doctor"):
        conditions.append(Posting.person_id == who.person_id)
    return sa.or_(*conditions)
