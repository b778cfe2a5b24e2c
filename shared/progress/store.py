"""The only writer of the progress tables. Every function works inside the caller's transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared import clock
from shared.progress.asked import OpenAsk
from shared.progress.fold import DayFact
from shared.progress.judge import State
from shared.progress.models import Contact, DayFactRow, MonthState, ObligationState, OpenRequest, RaisedFlag


def put_day(
    session: Session, fact: DayFact, *, as_of: dt.datetime, head_seq: int, rules_version: str, calendar_version: str
) -> bool:
    """Store the fold of one posting and date, made as of an instant from the posting's chain up to `head_seq`; False when
    nothing changed."""
    row = session.get(DayFactRow, (fact.posting_id, fact.date), with_for_update=True)
    if row is None:
        row = DayFactRow(posting_id=fact.posting_id, date=fact.date)
        session.add(row)
    new = (fact.to_dict(), rules_version, calendar_version)
    changed = (row.fact, row.rules_version, row.calendar_version) != new
    if changed:
        row.fact, row.rules_version, row.calendar_version = new
    row.head_seq, row.folded_at = head_seq, as_of
    return changed


def put_states(
    session: Session, recipient_id: str, subjects: Sequence[str], rules: Iterable[str], touched: Iterable[str],
    states: Iterable[State], as_of: dt.datetime,
) -> None:  # fmt: skip
    """Replace the judgements of these subjects by these rules over the touched periods: a rule that no longer applies leaves
    nothing. Periods that never had a state (a month without rules of months) may be named too."""
    query = sa.select(ObligationState).where(
        ObligationState.subject.in_(subjects), ObligationState.period.in_(list(touched)),
        ObligationState.rule_id.in_(list(rules)),
    )  # fmt: skip
    stored = {
        (row.programme_id, row.rule_id, row.subject, row.period): row
        for row in session.scalars(query.with_for_update())
    }
    for state in states:
        row = stored.pop((state.programme_id, state.rule_id, state.subject, state.period), None)
        if row is None:
            row = ObligationState(programme_id=state.programme_id, rule_id=state.rule_id, subject=state.subject,
                                  period=state.period, recipient_id=recipient_id)  # fmt: skip
            session.add(row)
        row.value, row.state, row.judged_at = state.value, state.to_dict(), as_of
    for row in stored.values():
        session.delete(row)


def put_requests(session: Session, posting_id: str, asks: Iterable[OpenAsk]) -> frozenset[str]:
    """Replace what is open of a posting; gives the ids of requests that came, went or moved."""
    query = sa.select(OpenRequest).where(OpenRequest.posting_id == posting_id)
    stored, changed = {row.id: row for row in session.scalars(query.with_for_update())}, set()
    for ask in asks:
        row = stored.pop(ask.id, None)
        if row is None:
            row = OpenRequest(id=ask.id)
            session.add(row)
        for name, value in vars(ask).items():
            if getattr(row, name) != value:
                setattr(row, name, value)
                changed.add(ask.id)
    for row in stored.values():
        session.delete(row)
    return frozenset(changed | stored.keys())


def note_contact(session: Session, person_id: str, item: Mapping[str, Any]) -> None:
    """Remember the `unsent` of a checked item's `sent`, where it says any: "not synced" is told from "not done"."""
    for _, values in contact_rows(person_id, item, clock.now()):
        session.merge(Contact(**values))


def put_contact(session: Session, person_id: str, device: str | None, unsent: Mapping[str, Any]) -> None:
    """Remember the newest contact of a phone and its checked report {count, oldest_at?, sessions?}."""
    session.merge(Contact(**_contact(person_id, device, unsent, clock.now())))


def contact_rows(
    person_id: str, item: Mapping[str, Any], now: dt.datetime
) -> list[tuple[type[Contact], dict[str, Any]]]:
    """The row of `note_contact`, for a writer that stores it with a fact in one go; none where the item says nothing."""
    if unsent := (item.get("sent") or {}).get("unsent"):
        return [(Contact, _contact(person_id, (item.get("device") or {}).get("thumbprint"), unsent, now))]
    return []


def _contact(person_id: str, device: str | None, unsent: Mapping[str, Any], now: dt.datetime) -> dict[str, Any]:
    """A phone without a key is called "-"."""
    oldest = unsent.get("oldest_at")
    return {
        "person_id": person_id, "device": device or "-", "at": now, "unsent": unsent["count"],
        "oldest_at": clock.parse_iso(oldest) if oldest else None, "sessions": list(unsent.get("sessions") or ()),
    }  # fmt: skip


def lock_month(session: Session, programme_id: str, recipient_id: str, month: str) -> None:
    """Close a month: from now on its work log and diaries change only by amendment."""
    session.merge(MonthState(programme_id=programme_id, recipient_id=recipient_id, month=month,
                             locked_at=clock.now(), version=1))  # fmt: skip


def raise_flag(
    session: Session, target: str, code: str, *, posting_id: str, service_date: dt.date, cause: str, at: dt.datetime
) -> bool:  # fmt: skip
    """Raise a flag on a fact from outside its posting's chain; False when it is there already."""
    if session.get(RaisedFlag, (target, code)) is not None:
        return False
    session.add(RaisedFlag(target=target, code=code, posting_id=posting_id, service_date=service_date, cause=cause, at=at))
    session.flush()
    return True
