"""SQL over the records table, and what a reader may see of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from services.records.models import Record
from shared.directory.models import Organisation, Posting
from shared.roles import Principal

SUPPORTER_ROLES = ("supporter_admin", "quality_office", "hr_officer", "auditor")
AREA_ROLES = ("county_officer", "city_officer", "province_officer", "finance_officer", "auditor")


def visible(who: Principal, hidden: frozenset[str]) -> sa.ColumnElement[bool]:
    """The condition on records a principal may read: own hospital, supporter, area, person, and what he filed himself.

    `hidden`: ids of the kinds a physician does not see, though they are about him.
    """
    area = who.scopes(*AREA_ROLES)
    above = (Organisation.county_id, Organisation.city_id, Organisation.province_id)
    below = sa.select(Organisation.id).where(sa.or_(*(column.in_(area) for column in above)))
    conditions: list[sa.ColumnElement[bool]] = [
        Record.recipient_id.in_(who.scopes("recipient_admin", "auditor")),
        Record.supporter_id.in_(who.scopes(*SUPPORTER_ROLES)),
        Record.organisation_id.in_(area), Record.organisation_id.in_(below),
        Record.recipient_id.in_(below), sa.and_(Record.recipient_id.is_(None), Record.supporter_id.in_(below)),
    ]  # fmt: skip
    if who.person_id:
        conditions.append(Record.filed_by == who.person_id)
    if who.has("doctor") and who.person_id:
        conditions.append(sa.and_(Record.person_id == who.person_id, Record.kind.not_in(hidden)))
    if who.has("team_leader") and who.person_id:
        conditions.append(sa.and_(_of_led_teams(who.person_id), Record.kind.not_in(hidden)))
    return sa.or_(*conditions)


def _of_led_teams(person_id: str) -> sa.ColumnElement[bool]:
    """Records about postings of the teams a person leads, or about these teams."""
    lead = aliased(Posting)
    leads = sa.and_(lead.person_id == person_id, lead.team_leader)
    same = sa.and_(lead.pair_id == Posting.pair_id, lead.mode == Posting.mode)
    team = sa.select(lead.pair_id + "/" + lead.mode).where(leads)
    return sa.or_(Record.posting_id.in_(sa.select(Posting.id).join(lead, same).where(leads)), Record.subject_id.in_(team))


def page(
    session: Session, condition: sa.ColumnElement[bool], kind: str | None, state: str | None, after: str | None, limit: int
) -> list[Record]:
    """Up to limit + 1 records, newest first; `after` = the id of the last one of the page before."""
    query = sa.select(Record).where(condition)
    for column, value in ((Record.kind, kind), (Record.state, state)):
        query = query.where(column == value) if value else query
    if after:
        query = query.where(Record.id < after)
    return list(session.scalars(query.order_by(Record.id.desc()).limit(limit + 1)))


def find(session: Session, record_id: str, condition: sa.ColumnElement[bool]) -> Record | None:
    """The record with this id where the condition holds."""
    return session.scalars(sa.select(Record).where(Record.id == record_id, condition)).first()


def locked(session: Session, record_id: str) -> Record | None:
    """The record with this id, locked for a decision."""
    return session.scalars(sa.select(Record).where(Record.id == record_id).with_for_update()).first()


def of_entry(session: Session, entry_id: str) -> Record | None:
    """The record whose first ledger entry this is."""
    return session.scalars(sa.select(Record).where(Record.entry_id == entry_id)).first()


def of_slot(session: Session, kind: str, slot: str) -> Record | None:
    """The record that holds this slot now; the caller holds the lock of its subject's stream."""
    return session.scalars(sa.select(Record).where(Record.kind == kind, Record.slot == slot)).first()


def postings_of_pairs(session: Session, pair_ids: Iterable[str], day: str) -> list[Posting]:
    """The postings of these pairs that hold the date."""
    date = dt.date.fromisoformat(day)
    within = sa.and_(Posting.start <= date, sa.or_(Posting.end.is_(None), Posting.end >= date))
    return list(session.scalars(sa.select(Posting).where(Posting.pair_id.in_(list(pair_ids)), within)))
