"""SQL of reports: reads the directory, the folds and the chain heads; writes the own tables."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.reports.models import DRAFT, Report, ReportVersion
from shared.calendar import month_days
from shared.directory.models import Agreement, Organisation, Pair, Person, Posting, Seat
from shared.ids import new_id
from shared.ledger.entry import jcs
from shared.problems import NotFound
from shared.progress.models import DayFactRow, ObligationState


@dataclass(frozen=True)
class Rows:
    """The directory rows of one recipient, month and programme."""

    recipient: Organisation
    postings: tuple[Posting, ...]
    people: dict[str, Person]
    organisations: dict[str, Organisation]
    seats: tuple[Seat, ...]
    agreements: tuple[Agreement, ...]


def postings(session: Session, recipient_id: str, month: str) -> list[Posting]:
    """The recipient's postings that touch the month: by supporter's code, then in roster order (their own code)."""
    days = month_days(month)
    query = (
        sa.select(Posting)
        .join(Organisation, Organisation.id == Posting.supporter_id)
        .where(Posting.recipient_id == recipient_id, Posting.start <= days[-1])
        .where(sa.or_(Posting.end.is_(None), Posting.end >= days[0]))
        .order_by(Organisation.code, Posting.code)
    )
    return list(session.scalars(query))


def recipient(session: Session, name: str) -> Organisation:
    """The recipient with this roster code or id. Raises NotFound."""
    query = sa.select(Organisation).where(sa.or_(Organisation.code == name, Organisation.id == name))
    found = session.scalars(query.where(Organisation.kind == "recipient")).first()
    if found is None:
        raise NotFound(f"no recipient {name}")
    return found


def programmes(session: Session, recipient_id: str) -> list[str]:
    """Ids of the programmes in which the recipient has a pair."""
    query = sa.select(Pair.programme_id).where(Pair.recipient_id == recipient_id).distinct()
    return sorted(session.scalars(query))


def rows(session: Session, recipient_id: str, month: str, programme_id: str, found: Iterable[Posting]) -> Rows:
    """Everything of the directory one report prints, for these postings of the programme."""
    kept = tuple(found)
    pairs = list(
        session.scalars(sa.select(Pair).where(Pair.recipient_id == recipient_id, Pair.programme_id == programme_id))
    )
    row = session.get_one(Organisation, recipient_id)
    above = {row.county_id} if row.county_id else set()
    wanted = {pair.supporter_id for pair in pairs} | {posting.supporter_id for posting in kept} | above
    people = session.scalars(sa.select(Person).where(Person.id.in_([row.person_id for row in kept])))
    organisations = session.scalars(sa.select(Organisation).where(Organisation.id.in_(wanted)))
    days = month_days(month)
    return Rows(
        row, kept, {row.id: row for row in people}, {row.id: row for row in organisations},
        tuple(_within(session, Seat, days, Seat.recipient_id == recipient_id,
                      Seat.supporter_id.in_([pair.supporter_id for pair in pairs]))),
        tuple(_within(session, Agreement, days, Agreement.pair_id.in_([pair.id for pair in pairs]))),
    )  # fmt: skip


def _within(session: Session, kind: Any, days: list[dt.date], *conditions: Any) -> list[Any]:
    query = sa.select(kind).where(*conditions, kind.start <= days[-1], sa.or_(kind.end.is_(None), kind.end >= days[0]))
    return list(session.scalars(query.order_by(kind.code)))


def leave_before(session: Session, posting_ids: Iterable[str], day: dt.date) -> dict[str, int]:
    """Leave half-days of each posting before the date, for its leave cap."""
    counts: dict[str, int] = {}
    for half in ("am", "pm"):
        status = DayFactRow.fact["halves"][half]["status"].as_string()
        duty = DayFactRow.fact["duty"][half].as_boolean()
        query = sa.select(DayFactRow.posting_id, sa.func.count()).where(
            DayFactRow.posting_id.in_(list(posting_ids)), DayFactRow.date < day, status == "L", duty
        )
        for posting_id, count in session.execute(query.group_by(DayFactRow.posting_id)):
            counts[posting_id] = counts.get(posting_id, 0) + count
    return counts


def folds(session: Session, programme_id: str, recipient_id: str, posting_ids: list[str], month: str) -> list[Any]:
    """How many day facts and states there are and when the newest of each was stored: what a draft was made from."""
    last = month_days(month)[-1]
    facts = sa.select(sa.func.count(), sa.func.max(DayFactRow.folded_at))
    states = sa.select(sa.func.count(), sa.func.max(ObligationState.judged_at))
    facts = facts.where(DayFactRow.posting_id.in_(posting_ids), DayFactRow.date <= last)
    states = states.where(ObligationState.programme_id == programme_id, ObligationState.recipient_id == recipient_id)
    return [value.isoformat() if isinstance(value, dt.datetime) else value
            for query in (facts, states) for value in session.execute(query).one()]  # fmt: skip


def fingerprint(parts: Any) -> str:
    """SHA-256 (hex) over JSON values."""
    return hashlib.sha256(jcs(parts)).hexdigest()


def draft(session: Session, form: str, programme_id: str, recipient_id: str, period: str) -> ReportVersion | None:
    """The stored draft of a report, or None."""
    query = sa.select(ReportVersion).join(Report, Report.id == ReportVersion.report_id)
    return session.scalars(query.where(
        Report.form == form, Report.programme_id == programme_id, Report.recipient_id == recipient_id,
        Report.period == period, ReportVersion.version == DRAFT,
    )).first()  # fmt: skip


def put_draft(session: Session, report: dict[str, Any], row: dict[str, Any]) -> bool:
    """Store a draft in place of the one before; False when a newer one is stored already (jobs may overtake)."""
    head = report["head"]
    found = _report(session, report["form"], head)
    stored = session.get(ReportVersion, (found.id, DRAFT), with_for_update=True)
    if stored is not None and stored.generated_at > row["generated_at"]:
        return False
    session.merge(ReportVersion(report_id=found.id, version=DRAFT, figures=report, **row))
    session.flush()
    return True


def _report(session: Session, form: str, head: dict[str, Any]) -> Report:
    query = sa.select(Report).where(
        Report.form == form, Report.programme_id == head["programme_id"],
        Report.recipient_id == head["recipient_id"], Report.period == head["month"],
    )  # fmt: skip
    found = session.scalars(query).first()
    if found is None:
        found = Report(id=new_id(), form=form, programme_id=head["programme_id"], recipient_id=head["recipient_id"],
                       period=head["month"], form_no=head["form_no"])  # fmt: skip
        session.add(found)
        session.flush()
    return found


def names_of(organisations: dict[str, Organisation], ids: Iterable[str | None]) -> list[str]:
    """Names in the order of the ids; unknown ones are left out."""
    return [organisations[key].name for key in ids if key in organisations]
