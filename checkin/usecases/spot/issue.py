"""Issue drawn checks at their minute; void those that come too late or whose half-day is covered (evidence.md §10.1, 5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from checkin.domain import spot
from checkin.models import SpotCheck
from checkin.store import spots
from checkin.usecases.spot import seeds, telling
from checkin.usecases.spot.plan import batches, plan
from shared import clock, ledger, outbox
from shared.attendance.spot import ANSWER, ISSUED, VOID
from shared.calendar import Calendar, local_date, month_days
from shared.directory import lookup
from shared.directory.models import Posting
from shared.events import SpotIssued
from shared.ids import new_id
from shared.progress import outages
from shared.progress.known import facts_of
from shared.progress.reading import Facts, orders_of, slips_of
from shared.rules.days import Pattern
from shared.rules.load import Programme
from shared.service import Runtime


@dataclass(frozen=True)
class Due:
    """A drawn check of a posting whose minute has come."""

    posting_id: str
    drawn: spot.Drawn


def due(session: Session, rt: Runtime, month: str, first: dt.date, now: dt.datetime) -> list[Due]:
    """The drawn checks of the month from `first` on whose minute has come and which were neither issued nor voided."""
    seed = seeds.opened(session, rt, month)
    if seed is None:
        return []
    today, found = local_date(now), []
    known, days = spots.taken(session, first, today), month_days(month)
    programmes = {row.id: row.programme_id for row in lookup.postings_between(session, days[0], days[-1])}
    windows_of = {name: lookup.programme(session, name, month).session_windows for name in set(programmes.values())}
    for posting_id, rows in spots.plans(session, month).items():
        windows = windows_of[programmes.get(posting_id) or lookup.posting(session, posting_id).programme_id]
        name = ledger.Stream.posting(posting_id).pseudonym(rt.keys.pepper)
        near = [spot.Batch(tuple(one for one in each.half_days if first <= one[0] <= today), each.threshold)
                for each in batches(rows)]  # fmt: skip
        found += [Due(posting_id, one) for one in spot.drawn(seed, name, near, windows)
                  if one.at <= now and (posting_id, one.day, one.half) not in known]  # fmt: skip
    return found


def issue(session: Session, rt: Runtime, found: list[Due], now: dt.datetime) -> int:
    """Issue or void these checks, each once; gives how many were issued."""
    outbox.alone(session, [turn(one.posting_id) for one in found])
    ledger.lock(session, rt.keys, {ledger.Stream.posting(one.posting_id) for one in found})
    calendar, issued = lookup.calendar(session), 0
    for one in found:
        others = spots.of_half_day(session, one.posting_id, one.drawn.day, one.drawn.half)
        if any(row.drawn for row in others):
            continue
        posting = lookup.posting(session, one.posting_id)
        row = new_row(session, posting, one.drawn.day, one.drawn.half, "drawn", one.drawn.outside)
        reason = "late" if now - one.drawn.at > spot.TOLERANCE else None
        reason = reason or ("other_check" if others else None) or cover(session, calendar, posting, row)
        if reason:
            row.state = VOID
            session.add(row)
            telling.void(session, rt, row, reason)
            continue
        send(session, rt, row, now)
        issued += 1
    return issued


def turn(posting_id: str) -> str:
    """The name under which checks of a posting are issued one at a time, drawn or a supervisor's own."""
    return f"spot-of:{posting_id}"


def new_row(session: Session, posting: Posting, day: dt.date, half: str, origin: str, outside: bool) -> SpotCheck:
    """A check that is not stored yet."""
    rostered = lookup.posting_terms(session, posting.id).roster.get((day, half))
    return SpotCheck(
        id=new_id(), posting_id=posting.id, person_id=posting.person_id, recipient_id=posting.recipient_id,
        clinic_id=rostered or (posting.clinics[0] if posting.clinics else None), service_date=day, session=half,
        drawn=origin == "drawn", origin=origin, outside=outside, busy=False, state=ISSUED, reason=None, issued_at=None, deadline=None,
        session_end=None, noticed_at=None, decision=None,
    )  # fmt: skip


def send(
    session: Session, rt: Runtime, row: SpotCheck, now: dt.datetime, actor: ledger.Actor | None = None, seed: bytes | None = None
) -> None:  # fmt: skip
    """Issue the check: its fact, its row, and the message that has its physician told."""
    posting = lookup.posting(session, row.posting_id)
    programme = lookup.programme(session, posting.programme_id, row.service_date)
    row.issued_at, row.deadline = now, now + ANSWER
    row.session_end = programme.session_windows.on(row.session, row.service_date)[1]
    session.add(row)
    said = {
        "issued_at": clock.iso(row.issued_at), "deadline": clock.iso(row.deadline), "session_end": clock.iso(row.session_end),
        "programme_id": programme.id, "rules_sha256": programme.sha256, "algorithm": spot.ALGORITHM,
        "seed": seed.hex() if seed else None,
    }  # fmt: skip
    telling.append(session, rt, "spotcheck.issued", row, said, actor)
    outbox.put(session, SpotIssued(row.id, row.posting_id, row.service_date.isoformat()))


def cover(session: Session, calendar: Calendar, posting: Posting, row: SpotCheck) -> str | None:
    """Why nobody is to be asked in this half-day: no_duty (closing, roster), leave, ordered_work, outage; else None.

    Leave and ordered work count from their filing until they are refused; an outage while it is declared.
    """
    day, half = row.service_date, row.session
    programme: Programme = lookup.programme(session, posting.programme_id, day)
    terms = lookup.posting_terms(session, posting.id)
    if not Pattern.of(programme, terms).owed(calendar, day)[half]:
        return "no_duty"
    known = _facts(session, posting.id, day)
    if any(slip.covers((day, half)) and slip.decision != "rejected" for slip in slips_of(known)):
        return "leave"
    if any(order.covers((day, half)) and order.decision != "rejected" for order in orders_of(known)):
        return "ordered_work"
    return "outage" if row.clinic_id and _outage(ledger.facts(session, row.clinic_id, day, day), clock.now()) else None


def _facts(session: Session, subject: str, day: dt.date) -> Facts:
    return facts_of(ledger.facts(session, subject, day, day))


def _outage(known: Iterable[ledger.Fact], now: dt.datetime) -> bool:
    """Whether a network outage lies over this instant; one without an end, or said by dates alone, lasts its whole days."""
    for fact in outages.standing(known):
        said = fact.payload
        if said.get("kind") not in ("network", "power", "system"):
            continue
        begins, ends = said.get("from_at"), said.get("to_at")
        if (begins is None or clock.parse_iso(begins) <= now) and (ends is None or now <= clock.parse_iso(ends)):
            return True
    return False


def begin(session: Session, rt: Runtime, now: dt.datetime) -> None:
    """A new installation: the running month gets its seed and plans at the first minute that is worked."""
    if spots.seed(session, f"{local_date(now):%Y-%m}") is None:
        plan(session, rt, now)
