"""What every entry of the work log passes first: whose it is, its id, its date, its posting, its month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from shared import clock, ledger, outbox
from shared.directory import lookup
from shared.directory.models import Posting
from shared.events import DayTouched
from shared.problems import DateOutsidePosting, Forbidden, InvalidBody, MonthLocked, NotYourRecord, Problem
from shared.progress import lookup as progress_lookup
from shared.roles import Principal
from shared.service import Runtime


class DateInFuture(Problem):
    """The service date has not begun."""

    status, slug, title = 422, "date-in-future", "还没有到这一天"


@dataclass(frozen=True)
class Filing:
    """One request: the physician, the body as it was signed, its key, and when it was received."""

    person_id: str
    body: dict[str, Any]
    client_event_id: bytes
    body_hash: bytes
    now: dt.datetime
    day: dt.date


def open_filing(who: Principal, body: dict[str, Any], mistakes: Iterable[tuple[str, str]]) -> Filing:
    """Check what needs no database. Raises Forbidden, NotYourRecord, InvalidBody, DateInFuture."""
    if not who.has("doctor"):
        raise Forbidden("only a physician writes a work log")
    if not who.person_id or body["person"] != who.person_id:
        raise NotYourRecord("the item names another person than the one signed in")
    for field, reason in mistakes:
        raise InvalidBody(field, reason, hint=reason)
    try:
        digest, day = ledger.body_hash(body), dt.date.fromisoformat(body["service_date"])
    except ledger.ProfileError as error:
        raise InvalidBody("body", str(error)) from error
    except ValueError as error:
        raise InvalidBody("service_date", "not a date") from error
    if day > clock.today():
        raise DateInFuture(f"{day} has not begun")
    return Filing(who.person_id, body, bytes.fromhex(body["client_event_id"]), digest, clock.now(), day)


def posting_for(session: Session, filing: Filing, clinic_id: str | None = None) -> Posting:
    """The posting that holds the date (the one with this clinic first). Raises DateOutsidePosting, MonthLocked."""
    postings = lookup.open_postings(session, filing.person_id, filing.day)
    if not postings:
        raise DateOutsidePosting(f"no posting of the person holds {filing.day}")
    posting = next((each for each in postings if clinic_id in each.clinics), postings[0])
    if progress_lookup.month_locked(session, posting.id, filing.day):
        raise MonthLocked(f"the month of {filing.day} is closed")
    return posting


def append(
    session: Session, rt: Runtime, filing: Filing, posting: Posting, kind: str, fact: dict[str, Any]
) -> ledger.Appended:  # fmt: skip
    """Append the fact, tell the fold, and remember what the phone says it still holds."""
    entry = ledger.append(
        session, rt.keys, kind=kind, stream=ledger.Stream.posting(posting.id),
        actor=ledger.Actor(filing.person_id, "doctor", posting.supporter_id),
        client_event_id=filing.client_event_id, body_hash=filing.body_hash,
        payload={
            "posting_id": posting.id, "programme_id": posting.programme_id,
            "client_event_id": filing.client_event_id.hex(), "service_date": filing.day.isoformat(),
            "filed_at": clock.iso(filing.now), "supersedes": None, **fact, "body": filing.body,
        },
    )  # fmt: skip
    if not entry.repeated:
        day = filing.day.isoformat()
        outbox.put(session, DayTouched(entry.entry_id, posting.id, day, day))
    return entry
