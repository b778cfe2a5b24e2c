"""Who an obligation is about ("doctor:<id>", "team:<pair>/<mode>", "pair:", "recipient:", "supporter:", "county:" ...): its
postings, everything below it, the authorities above it, and who may see it. Nothing here writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.directory import lookup
from shared.directory.models import Organisation, Pair, Posting
from shared.roles import Principal

AREAS = ("county", "city", "province")
KINDS = ("doctor", "team", "pair", "recipient", "supporter", *AREAS)
"""Subjects of rules (rules.md §2)."""


def areas_above(session: Session, *organisations: str) -> tuple[tuple[str, str], ...]:
    """The authorities above these organisations, as (kind, id)."""
    rows = session.scalars(sa.select(Organisation).where(Organisation.id.in_(organisations))).all()
    found = {(kind, key) for row in rows for kind in AREAS if (key := getattr(row, f"{kind}_id"))}
    return tuple(sorted(found))


def around(session: Session, posting: Posting) -> tuple[str, ...]:
    """Every subject ("kind:id") whose obligations may depend on the posting."""
    areas = areas_above(session, posting.supporter_id, posting.recipient_id)
    return (
        f"doctor:{posting.person_id}", f"team:{posting.pair_id}/{posting.mode}", f"pair:{posting.pair_id}",
        f"recipient:{posting.recipient_id}", f"supporter:{posting.supporter_id}", *(f"{kind}:{key}" for kind, key in areas),
    )  # fmt: skip


def postings_of(session: Session, programme_id: str, kind: str, key: str) -> list[Posting]:
    """The subject's postings in a programme, past ones too, by start and code; none for a subject that is not there."""
    query = sa.select(Posting).where(Posting.programme_id == programme_id)
    if kind == "team":
        pair_id, _, mode = key.partition("/")
        query = query.where(Posting.pair_id == pair_id, Posting.mode == mode)
    elif kind in AREAS:
        below = _below(kind, key)
        query = query.where(sa.or_(Posting.recipient_id.in_(below), Posting.supporter_id.in_(below)))
    else:
        name = {"doctor": "person_id", "pair": "pair_id", "recipient": "recipient_id", "supporter": "supporter_id"}[
            kind
        ]
        query = query.where(getattr(Posting, name) == key)
    return list(session.scalars(query.order_by(Posting.start, Posting.code)))


def under(session: Session, programme_id: str, kind: str, key: str) -> frozenset[str]:
    """Ids under which facts about the subject and about what lies below it are kept: its own, its postings, teams, pairs,
    hospitals, physicians."""
    postings = postings_of(session, programme_id, kind, key)
    found = {key, *(one.id for one in postings)}
    if kind == "doctor":
        return frozenset(found)
    found |= {f"{one.pair_id}/{one.mode}" for one in postings} | {one.person_id for one in postings}
    if kind == "team":
        return frozenset(found)
    query = sa.select(Pair).where(Pair.programme_id == programme_id)
    if kind in AREAS:
        below = _below(kind, key)
        pairs = list(session.scalars(query.where(sa.or_(Pair.recipient_id.in_(below), Pair.supporter_id.in_(below)))))
        found |= set(session.scalars(below))
    else:
        own = {"pair": Pair.id, "recipient": Pair.recipient_id, "supporter": Pair.supporter_id}[kind]
        pairs = list(session.scalars(query.where(own == key)))
    return frozenset(found | {pair.id for pair in pairs})


def of_programme(session: Session, programme_id: str, since: dt.date) -> list[str]:
    """The subjects a programme has: those of its pairs, the authorities above, and the teams and physicians of postings that
    had not ended before `since`."""
    pairs = session.scalars(sa.select(Pair).where(Pair.programme_id == programme_id)).all()
    found = {f"pair:{pair.id}" for pair in pairs}
    found |= {name for pair in pairs for name in (f"recipient:{pair.recipient_id}", f"supporter:{pair.supporter_id}")}
    hospitals = [key for pair in pairs for key in (pair.recipient_id, pair.supporter_id)]
    found |= {f"{kind}:{key}" for kind, key in areas_above(session, *hospitals)}
    lasting = sa.or_(Posting.end.is_(None), Posting.end >= since)
    for posting in session.scalars(sa.select(Posting).where(Posting.programme_id == programme_id, lasting)):
        found |= {f"doctor:{posting.person_id}", f"team:{posting.pair_id}/{posting.mode}"}
    return sorted(found)


def visible(session: Session, who: Principal, kind: str, key: str) -> bool:
    """Whether the principal may see the obligations of this subject: a physician his own, a hospital its own and those of
    its pairs, an authority everything below it and its own; False for a subject that does not exist."""
    if kind == "doctor":
        return any(lookup.posting_visible(session, who, one.id) for one in lookup.postings_of_person(session, key))
    if kind == "team":
        pair_id, _, mode = key.partition("/")
        return any(lookup.posting_visible(session, who, one.id) for one in lookup.team(session, pair_id, mode))
    if kind == "pair":
        pair = session.get(Pair, key)
        return pair is not None and _hospital_visible(session, who, {pair.supporter_id, pair.recipient_id})
    row = session.get(Organisation, key)
    if row is None or row.kind != kind:
        return False
    if kind in ("recipient", "supporter"):
        return _hospital_visible(session, who, {key})
    mine = who.scopes(*lookup.AUTHORITY_ROLES)
    return key in mine or bool(mine & {row.city_id, row.province_id} - {None})


def _hospital_visible(session: Session, who: Principal, hospitals: Iterable[str]) -> bool:
    """The hospitals themselves, for a recipient also who supports it, and the authorities above."""
    ids = set(hospitals)
    if ids & (who.scopes("recipient_admin") | who.scopes(*lookup.SUPPORTER_ROLES)):
        return True
    if ids & lookup.recipients_visible(session, who):
        return True
    return bool(who.scopes(*lookup.AUTHORITY_ROLES) & {key for _, key in areas_above(session, *ids)})


def _below(kind: str, key: str) -> sa.Select[str]:
    """Ids of the organisations below an authority."""
    return sa.select(Organisation.id).where(getattr(Organisation, f"{kind}_id") == key)
