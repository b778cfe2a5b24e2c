"""What an office says of a posting: the physician has arrived, and a note on a day (evidence.md §2.4)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from checkin.domain.requests import sessions_of
from checkin.usecases.deciding import actor, done_by, not_oneself
from shared import clock, ledger, outbox
from shared.directory import lookup
from shared.directory.models import Clinic, Posting
from shared.directory.scope import role_over
from shared.events import DayTouched
from shared.problems import DateOutsidePosting, InvalidBody, NotFound
from shared.roles import Principal
from shared.service import Runtime

CONFIRMERS = ("recipient_admin", "county_officer")
NOTERS = ("recipient_admin", "supporter_admin")


def confirm_arrival(rt: Runtime, who: Principal, body: dict[str, Any]) -> tuple[bool, dict[str, Any]]:
    """Confirm that the physician came in person with an ID: {client_event_id, posting_id, date, session, id_shown}; once.

    Raises NotFound, SelfApproval, InvalidBody, DateOutsidePosting, AlreadyDecided.
    """
    with rt.db.transaction() as session:
        posting, role = _over(session, who, body["posting_id"], CONFIRMERS)
        not_oneself(who, posting.person_id)
        day = _day(posting, body["date"])
        if not body["id_shown"]:
            raise InvalidBody("id_shown", "the ID was not shown", hint="请当面核对证件后再确认")
        ledger.lock(session, rt.keys, [ledger.Stream.posting(posting.id)])
        before = ledger.facts_of_kinds(session, posting.id, ("posting.arrival_confirmed",))
        key = bytes.fromhex(body["client_event_id"]), ledger.body_hash(body)
        if before and not ledger.seen(session, *key):
            raise done_by(session, before[0].payload["actor"]["person"], before[0].at)
        told = {"date": day.isoformat(), "session": body["session"], "id_shown": True}
        return _append(session, rt, who, (posting, role), "posting.arrival_confirmed", told, key, day)


def note_day(rt: Runtime, who: Principal, body: dict[str, Any]) -> tuple[bool, dict[str, Any]]:
    """Write a note on half-days of a posting: {client_event_id, posting_id, service_date, sessions, text}.

    It silences the presence reminders of these half-days and changes no figure. Raises NotFound, InvalidBody,
    DateOutsidePosting.
    """
    with rt.db.transaction() as session:
        posting, role = _over(session, who, body["posting_id"], NOTERS)
        day = _day(posting, body["service_date"])
        if not body["text"].strip():
            raise InvalidBody("text", "a text is wanted", hint="请写明情况")
        told = {
            "service_date": day.isoformat(),
            "sessions": sessions_of(body["sessions"]),
            "text": body["text"].strip(),
        }
        key = bytes.fromhex(body["client_event_id"]), ledger.body_hash(body)
        return _append(session, rt, who, (posting, role), "day.noted", told, key, day)


def clinics_of(rt: Runtime, posting_id: str) -> dict[str, str]:
    """The clinics of a posting by id, the usual one first."""
    with rt.db.read() as session:
        ids = lookup.posting(session, posting_id).clinics
        names = lookup.names(session, Clinic, ids)
    return {key: names[key] for key in ids if key in names}


def _append(
    session: Session, rt: Runtime, who: Principal, about: tuple[Posting, str], kind: str, told: dict[str, Any],
    key: tuple[bytes, bytes], day: dt.date,
) -> tuple[bool, dict[str, Any]]:  # fmt: skip
    posting, role = about
    entry = ledger.append(
        session, rt.keys, kind=kind, stream=ledger.Stream.posting(posting.id), actor=actor(session, who, role, posting),
        client_event_id=key[0], body_hash=key[1], payload={"posting_id": posting.id, **told},
    )  # fmt: skip
    if not entry.repeated:
        outbox.put(session, DayTouched(entry.entry_id, posting.id, day.isoformat(), day.isoformat()))
    return not entry.repeated, {
        "posting_id": posting.id,
        "entry_id": entry.entry_id,
        "at": clock.iso(entry.at),
        "receipt": entry.receipt,
    }


def _over(session: Session, who: Principal, posting_id: str, roles: tuple[str, ...]) -> tuple[Posting, str]:
    posting = lookup.posting(session, posting_id)
    role = role_over(session, who, posting, roles)
    if role is None:
        raise NotFound(f"no posting {posting_id[:40]} in scope")
    return posting, role


def _day(posting: Posting, text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise InvalidBody("date", "not a date") from error
    if day < posting.start or (posting.end and day > posting.end):
        raise DateOutsidePosting(f"the posting does not hold {day}")
    if day > clock.today():
        raise InvalidBody("date", "still to come", hint="还没有到这一天")
    return day
