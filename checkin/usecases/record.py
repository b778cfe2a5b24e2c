"""Record one tap: seen before? → clinic → weighed → posting → judged → one transaction of fact, outbox row and own row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from checkin import store
from checkin.domain.verdict import Standing, Weighed, judge, weigh
from checkin.models import Attendance
from checkin.usecases import arrival, fact, refuse
from checkin.usecases.arrival import Sender
from checkin.usecases.fact import Case, Request
from shared import clock, ledger, outbox
from shared.attendance import flags
from shared.attendance.session import Tap
from shared.directory import lookup
from shared.directory.models import Posting
from shared.events import DayTouched
from shared.problems import Forbidden, IdempotencyConflict, InvalidBody, NotYourRecord, Problem
from shared.progress import store as progress_store
from shared.roles import Principal
from shared.rules.load import Programme
from shared.service import Runtime

REPEAT_SECONDS = 60


class AlreadyRecorded(Problem):
    """The slot, or the same action within 60 s, is in the ledger already; `receipt` is the earlier one."""

    status, slug, title = 409, "already-recorded", "这次签到之前已收到,回执 {code}"

    def __init__(self, earlier: ledger.Appended) -> None:
        """`earlier`: the entry that was made first."""
        receipt = earlier.receipt
        super().__init__("this slot or action was recorded before", receipt=receipt, code=receipt.get("code", ""))
        self.earlier = earlier


@dataclass(frozen=True)
class Recorded:
    """A tap in the ledger: its row, the clinic's name, and the entry with its receipt."""

    row: Attendance
    clinic_name: str
    entry: ledger.Appended


def record_event(
    rt: Runtime, who: Principal, item: dict[str, Any], *, install: str | None = None, address: str | None = None
) -> tuple[bool, Recorded]:
    """Record one tap of a physician; (True, …) when it is new, (False, …) with the first receipt for a repeat.

    `item` has the shape of evidence.md §4. Raises NotYourRecord, IdempotencyConflict, AlreadyRecorded, and, kept as
    evidence first, UnknownCode, NoOpenPosting, CodeWrong, CodeLocked. No code problem but 8 wrong digits refuses a tap.
    """
    tap = _tap(who, item, Sender(install, address))
    try:
        with rt.db.transaction() as session:
            result = _record(session, rt, tap)
    except IntegrityError:  # another request used this slot meanwhile; the second look finds it
        with rt.db.transaction() as session:
            result = _record(session, rt, tap, contended=True)
    if isinstance(result, Problem):
        raise result
    return not result.entry.repeated, result


def _tap(who: Principal, item: dict[str, Any], sender: Sender) -> Request:
    if not who.has("doctor"):
        raise Forbidden("only a physician records attendance")
    body = item["body"]
    if not who.person_id or body["person"] != who.person_id:
        raise NotYourRecord("the item names another person than the one signed in")
    try:
        digest = ledger.body_hash(body)
    except ledger.ProfileError as error:
        raise InvalidBody("body", str(error)) from error
    return Request(who, item, bytes.fromhex(body["client_event_id"]), digest, clock.now(), sender)


def _record(session: Session, rt: Runtime, tap: Request, *, contended: bool = False) -> Recorded | Problem:
    """The transaction. A refusal that is evidence is written and given back; every other one rolls back by raising."""
    first = ledger.seen(session, tap.client_event_id, tap.body_hash)
    if first is not None:
        return _repeat(session, tap, first)
    attempt = refuse.Attempt(tap.person_id, tap.client_event_id, tap.body_hash, tap.body, tap.now)
    postings = lookup.open_postings(session, tap.person_id, clock.local_date(tap.now))
    site = arrival.find_site(session, rt.keys, tap.body, tap.now, postings)
    if site is None:
        missing = (
            refuse.UnknownCode()
            if (tap.body.get("site_token") or tap.body.get("clinic_id"))
            else refuse.NoOpenPosting()
        )
        return refuse.keep(session, rt, replace(attempt, posting=postings[0] if postings else None), missing)
    arrived = arrival.read(rt, tap.item, site, tap.now, tap.sender)
    weighed = weigh(arrived)
    if weighed.service_date != clock.local_date(tap.now):
        postings = lookup.open_postings(session, tap.person_id, weighed.service_date)
    posting = next((each for each in postings if site.clinic.id in each.clinics), postings[0] if postings else None)
    attempt = replace(attempt, clinic_id=site.clinic.id, posting=posting)
    if posting is None:
        return refuse.keep(session, rt, attempt, refuse.NoOpenPosting())
    if refused := _wrong_digits(session, rt, tap, weighed, attempt):
        return refused
    programme = lookup.programme(session, posting.programme_id, weighed.service_date)
    if weighed.proof.slot is None:
        ledger.lock(session, rt.keys, [ledger.Stream.posting(posting.id)])
    rows = [row for row in store.day_rows(session, posting.id, weighed.service_date) if row.clinic_id == site.clinic.id]
    verdict = judge(programme.session_windows, taps_of(rows), arrived, weighed, _standing(posting, programme))
    case = Case(site, posting, programme, weighed, verdict)
    earlier = _earlier(session, tap, case, rows, contended=contended)
    return _again(session, tap, earlier) if earlier else _write(session, rt, tap, case)


def _wrong_digits(
    session: Session, rt: Runtime, tap: Request, weighed: Weighed, attempt: refuse.Attempt
) -> Problem | None:
    """8 digits sent online: locked out, or wrong. The stream's lock keeps parallel guesses in line."""
    if not tap.body.get("typed") or not tap.body.get("online", True) or weighed.proof.ticket_id:
        return None
    assert attempt.posting is not None
    ledger.lock(session, rt.keys, [ledger.Stream.posting(attempt.posting.id)])
    problem = refuse.locked(session, attempt) or (refuse.CodeWrong() if weighed.proof.check == "wrong" else None)
    return refuse.keep(session, rt, attempt, problem) if problem else None


def _earlier(
    session: Session, tap: Request, case: Case, rows: list[Attendance], *, contended: bool
) -> Attendance | None:
    """The tap that used this slot before; without a slot, the same action within 60 s."""
    slot, at = case.weighed.proof.slot, case.weighed.effective_at
    if slot is not None:
        used = next((row for row in rows if row.slot == slot), None)
        return used or (store.by_slot(session, tap.person_id, case.site.clinic.id, slot) if contended else None)
    return next((row for row in rows if row.direction == case.verdict.direction
                 and abs(row.effective_at - at).total_seconds() < REPEAT_SECONDS), None)  # fmt: skip


def _again(session: Session, tap: Request, earlier: Attendance) -> Recorded:
    """This very request, stored by its twin meanwhile; for another one AlreadyRecorded is raised with that receipt."""
    first = ledger.find_client_event(session, earlier.client_event_id)
    assert first is not None, "every row has its entry"
    if earlier.client_event_id == tap.client_event_id:
        return _repeat(session, tap, first)
    raise AlreadyRecorded(first)


def _write(session: Session, rt: Runtime, tap: Request, case: Case) -> Recorded:
    """Fact, outbox row and own row."""
    progress_store.note_contact(session, tap.person_id, tap.item)
    entry = ledger.append(
        session, rt.keys, kind="attendance.recorded", stream=ledger.Stream.posting(case.posting.id),
        payload=fact.payload(rt.keys, tap, case), client_event_id=tap.client_event_id, body_hash=tap.body_hash,
        actor=ledger.Actor(tap.person_id, "doctor", case.posting.supporter_id),
    )  # fmt: skip
    if entry.repeated:
        return _repeat(session, tap, entry)
    day = case.weighed.service_date.isoformat()
    outbox.put(session, DayTouched(entry.entry_id, case.posting.id, day, day))
    row = fact.row(tap, case, entry)
    session.add(row)
    session.flush()
    return Recorded(row, case.site.clinic.name, entry)


def _repeat(session: Session, tap: Request, first: ledger.Appended) -> Recorded:
    """The first receipt again, byte for byte; anything but the same body is a conflict that discloses nothing."""
    row = session.get(Attendance, first.entry_id) if first.body_hash == tap.body_hash else None
    if row is None:
        raise IdempotencyConflict("client_event_id is known with another body")
    return Recorded(row, lookup.clinic(session, row.clinic_id).name, first)


def _standing(posting: Posting, programme: Programme) -> Standing:
    return Standing(tuple(posting.clinics), registered(posting, programme))


def registered(posting: Posting, programme: Programme) -> bool:
    """Whether the posting's registration is acknowledged, or its programme asks for none (rules.md, kind approval)."""
    return bool(posting.registration_no) or not any(rule.kind == "approval" for rule in programme.rules)


def taps_of(rows: list[Attendance]) -> list[Tap]:
    """Own rows as the pure rules read them; a red flag keeps a tap from counting."""
    return [
        Tap(row.id, row.direction, row.clinic_id, row.effective_at, flags.counts(row.flags), tuple(row.flags))
        for row in rows
    ]
