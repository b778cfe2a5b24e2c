"""Pages of the directory in the order of codes, cut to what a reader supervises."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.directory import lookup
from shared.directory.models import Clinic, Organisation, Pair, Person, Posting
from shared.roles import Principal


@dataclass(frozen=True)
class Page:
    """Rows of a list and the names of whatever their ids point at."""

    rows: Sequence[Any]
    names: dict[str, str]


def organisations(session: Session, who: Principal, after: str | None, limit: int) -> Page:
    """Organisations in view."""
    rows = _rows(session, Organisation, _organisations_in_view(session, who, Organisation.id), after, limit)
    return Page(rows, _names(session, (row.county_id for row in rows)))


def clinics(session: Session, who: Principal, after: str | None, limit: int) -> Page:
    """Clinics of the recipients in view."""
    rows = _rows(session, Clinic, _organisations_in_view(session, who, Clinic.organisation_id), after, limit)
    return Page(rows, _names(session, (row.organisation_id for row in rows)))


def people(session: Session, who: Principal, after: str | None, limit: int) -> Page:
    """Staff of the own organisation, and whoever is posted within the reader's view."""
    own = Person.organisation_id.in_(_own(who))
    posted = sa.select(Posting.person_id).where(_postings_in_view(session, who))
    here = sa.or_(own, Person.id.in_(posted)) if not _everything(who) else sa.true()
    rows = _rows(session, Person, here, after, limit)
    return Page(rows, _names(session, (row.organisation_id for row in rows)))


def postings(session: Session, who: Principal, after: str | None, limit: int) -> Page:
    """Postings in view: of the own recipients, or of the own hospital."""
    rows = _rows(session, Posting, _postings_in_view(session, who), after, limit)
    ids = (key for row in rows for key in (row.supporter_id, row.recipient_id))
    names = _names(session, ids) | lookup.names(session, Person, (row.person_id for row in rows))
    return Page(rows, names | lookup.names(session, Clinic, {key for row in rows for key in row.clinics}))


def _rows(
    session: Session, model: Any, here: sa.ColumnElement[bool], after: str | None, limit: int
) -> Sequence[Any]:  # fmt: skip
    query = sa.select(model).where(here).order_by(model.code).limit(limit)
    return session.scalars(query.where(model.code > after) if after else query).all()


def _names(session: Session, ids: Iterable[str | None]) -> dict[str, str]:
    return lookup.names(session, Organisation, {key for key in ids if key})


def _own(who: Principal) -> frozenset[str]:
    """Organisations over which the reader holds a role that supervises."""
    return who.scopes("recipient_admin", *lookup.SUPPORTER_ROLES, *lookup.AUTHORITY_ROLES)


def _everything(who: Principal) -> bool:
    return who.has("system_admin")


def _organisations_in_view(session: Session, who: Principal, column: Any) -> sa.ColumnElement[bool]:
    if _everything(who):
        return sa.true()
    supporters = sa.select(Pair.supporter_id).where(Pair.recipient_id.in_(lookup.recipients_visible(session, who)))
    own = _own(who) | lookup.recipients_visible(session, who)
    return sa.or_(column.in_(own), column.in_(supporters) if column is Organisation.id else sa.false())


def _postings_in_view(session: Session, who: Principal) -> sa.ColumnElement[bool]:
    """A supporter sees its own postings, not those of other hospitals at the same recipient."""
    if _everything(who):
        return sa.true()
    supported = who.scopes(*lookup.SUPPORTER_ROLES)
    supervised = lookup.recipients_visible(session, _without_supporters(who))
    return sa.or_(Posting.supporter_id.in_(supported), Posting.recipient_id.in_(supervised))


def _without_supporters(who: Principal) -> Principal:
    grants = tuple(grant for grant in who.grants if grant.role not in lookup.SUPPORTER_ROLES)
    return Principal(who.account_id, who.person_id, grants, who.via, who.session_id)
