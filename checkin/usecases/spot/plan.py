"""Plan a month's checks: which duty half-days of each posting are drawn from, and by which threshold."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable

from sqlalchemy.orm import Session

from checkin.domain import spot
from checkin.models import SpotPlan
from checkin.store import spots
from checkin.usecases.spot import seeds
from shared import calendar as periods
from shared import ledger, outbox
from shared.calendar import Calendar
from shared.directory import lookup
from shared.directory.models import Posting
from shared.rules.days import HalfDay, Pattern
from shared.rules.load import Programme
from shared.rules.terms import PostingTerms
from shared.service import Runtime


def plan(session: Session, rt: Runtime, now: dt.datetime) -> int:
    """Plan every duty half-day of this month that has not begun and stands in no plan; gives the number of plans made.

    At the month's and at a posting's start that is all of them; later, what was rostered meanwhile. A month without a seed
    (a new installation) gets one first, so only later half-days are drawn from it.
    """
    month = f"{periods.local_date(now):%Y-%m}"
    outbox.alone(session, [f"spot-plan:{month}"])
    days = periods.month_days(month)
    calendar, known = lookup.calendar(session), spots.plans(session, month)
    postings = lookup.postings_between(session, periods.local_date(now), days[-1])
    terms = lookup.terms_of(session, postings)
    todo: list[tuple[Posting, Programme, list[HalfDay]]] = []
    for posting in postings:
        programme = lookup.programme(session, posting.programme_id, month)
        planned = {name for row in known.get(posting.id, ()) for name in row.half_days}
        open_ones = [half_day for half_day in _coming(programme, calendar, terms[posting.id], days, now)
                     if spot.text(half_day) not in planned]  # fmt: skip
        if open_ones:
            todo.append((posting, programme, open_ones))
    ledger.lock(session, rt.keys, [ledger.Stream.system(), *(ledger.Stream.posting(one.id) for one, _, _ in todo)])
    seeds.commit(session, rt, month)
    for posting, programme, half_days in todo:
        _append(session, rt, posting, programme, month, len(known.get(posting.id, ())) + 1, spot.batch(half_days))
    return len(todo)


def _coming(
    programme: Programme, calendar: Calendar, terms: PostingTerms, days: Iterable[dt.date], now: dt.datetime
) -> list[HalfDay]:
    """The duty half-days of these dates whose session has not begun."""
    pattern, windows = Pattern.of(programme, terms), programme.session_windows
    return [(day, half) for day in days for half, owed in pattern.owed(calendar, day).items()
            if owed and windows.on(half, day)[0] > now]  # fmt: skip


def _append(
    session: Session, rt: Runtime, posting: Posting, programme: Programme, month: str, version: int, batch: spot.Batch
) -> None:
    names = [spot.text(half_day) for half_day in batch.half_days]
    entry = ledger.append(
        session, rt.keys, kind="spotcheck.planned", stream=ledger.Stream.posting(posting.id), actor=ledger.Actor.system(),
        payload={
            "posting_id": posting.id, "programme_id": programme.id, "rules_sha256": programme.sha256, "month": month,
            "duty_half_days": len(names), "n": spot.number(len(names)), "threshold": str(batch.threshold),
            "version": version, "half_days": names,
            "roster_version": "sha256:" + hashlib.sha256("\n".join(names).encode()).hexdigest(),
        },
    )  # fmt: skip
    session.add(SpotPlan(posting_id=posting.id, month=month, version=version, half_days=names,
                         threshold=str(batch.threshold), entry_id=entry.entry_id))  # fmt: skip
    session.flush()


def batches(rows: Iterable[SpotPlan]) -> list[spot.Batch]:
    """Stored plans as the draw takes them."""
    return [spot.Batch(tuple(spot.parse(name) for name in row.half_days), int(row.threshold)) for row in rows]
