"""Corrections: asked for by the physician (by the recipient after a declared outage), withdrawn, listed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from checkin import store
from checkin.domain import requests
from checkin.models import Correction
from checkin.usecases.deciding import actor, already, seen_locked
from shared import clock, files, ledger, outbox
from shared.directory import lookup
from shared.directory.models import Posting
from shared.directory.scope import role_over
from shared.events import DayTouched
from shared.ids import new_id
from shared.problems import DateOutsidePosting, IdempotencyConflict, InvalidBody, NotFound, NotYourRecord, Problem
from shared.progress import outages
from shared.progress import store as progress_store
from shared.roles import Principal
from shared.rules.days import window_open
from shared.rules.load import Programme
from shared.service import Runtime

COUNTED = ("requested", "approved")


class DateInFuture(Problem):
    """The service date has not begun."""

    status, slug, title = 422, "date-in-future", "还没有到这一天"


class CorrectionWindowOver(Problem):
    """Filed after 24:00 of the last workday of the window."""

    status, slug, title = 409, "correction-window-over", "已超过 {workdays} 个工作日,不能补签"


class CorrectionQuotaUsed(Problem):
    """So many requests of the month are approved or pending already."""

    status, slug, title = 409, "correction-quota-used", "本月补签次数已用完"


class NoOutage(Problem):
    """The recipient asks only for a declared outage."""

    status, slug, title = 409, "no-outage", "这个医疗点当天没有登记过停电、断网或设备故障"


@dataclass(frozen=True)
class _Filing:
    who: Principal
    role: str
    posting: Posting
    programme: Programme
    day: dt.date
    body: dict[str, Any]
    key: tuple[bytes, bytes]
    now: dt.datetime


def request_correction(rt: Runtime, who: Principal, item: dict[str, Any]) -> tuple[bool, Correction, dict[str, Any]]:
    """Ask for a correction: the item of evidence.md §4, body as schemas.CorrectionBody. (new?, row, receipt).

    A repeat gives the first receipt. Raises NotYourRecord, IdempotencyConflict, InvalidBody, DateInFuture,
    DateOutsidePosting, CorrectionWindowOver, CorrectionQuotaUsed, NoOutage; nothing is appended then.
    """
    body = item["body"]
    if not who.person_id or body["person"] != who.person_id:
        raise NotYourRecord("the item names another person than the one signed in")
    try:
        key, day = (bytes.fromhex(body["client_event_id"]), ledger.body_hash(body)), dt.date.fromisoformat(body["service_date"])
    except ledger.ProfileError as error:
        raise InvalidBody("body", str(error)) from error
    except ValueError as error:
        raise InvalidBody("service_date", "not a date") from error
    with rt.db.transaction() as session:
        progress_store.note_contact(session, who.person_id, item)
        if known := ledger.seen(session, *key):
            return False, _known(session, known), known.receipt
        if day > clock.today():
            raise DateInFuture(f"{day} has not begun")
        posting, role = _posting(session, who, body, day)
        programme = lookup.programme(session, posting.programme_id, day)
        for name in sorted(body.get("supersedes") or ()):
            store.correction_for_decision(session, name)  # rows before the chain, in the order of whoever decides them
        if known := seen_locked(session, rt, posting.id, key):  # parallel requests are counted one by one
            return False, _known(session, known), known.receipt
        return _file(session, rt, _Filing(who, role, posting, programme, day, body, key, clock.now()))


def _known(session: Session, known: ledger.Appended) -> Correction:
    row = store.correction_of_entry(session, known.entry_id)
    if row is None:
        raise IdempotencyConflict("client_event_id is known from another kind of entry")
    return row


def _posting(session: Session, who: Principal, body: dict[str, Any], day: dt.date) -> tuple[Posting, str]:
    """The posting that holds the date, and in which role it is asked: the physician's own, or one of the recipient's."""
    if named := body.get("posting_id"):
        posting = lookup.posting(session, named)
        if posting.person_id != who.person_id:
            if role_over(session, who, posting, ("recipient_admin",)) is None:
                raise NotFound(f"no posting {named} in scope")
            if posting.start > day or (posting.end and posting.end < day):
                raise DateOutsidePosting(f"the posting does not hold {day}")
            return posting, "recipient_admin"
    own = lookup.open_postings(session, who.person_id or "", day) if who.has("doctor") else []
    if not own:
        raise DateOutsidePosting(f"no posting of the person holds {day}")
    return next((one for one in own if body["clinic_id"] in one.clinics), own[0]), "doctor"


def _file(session: Session, rt: Runtime, filing: _Filing) -> tuple[bool, Correction, dict[str, Any]]:
    body, posting = filing.body, filing.posting
    if found := requests.correction_mistake(body, filing.day, filing.programme.session_windows, filing.now):
        raise InvalidBody(found[0], "does not fit", hint=found[1])
    if body["clinic_id"] not in posting.clinics:
        raise InvalidBody("clinic_id", "not a clinic of the posting", hint="这个医疗点不在派驻范围内")
    earlier, targets = _superseded(session, filing)
    first_filed = earlier.filed_at if earlier else filing.now
    if not window_open(filing.programme, lookup.calendar(session), filing.day, first_filed):
        workdays = filing.programme.setting("correction.window_workdays")
        raise CorrectionWindowOver(f"the window of {filing.day} is over", workdays=workdays)
    outage = declared_outage(session, body["clinic_id"], filing.day)
    if filing.role == "recipient_admin" and not outage:
        raise NoOutage(f"no outage of the clinic on {filing.day}")
    if not outage:
        check_quota(session, posting.id, filing.day, filing.programme)
    files.check_uploads(session, filing.who.person_id, filing.body.get("attachment_sha256") or ())
    row, receipt = _append(session, rt, filing, (first_filed, targets), outage=outage)
    if earlier:
        earlier.state = "superseded"
    return True, row, receipt


def _superseded(session: Session, filing: _Filing) -> tuple[Correction | None, list[str]]:
    """The own returned request that is filed again, and the taps the request is about. Raises InvalidBody."""
    named = list(dict.fromkeys(filing.body.get("supersedes") or ()))
    taps = {row.id for row in store.day_rows(session, filing.posting.id, filing.day)}
    earlier = [row for name in named if (row := store.correction(session, name)) and name not in taps]
    ours = all(row.posting_id == filing.posting.id and row.asked_by == filing.who.person_id for row in earlier)
    targets = [name for name in named if name in taps]
    right = ours and len(earlier) <= 1 and len(earlier) + len(targets) == len(named)
    if not right or any(row.state != "returned" or row.service_date != filing.day for row in earlier):
        raise InvalidBody("supersedes", "own taps of the date, or one own returned request", hint="找不到要更正的记录")
    if filing.body["what"].startswith("wrong") and not targets:
        raise InvalidBody("supersedes", "the tap that is wrong is wanted", hint="请选择要更正的签到记录")
    return (earlier[0] if earlier else None), targets


def declared_outage(session: Session, clinic_id: str, day: dt.date) -> bool:
    """Whether an outage of the clinic was declared for the date (clinic.outage_declared)."""
    return any(outages.holds(fact, day) for fact in outages.standing(ledger.facts(session, clinic_id, day, day)))


def check_quota(session: Session, posting_id: str, day: dt.date, programme: Programme) -> None:
    """Raise CorrectionQuotaUsed when the date's month has its number of requests approved or pending."""
    limit = programme.setting("correction.max_per_month")
    if store.corrections_counted(session, posting_id, day, COUNTED) >= limit:
        raise CorrectionQuotaUsed(f"{limit} requests of the month are approved or pending", limit=limit)


def _append(
    session: Session, rt: Runtime, filing: _Filing, again: tuple[dt.datetime, list[str]], *, outage: bool
) -> tuple[Correction, dict[str, Any]]:  # fmt: skip
    body, posting, correction_id = filing.body, filing.posting, new_id()
    claimed = {way: clock.iso(at) for way, at in requests.claims(body).items()}
    sessions = requests.sessions_of(body["sessions"])
    text, attached = (body.get("text") or "").strip(), list(body.get("attachment_sha256") or ())
    entry = ledger.append(
        session, rt.keys, kind="correction.requested", stream=ledger.Stream.posting(posting.id),
        actor=actor(session, filing.who, filing.role, posting), client_event_id=filing.key[0], body_hash=filing.key[1],
        payload={
            "posting_id": posting.id, "programme_id": filing.programme.id, "rules_sha256": filing.programme.sha256,
            "correction_id": correction_id, "service_date": filing.day.isoformat(), "sessions": sessions,
            "clinic_id": body["clinic_id"], "what": body["what"], "claimed_at": claimed or None,
            "reason_code": body["reason_code"], "text": text, "supersedes": list(body.get("supersedes") or ()),
            "attachment_sha256": attached, "outage": outage, "filed_at": clock.iso(filing.now), "body": body,
        },
    )  # fmt: skip
    row = Correction(
        id=correction_id, entry_id=entry.entry_id, posting_id=posting.id, person_id=posting.person_id,
        asked_by=filing.who.person_id, service_date=filing.day, sessions=sessions, clinic_id=body["clinic_id"],
        what=body["what"], claimed=claimed, targets=again[1], reason_code=body["reason_code"], text=text,
        attachments=attached, outage=outage, filed_at=again[0], state="requested", decision=None,
    )  # fmt: skip
    session.add(row)
    touch(session, entry.entry_id, row)
    return row, entry.receipt


def withdraw(rt: Runtime, who: Principal, correction_id: str) -> Correction:
    """Take back an own request before it is decided. Raises NotFound for another's, AlreadyDecided."""
    with rt.db.transaction() as session:
        row = store.correction_for_decision(session, correction_id)
        if row is None or not who.person_id or row.asked_by != who.person_id:
            raise NotFound(f"no correction {correction_id}")
        if row.state not in ("requested", "returned"):
            raise already(session, row)
        posting = lookup.posting(session, row.posting_id)
        role = "doctor" if row.person_id == who.person_id else "recipient_admin"
        entry = ledger.append(
            session, rt.keys, kind="correction.withdrawn", stream=ledger.Stream.posting(posting.id),
            actor=actor(session, who, role, posting),
            payload={"posting_id": posting.id, "correction_id": row.id, "service_date": row.service_date.isoformat()},
        )  # fmt: skip
        row.state = "withdrawn"
        row.decision = {"by": who.person_id, "role": role, "at": clock.iso(entry.at), "decision": "withdrawn",
                        "note": "", "entry_id": entry.entry_id, "history": []}  # fmt: skip
        touch(session, entry.entry_id, row)
        return row


def own_corrections(rt: Runtime, who: Principal, after: Sequence[Any] | None, limit: int) -> list[Correction]:
    """Up to limit + 1 requests about or by the person, newest first; `after` = (id,) of the last one shown before."""
    with rt.db.read() as session:
        return store.corrections_of(session, who.person_id or "", limit + 1, after[0] if after else None)


def touch(session: Session, entry_id: str, row: Correction) -> None:
    """Ask for the date to be folded."""
    day = row.service_date.isoformat()
    outbox.put(session, DayTouched(entry_id, row.posting_id, day, day))
