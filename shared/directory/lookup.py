"""How everybody reads the directory: plain functions on a Session that write nothing.

`calendar()` is the published calendar under the override table. What a reader may see is decided by `recipients_visible` and
`posting_visible`.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.calendar import Calendar, month_days
from shared.directory import published
from shared.directory.models import (
    CalendarDay,
    CalendarYear,
    Clinic,
    Organisation,
    Pair,
    Person,
    Posting,
    ProgrammeVersion,
    RosterHalfDay,
)
from shared.problems import NotFound
from shared.roles import Principal
from shared.rules.load import Programme, load_programme
from shared.rules.terms import PostingTerms

Row = TypeVar("Row")
SUPPORTER_ROLES = ("supporter_admin", "quality_office", "hr_officer")
SPECIALTIES = {
    "外科": "surgery", "普外科": "surgery", "骨科": "surgery", "内科": "internal_medicine", "妇产科": "obstetrics",
    "儿科": "paediatrics", "中医": "tcm", "中医科": "tcm", "口腔": "stomatology", "口腔科": "stomatology",
    "全科": "general_practice",
}  # fmt: skip
"""Words of the roster -> identifiers that `where` of a rule may name; any other word stands for itself."""
AUTHORITY_ROLES = ("county_officer", "city_officer", "province_officer", "finance_officer")


# ---- days and programmes


def calendar(session: Session) -> Calendar:
    """The calendar in use: the published years (chinesecalendar, from 2004) under the override table.

    Built once per process and state of the override table. A year is complete when published or declared so.
    """
    days = session.execute(sa.select(CalendarDay.date, CalendarDay.kind).order_by(CalendarDay.date))
    years = session.scalars(sa.select(CalendarYear.year).order_by(CalendarYear.year))
    return _calendar(tuple((row.date, row.kind) for row in days), tuple(years))


@functools.lru_cache(maxsize=8)
def _calendar(overrides: tuple[tuple[dt.date, str], ...], years: tuple[int, ...]) -> Calendar:
    return published.overridden(dict(overrides), years)


_programmes: dict[tuple[str, str], Programme] = {}
_counts = ProgrammeVersion.activated_at.is_not(None)


def programme(session: Session, programme_id: str, when: str | dt.date) -> Programme:
    """The programme by which a month ("2026-11", or that of a date) is judged: the activated version begun by then.

    Before the first version begins, that first one. Parsed once per process and file hash. Raises NotFound for an unknown
    programme.
    """
    month = when if isinstance(when, str) else f"{when:%Y-%m}"
    begins = sa.func.coalesce(ProgrammeVersion.first_month, "")
    begun = sa.case((begins <= month, begins), else_=None)
    row = session.execute(
        sa.select(ProgrammeVersion.id, ProgrammeVersion.sha256)
        .where(ProgrammeVersion.programme_id == programme_id, _counts)
        .order_by(begun.is_(None), begun.desc(), begins, ProgrammeVersion.activated_at.desc())
        .limit(1)
    ).first()
    if row is None:
        raise NotFound(f"no version of programme {programme_id} for {month}")
    if found := parsed(programme_id, row.sha256):
        return found
    text = session.scalars(sa.select(ProgrammeVersion.text).where(ProgrammeVersion.id == row.id)).one()
    return _programmes.setdefault((programme_id, row.sha256), load_programme(text.encode(), f"{programme_id}.toml"))


def parsed(programme_id: str, sha256: str | None) -> Programme | None:
    """The programme of a file hash where this process has parsed it before; a file never changes under its hash."""
    return _programmes.get((programme_id, sha256 or ""))


def programme_ids(session: Session) -> frozenset[str]:
    """Ids of every programme with an activated version."""
    return frozenset(session.scalars(sa.select(ProgrammeVersion.programme_id).where(_counts).distinct()))


# ---- one object


def organisation(session: Session, organisation_id: str) -> Organisation:
    """The organisation. Raises NotFound."""
    return _found(session.get(Organisation, organisation_id), organisation_id)


def person(session: Session, person_id: str) -> Person:
    """The person. Raises NotFound."""
    return _found(session.get(Person, person_id), person_id)


def clinic(session: Session, clinic_id: str) -> Clinic:
    """The clinic. Raises NotFound."""
    return _found(session.get(Clinic, clinic_id), clinic_id)


def posting(session: Session, posting_id: str) -> Posting:
    """The posting. Raises NotFound."""
    return _found(session.get(Posting, posting_id), posting_id)


def pair(session: Session, pair_id: str) -> Pair:
    """The pair. Raises NotFound."""
    return _found(session.get(Pair, pair_id), pair_id)


def clinic_by_site_token(session: Session, token: str) -> Clinic | None:
    """The clinic whose poster carries this token, or None."""
    return session.scalars(sa.select(Clinic).where(Clinic.site_token == token)).first()


def clinic_by_screen_token(session: Session, token: str) -> Clinic | None:
    """The clinic whose screen page has this token, or None."""
    return session.scalars(sa.select(Clinic).where(Clinic.screen_token == token)).first()


def _found(row: Row | None, key: str) -> Row:
    if row is None:
        raise NotFound(f"no object {key}")
    return row


# ---- many


def names(
    session: Session, kind: type[Organisation] | type[Person] | type[Clinic], ids: Iterable[str]
) -> dict[str, str]:
    """Id -> name for these ids; unknown ids are absent."""
    query = sa.select(kind.id, kind.name).where(kind.id.in_(list(ids)))
    return {row.id: row.name for row in session.execute(query)}


def open_postings(session: Session, person_id: str, date: dt.date) -> list[Posting]:
    """The person's postings that hold the date, by start and code."""
    query = sa.select(Posting).where(Posting.person_id == person_id, _within(date, date))
    return list(session.scalars(query.order_by(Posting.start, Posting.code)))


def postings_of_person(session: Session, person_id: str) -> list[Posting]:
    """Every posting of the person, past ones too, by start and code."""
    query = sa.select(Posting).where(Posting.person_id == person_id)
    return list(session.scalars(query.order_by(Posting.start, Posting.code)))


def postings_of_recipient(session: Session, recipient_id: str, month: str) -> list[Posting]:
    """The recipient's postings that touch the month ("2026-11"), by code: roster order."""
    days = month_days(month)
    query = sa.select(Posting).where(Posting.recipient_id == recipient_id, _within(days[0], days[-1]))
    return list(session.scalars(query.order_by(Posting.code)))


def postings_between(session: Session, first: dt.date, last: dt.date) -> list[Posting]:
    """Every posting that touches the dates first..last, by code."""
    return list(session.scalars(sa.select(Posting).where(_within(first, last)).order_by(Posting.code)))


def postings_from(session: Session, recipient_ids: Iterable[str], first: dt.date) -> list[Posting]:
    """The recipients' postings that hold this date or a later one, by start and code."""
    query = sa.select(Posting).where(Posting.recipient_id.in_(list(recipient_ids)), sa.or_(Posting.end.is_(None), Posting.end >= first))
    return list(session.scalars(query.order_by(Posting.start, Posting.code)))


def team(session: Session, pair_id: str, mode: str) -> list[Posting]:
    """The postings of a team: one pair with one mode, in order of start; the team begins with the first."""
    query = sa.select(Posting).where(Posting.pair_id == pair_id, Posting.mode == mode)
    return list(session.scalars(query.order_by(Posting.start, Posting.code)))


def _within(first: dt.date, last: dt.date) -> sa.ColumnElement[bool]:
    return sa.and_(Posting.start <= last, sa.or_(Posting.end.is_(None), Posting.end >= first))


# ---- what rules need of a posting


def posting_terms(session: Session, posting_id: str) -> PostingTerms:
    """The posting as the rules see it: terms, attributes of person and recipient, roster. Raises NotFound."""
    return terms_of(session, [posting(session, posting_id)])[posting_id]


def terms_of(session: Session, postings: Iterable[Posting]) -> dict[str, PostingTerms]:
    """Terms of many postings with four queries, keyed by posting id."""
    rows = list(postings)
    people = _by_id(session, Person, {row.person_id for row in rows})
    hospitals = _by_id(session, Organisation, {key for row in rows for key in (row.recipient_id, row.supporter_id)})
    sites = names(session, Clinic, {clinic_id for row in rows for clinic_id in row.clinics})
    rosters: dict[str, dict[tuple[dt.date, str], str]] = {row.id: {} for row in rows}
    for half in session.scalars(sa.select(RosterHalfDay).where(RosterHalfDay.posting_id.in_(list(rosters)))):
        rosters[half.posting_id][half.date, half.session] = half.clinic_id
    return {row.id: _terms(row, people[row.person_id], hospitals, rosters[row.id], sites) for row in rows}


def _by_id(session: Session, kind: type[Row], ids: set[str]) -> dict[str, Row]:
    column = sa.inspect(kind).columns["id"]
    return {row.id: row for row in session.scalars(sa.select(kind).where(column.in_(ids)))}  # type: ignore[attr-defined]


def _terms(
    row: Posting,
    who: Person,
    hospitals: dict[str, Organisation],
    roster: dict[tuple[dt.date, str], str],
    sites: dict[str, str],
) -> PostingTerms:
    return PostingTerms(
        id=row.id, person_id=row.person_id, programme_id=row.programme_id, supporter_id=row.supporter_id,
        recipient_id=row.recipient_id, clinics=tuple(row.clinics), mode=row.mode, seat_id=row.seat_id,
        specialty=SPECIALTIES.get(who.specialty or "", who.specialty), title_rank=who.title_rank,
        recipient_level=hospitals[row.recipient_id].recipient_level, supporter_name=hospitals[row.supporter_id].name,
        team_id=f"{row.pair_id}/{row.mode}", start=row.start, end=row.end, end_reason=row.end_reason,
        end_approved=row.end_approved, roster=roster,
        clinic_names={clinic_id: sites[clinic_id] for clinic_id in row.clinics if clinic_id in sites},
    )  # fmt: skip


# ---- what a reader may see


def recipients_visible(session: Session, principal: Principal) -> frozenset[str]:
    """Ids of the recipients a principal supervises: own, paired with the own supporter, or in the own area.

    A physician's own data are not here: SELF is decided by the posting.
    """
    own = principal.scopes("recipient_admin", "witness")
    paired = sa.select(Pair.recipient_id).where(Pair.supporter_id.in_(principal.scopes(*SUPPORTER_ROLES)))
    area = principal.scopes(*AUTHORITY_ROLES)
    query = sa.select(Organisation.id).where(
        Organisation.kind == "recipient",
        sa.or_(Organisation.id.in_(own), Organisation.id.in_(paired), _under(area)),
    )
    return frozenset(session.scalars(query))


def posting_visible(session: Session, principal: Principal, posting_id: str) -> bool:
    """Whether the principal may see this posting: as its physician, team leader, hospital or authority."""
    row = session.get(Posting, posting_id)
    if row is None:
        return False
    if principal.person_id == row.person_id or row.recipient_id in principal.scopes("recipient_admin"):
        return True
    if row.supporter_id in principal.scopes(*SUPPORTER_ROLES):
        return True
    area = principal.scopes(*AUTHORITY_ROLES)
    if session.scalars(sa.select(Organisation.id).where(Organisation.id == row.recipient_id, _under(area))).first():
        return True
    led = sa.select(Posting.id).where(
        Posting.person_id == principal.person_id, Posting.team_leader, Posting.pair_id == row.pair_id,
        Posting.mode == row.mode,
    )  # fmt: skip
    return principal.has("team_leader") and session.scalars(led).first() is not None


def _under(area: frozenset[str]) -> sa.ColumnElement[bool]:
    """Organisations below one of these authorities."""
    return sa.or_(
        Organisation.county_id.in_(area), Organisation.city_id.in_(area), Organisation.province_id.in_(area)
    )  # fmt: skip
