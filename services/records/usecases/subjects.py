"""Whom a record is about, which role reaches that subject, and which obligations it touches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.directory import lookup
from shared.directory.models import Organisation, Pair, Person, Posting
from shared.directory.subjects import AREAS, areas_above
from shared.ledger import Actor, Stream
from shared.problems import NotFound
from shared.roles import Principal


@dataclass(frozen=True)
class Subject:
    """What a record is about, with the objects around it that decide who may act and what it touches.

    `pairs`: every pair it belongs to, as (id, programme, supporter, recipient); `areas`: ids of the authorities above it
    by kind; `leads`: person ids of its team's leaders.
    """

    kind: str
    id: str
    posting_id: str | None = None
    person_id: str | None = None
    pair_id: str | None = None
    supporter_id: str | None = None
    recipient_id: str | None = None
    organisation_id: str | None = None
    mode: str | None = None
    pairs: tuple[tuple[str, str, str, str], ...] = ()
    areas: tuple[tuple[str, str], ...] = ()
    leads: frozenset[str] = frozenset()

    @property
    def stream(self) -> Stream:
        """The chain the fact belongs to: the posting's, else that of the pair, hospital or authority."""
        if self.posting_id:
            return Stream.posting(self.posting_id)
        return Stream.organisation(self.pair_id or self.supporter_id or self.recipient_id or self.organisation_id or "")

    def ids(self) -> dict[str, str]:
        """The ids a payload and a row carry."""
        named = ("posting_id", "person_id", "pair_id", "supporter_id", "recipient_id", "organisation_id")
        return {name: value for name in named if (value := getattr(self, name)) is not None}

    def programmes(self) -> tuple[str, ...]:
        """Programmes whose obligations it may touch."""
        return tuple(sorted({pair[1] for pair in self.pairs}))

    def touched(self) -> tuple[str, ...]:
        """Every subject ("kind:id") that reads what is recorded about this one."""
        found = {f"{self.kind}:{self.id}", *(f"{kind}:{key}" for kind, key in self.areas)}
        found |= {f"doctor:{self.person_id}"} if self.person_id else set()
        found |= {f"team:{self.pair_id}/{self.mode}"} if self.pair_id and self.mode else set()
        for pair, _, supporter, recipient in self.pairs:
            found |= {f"pair:{pair}", f"supporter:{supporter}", f"recipient:{recipient}"}
        return tuple(sorted(found))

    def reached_by(self, who: Principal, role: str) -> bool:
        """Whether the principal, in this role, acts for the subject."""
        if role == "doctor":
            return who.has(role) and who.person_id is not None and who.person_id == self.person_id
        if role == "team_leader":
            return who.has(role) and who.person_id in self.leads
        return bool(self._offices(who, role))

    def actor(self, who: Principal, role: str) -> Actor:
        """The principal in this role, for the organisation that has it over the subject; else the first one it has it for."""
        return Actor(who.person_id, role, min(self._offices(who, role) or who.scopes(role), default=None))

    def _offices(self, who: Principal, role: str) -> frozenset[str]:
        over = {
            "recipient_admin": {self.recipient_id}, "supporter_admin": {self.supporter_id},
            "quality_office": {self.supporter_id}, "hr_officer": {self.supporter_id},
            "finance_officer": {self.supporter_id, *(key for _, key in self.areas)},
        }.get(role) or {key for kind, key in self.areas if role == f"{kind}_officer"}  # fmt: skip
        return who.scopes(role) & (over - {None})

    def role_of(self, who: Principal, roles: Iterable[str]) -> str | None:
        """The first of these roles in which the principal acts for the subject."""
        return next((role for role in roles if self.reached_by(who, role)), None)


def load(session: Session, about: str, allowed: Iterable[str] | None = None) -> Subject:
    """The subject "kind:id", one of the allowed kinds. Raises NotFound."""
    kind, _, key = about.partition(":")
    if not key or len(key) > 80 or (allowed is not None and kind not in allowed):
        raise NotFound(f"no subject {about[:100]}")
    if kind == "posting":
        return _posting(session, lookup.posting(session, key))
    if kind == "person":
        return _person(session, lookup.person(session, key))
    if kind == "team":
        return _team(session, key)
    if kind == "pair":
        row = lookup.pair(session, key)
        return _of_pair(session, row, kind, key)
    return _organisation(session, kind, key)


def _posting(session: Session, row: Posting) -> Subject:
    pair = lookup.pair(session, row.pair_id)
    found = _of_pair(session, pair, "posting", row.id)
    leads = frozenset(one.person_id for one in lookup.team(session, row.pair_id, row.mode) if one.team_leader)
    return Subject(
        **{**vars(found), "posting_id": row.id, "person_id": row.person_id, "mode": row.mode, "leads": leads}
    )


def _team(session: Session, key: str) -> Subject:
    pair_id, _, mode = key.partition("/")
    postings = lookup.team(session, pair_id, mode)
    if not postings:
        raise NotFound(f"no team {key}")
    found = _of_pair(session, lookup.pair(session, pair_id), "team", key)
    leads = frozenset(one.person_id for one in postings if one.team_leader)
    return Subject(**{**vars(found), "mode": mode, "leads": leads})


def _of_pair(session: Session, row: Pair, kind: str, key: str) -> Subject:
    return Subject(
        kind, key, pair_id=row.id, supporter_id=row.supporter_id, recipient_id=row.recipient_id,
        pairs=(_plain(row),), areas=areas_above(session, row.supporter_id, row.recipient_id),
    )  # fmt: skip


def _person(session: Session, row: Person) -> Subject:
    """A physician: the supporter is the own hospital, whatever recipients the postings name."""
    pair_ids = {posting.pair_id for posting in lookup.postings_of_person(session, row.id)}
    pairs = session.scalars(sa.select(Pair).where(Pair.id.in_(pair_ids)).order_by(Pair.id)).all()
    recipients = [pair.recipient_id for pair in pairs]
    return Subject("person", row.id, person_id=row.id, supporter_id=row.organisation_id,
                   pairs=tuple(map(_plain, pairs)), areas=areas_above(session, row.organisation_id, *recipients))  # fmt: skip


def _organisation(session: Session, kind: str, key: str) -> Subject:
    row = lookup.organisation(session, key)
    if row.kind != kind:
        raise NotFound(f"{key} is no {kind}")
    if kind in AREAS:
        pairs = _pairs_under(session, key)
        return Subject(kind, key, organisation_id=key, pairs=pairs, areas=((kind, key),))
    column = Pair.supporter_id if kind == "supporter" else Pair.recipient_id
    found = session.scalars(sa.select(Pair).where(column == key).order_by(Pair.id)).all()
    own = {"supporter_id": key} if kind == "supporter" else {"recipient_id": key}
    return Subject(kind, key, pairs=tuple(map(_plain, found)), areas=areas_above(session, key), **own)  # type: ignore[arg-type]


def _pairs_under(session: Session, area: str) -> tuple[tuple[str, str, str, str], ...]:
    above = (Organisation.county_id, Organisation.city_id, Organisation.province_id)
    below = sa.select(Organisation.id).where(sa.or_(*(column == area for column in above)))
    query = sa.select(Pair).where(sa.or_(Pair.recipient_id.in_(below), Pair.supporter_id.in_(below)))
    return tuple(map(_plain, session.scalars(query.order_by(Pair.id))))


def _plain(row: Pair) -> tuple[str, str, str, str]:
    return row.id, row.programme_id, row.supporter_id, row.recipient_id
