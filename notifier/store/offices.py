"""Who holds which office, and which offices stand around a subject: read once, asked many times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.access.models import Account, AccountGrant
from shared.directory.models import Organisation, Pair, Posting
from shared.roles import ROLES

AREAS = ("county", "city", "province")


class Holders:
    """(role, organisation) -> the persons who hold it with an account that is not disabled."""

    def __init__(self, session: Session) -> None:
        query = sa.select(AccountGrant.role, AccountGrant.scope, Account.person_id).join(Account, Account.id == AccountGrant.account_id)
        self._found: dict[tuple[str, str | None], list[str]] = {}
        office = AccountGrant.role.in_([name for name in ROLES if name not in ("doctor", "kiosk")])
        for role, scope, person in session.execute(query.where(Account.disabled_at.is_(None), Account.person_id.is_not(None), office)):
            self._found.setdefault((role, scope), []).append(str(person))

    def __call__(self, role: str, scope: str | None) -> Sequence[str]:
        """The persons, ordered."""
        return sorted(self._found.get((role, scope), ()))

    def roles_of(self) -> Mapping[str, frozenset[str]]:
        """Person -> every role held."""
        roles: dict[str, set[str]] = {}
        for (role, _), people in self._found.items():
            for person in people:
                roles.setdefault(person, set()).add(role)
        return {person: frozenset(held) for person, held in roles.items()}


class Offices:
    """The organisation that has each role over a pair of hospitals or an authority."""

    def __init__(self, session: Session) -> None:
        columns = (Organisation.id, Organisation.kind, Organisation.county_id, Organisation.city_id, Organisation.province_id)
        self._places = {row.id: row for row in session.execute(sa.select(*columns))}
        self._pairs = {row.id: row for row in session.execute(sa.select(Pair.id, Pair.supporter_id, Pair.recipient_id).order_by(Pair.id))}

    def between(self, supporter_id: str | None, recipient_id: str | None) -> dict[str, str | None]:
        """Role -> organisation for one supporter and one recipient; either may be missing."""
        place = self._places.get(recipient_id or supporter_id or "")
        above = {f"{kind}_officer": getattr(place, f"{kind}_id", None) for kind in AREAS}
        if place is not None and place.kind in AREAS:
            above[f"{place.kind}_officer"] = place.id
        mine = dict.fromkeys(("supporter_admin", "quality_office", "hr_officer"), supporter_id)
        return {"recipient_admin": recipient_id, **mine, **above, "finance_officer": above["county_officer"]}

    def of(self, subject: str) -> dict[str, str | None]:
        """Role -> organisation for `pair:`, `team:`, `recipient:` (with its first supporter), `supporter:` or an authority."""
        kind, _, key = subject.partition(":")
        if kind in ("pair", "team"):
            pair = self._pairs.get(key.partition("/")[0])
            return self.between(pair.supporter_id, pair.recipient_id) if pair else {}
        if kind == "recipient":
            return self.between(next((pair.supporter_id for pair in self._pairs.values() if pair.recipient_id == key), None), key)
        return self.between(key, None) if kind == "supporter" else self.between(None, key)


def leaders(session: Session, teams: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Team id (`<pair>/<mode>`) -> the persons who lead it."""
    wanted = set(teams)
    query = sa.select(Posting.pair_id, Posting.mode, Posting.person_id).where(Posting.team_leader)
    found: dict[str, tuple[str, ...]] = {}
    for pair_id, mode, person in session.execute(query.order_by(Posting.start)):
        name = f"{pair_id}/{mode}"
        if name in wanted and person not in found.get(name, ()):
            found[name] = (*found.get(name, ()), person)
    return found
