"""Leave: asked for by the physician, late filing marked, never refused (evidence.md §11, continuity.md §1.3)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from checkin import store
from checkin.domain.requests import LEAVE_TYPES, too_far
from checkin.models import Leave
from checkin.usecases.deciding import seen_locked
from shared import clock, files, ledger, outbox
from shared.directory import lookup
from shared.directory.models import Posting
from shared.events import DayTouched
from shared.ids import new_id
from shared.problems import DateOutsidePosting, IdempotencyConflict, InvalidBody, NotYourRecord
from shared.progress import store as progress_store
from shared.roles import Principal
from shared.rules.days import Pattern, Slip, duty_half_days, level_needed, slip_verdict
from shared.service import Runtime

OPEN = ("requested", "endorsed")
LONGEST = 366
"""Days a slip may span at most."""


@dataclass(frozen=True)
class LeaveState:
    """A request as its physician and its deciders see it: level = lowest approval level, half_days of duty covered."""

    id: str
    state: str
    level: int
    half_days: int
    filed_late: bool
    receipt: dict[str, Any]


def file_leave(
    rt: Runtime, who: Principal, body: dict[str, Any], item: dict[str, Any] | None = None
) -> tuple[bool, LeaveState]:
    """Ask for leave: {client_event_id, person, type, from, to, from_session?, to_session?, reason_code?, text?, supersedes?,
    attachment_sha256?}, and the item it came in.

    (True, …) when new, (False, …) with the first receipt for a repeat. Late filing is marked, never refused. A request that
    was returned is filed again by naming it in `supersedes`: the first filing counts. Raises NotYourRecord,
    IdempotencyConflict, InvalidBody, DateOutsidePosting.
    """
    if not who.has("doctor") or not who.person_id or body["person"] != who.person_id:
        raise NotYourRecord("leave is asked for by the physician")
    try:
        key, digest = bytes.fromhex(body["client_event_id"]), ledger.body_hash(body)
    except ledger.ProfileError as error:
        raise InvalidBody("body", str(error)) from error
    first, last = span_of(body)
    with rt.db.transaction() as session:
        progress_store.note_contact(session, who.person_id, item or {})
        if known := ledger.seen(session, key, digest):
            return False, _known(session, known)
        posting = posting_of(session, who.person_id, first[0], last[0])
        if name := body.get("supersedes"):
            store.leave_for_decision(session, name)  # the row before the chain, in the order of whoever decides it
        if known := seen_locked(session, rt, posting.id, (key, digest)):
            return False, _known(session, known)
        earlier = _returned(session, posting, body.get("supersedes"))
        files.check_uploads(session, who.person_id, body.get("attachment_sha256") or ())
        slip = Slip("", body["type"], first, last, earlier.filed_at if earlier else clock.now(), "pending")
        filed = _file(session, rt, posting, slip, body, (key, digest))
        if earlier:
            earlier.state = "superseded"
        return True, filed


def _known(session: Session, known: ledger.Appended) -> LeaveState:
    row = store.leave_of_entry(session, known.entry_id)
    if row is None:
        raise IdempotencyConflict("client_event_id is known with another body")
    return state_of(row, known.receipt)


def _returned(session: Session, posting: Posting, leave_id: str | None) -> Leave | None:
    """The own request that was returned and is filed again. Raises InvalidBody for anything else."""
    if not leave_id:
        return None
    row = session.get(Leave, leave_id)
    if row is None or row.posting_id != posting.id or row.state != "returned":
        raise InvalidBody("supersedes", "not an own returned request", hint="找不到要重新提交的申请")
    return row


def _file(
    session: Session, rt: Runtime, posting: Posting, slip: Slip, body: dict[str, Any], key: tuple[bytes, bytes]
) -> LeaveState:  # fmt: skip
    programme = lookup.programme(session, posting.programme_id, slip.first[0])
    half_days, level, late = measured(session, posting, slip)
    leave_id = new_id()
    entry = ledger.append(
        session, rt.keys, kind="leave.requested", stream=ledger.Stream.posting(posting.id),
        actor=ledger.Actor(posting.person_id, "doctor", posting.supporter_id), client_event_id=key[0], body_hash=key[1],
        payload={
            "posting_id": posting.id, "programme_id": programme.id, "rules_sha256": programme.sha256,
            "leave_id": leave_id, "type": slip.type, "from": slip.first[0].isoformat(),
            "to": slip.last[0].isoformat(), "from_session": slip.first[1], "to_session": slip.last[1],
            "half_days": half_days, "reason_code": body.get("reason_code") or "other", "text": body.get("text"),
            "filed_late": late, "filed_at": clock.iso(clock.now()), "supersedes": body.get("supersedes"),
            "attachment_sha256": list(body.get("attachment_sha256") or ()), "body": body,
        },
    )  # fmt: skip
    row = Leave(
        id=leave_id, entry_id=entry.entry_id, posting_id=posting.id, person_id=posting.person_id, type=slip.type,
        first_day=slip.first[0], first_session=slip.first[1], last_day=slip.last[0], last_session=slip.last[1],
        half_days=half_days, level=level, filed_at=slip.filed_at, filed_late=late,
        state="requested", decision=None,
    )  # fmt: skip
    session.add(row)
    touch(session, entry.entry_id, row)
    return state_of(row, entry.receipt)


def measured(session: Session, posting: Posting, slip: Slip) -> tuple[int, int, bool]:
    """(duty half-days the slip lies over, approval level its length asks for, whether it was filed late)."""
    programme = lookup.programme(session, posting.programme_id, slip.first[0])
    calendar, pattern = lookup.calendar(session), Pattern.of(programme, lookup.posting_terms(session, posting.id))
    half_days = duty_half_days(slip, calendar, pattern)
    late = slip_verdict(slip, programme, calendar, pattern)[1] == "leave_late"
    return half_days, level_needed(programme, half_days), late


def span_of(body: dict[str, Any]) -> tuple[tuple[dt.date, str], tuple[dt.date, str]]:
    """(first, last) half-day of a leave body. Raises InvalidBody for an unknown type or a span that is none."""
    if body.get("type") not in LEAVE_TYPES:
        raise InvalidBody("type", f"one of {', '.join(LEAVE_TYPES)}")
    try:
        first, last = (
            (dt.date.fromisoformat(body[name]), body.get(f"{name}_session") or usual)
            for name, usual in (("from", "am"), ("to", "pm"))
        )
    except ValueError as error:
        raise InvalidBody("from", "not a date") from error
    if too_far(last[0], clock.today()):
        raise InvalidBody("to", "too far ahead", hint="日期太远,请检查年份")
    if last < first or (last[0] - first[0]).days > LONGEST:
        raise InvalidBody("to", "ends before it begins")
    return first, last


def posting_of(session: Session, person_id: str, first: dt.date, last: dt.date) -> Posting:
    """The posting that holds the whole span. Raises DateOutsidePosting."""
    for posting in lookup.open_postings(session, person_id, first):
        if posting.end is None or last <= posting.end:
            return posting
    raise DateOutsidePosting(f"no posting of the person holds {first} to {last}")


def touch(session: Session, entry_id: str, row: Leave) -> None:
    """Ask for the dates of the slip to be folded."""
    span = (row.first_day.isoformat(), row.last_day.isoformat())
    outbox.put(session, DayTouched(entry_id, row.posting_id, *span))


def state_of(row: Leave, receipt: dict[str, Any]) -> LeaveState:
    """The request as it is shown."""
    return LeaveState(row.id, row.state, row.level, row.half_days, row.filed_late, receipt)
