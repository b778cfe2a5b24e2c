"""Ordered work (抽调): filed by an office with document number and issuer, decided by another person, revoked by the county."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from checkin import store
from checkin.domain.requests import too_far
from checkin.models import OrderedWork
from checkin.usecases.asked import order_view
from checkin.usecases.deciding import Ruling, actor, already, check_open, not_oneself, seen_locked
from shared import clock, files, ledger, outbox
from shared.directory import lookup
from shared.directory.models import Posting
from shared.directory.scope import role_over
from shared.events import DayTouched
from shared.ids import new_id
from shared.problems import DateOutsidePosting, IdempotencyConflict, InvalidBody, NotFound
from shared.progress.asked import BY_RECIPIENT
from shared.roles import Principal
from shared.rules import words
from shared.rules.schema import ISSUERS
from shared.service import Runtime

FILERS = ("recipient_admin", "supporter_admin", "county_officer")
DECIDERS = ("recipient_admin", "county_officer")
DECISIONS = ("accepted", "rejected")
REVOCABLE = ("filed", "accepted")
LONGEST = 366


def file_order(rt: Runtime, who: Principal, body: dict[str, Any]) -> tuple[bool, OrderedWork]:
    """File ordered work of a posting: {client_event_id, posting_id, kind, doc_no, issuer, issuer_level, from, to, …}.

    Raises NotFound outside the scope, InvalidBody (an issuer below `[ordered] min_issuer` covers nothing),
    DateOutsidePosting, IdempotencyConflict.
    """
    key = bytes.fromhex(body["client_event_id"]), ledger.body_hash(body)
    with rt.db.transaction() as session:
        posting = lookup.posting(session, body["posting_id"])
        role = role_over(session, who, posting, FILERS)
        if role is None:
            raise NotFound(f"no posting {body['posting_id']} in scope")
        if known := seen_locked(session, rt, posting.id, key):
            row = store.order_of_entry(session, known.entry_id)
            if row is None:
                raise IdempotencyConflict("client_event_id is known from another kind of entry")
            return False, row
        span = _span(posting, body)
        _check(session, who, posting, body, span[0][0])
        return True, _append(session, rt, who, (role, posting, span), body, key)


def _span(posting: Posting, body: dict[str, Any]) -> tuple[tuple[dt.date, str], tuple[dt.date, str]]:
    try:
        first = dt.date.fromisoformat(body["from"]), body.get("from_session") or "am"
        last = dt.date.fromisoformat(body["to"]), body.get("to_session") or "pm"
    except ValueError as error:
        raise InvalidBody("from", "not a date") from error
    if last < first or (last[0] - first[0]).days > LONGEST:
        raise InvalidBody("to", "ends before it begins", hint="结束不能早于开始")
    if too_far(last[0], clock.today()):
        raise InvalidBody("to", "too far ahead", hint="日期太远,请检查年份")
    if first[0] < posting.start or (posting.end is not None and last[0] > posting.end):
        raise DateOutsidePosting("the posting does not hold the whole span")
    return first, last


def _check(session: Session, who: Principal, posting: Posting, body: dict[str, Any], day: dt.date) -> None:
    lowest = lookup.programme(session, posting.programme_id, day).setting("ordered.min_issuer")
    if body["kind"] not in BY_RECIPIENT and ISSUERS.index(body["issuer_level"]) < ISSUERS.index(lowest):
        raise InvalidBody("issuer_level", f"at least {lowest}", hint=f"发文单位至少是{words.SUBJECTS[lowest]}")
    if not body["doc_no"].strip():
        raise InvalidBody("doc_no", "a document number is wanted", hint="请填写文号")
    files.check_uploads(session, who.person_id, body.get("attachment_sha256") or ())


def _append(
    session: Session,
    rt: Runtime,
    who: Principal,
    about: tuple[str, Posting, Any],
    body: dict[str, Any],
    key: tuple[bytes, bytes],
) -> OrderedWork:
    (role, posting, (first, last)), ordered_id, now = about, new_id(), clock.now()
    told = {
        "kind": body["kind"],
        "doc_no": body["doc_no"].strip(),
        "issuer": body["issuer"].strip(),
        "issuer_level": body["issuer_level"],
    }
    attached = list(body.get("attachment_sha256") or ())
    entry = ledger.append(
        session, rt.keys, kind="ordered_work.filed", stream=ledger.Stream.posting(posting.id),
        actor=actor(session, who, role, posting), client_event_id=key[0], body_hash=key[1],
        payload={"posting_id": posting.id, "ordered_id": ordered_id, **told, "from": first[0].isoformat(), "to": last[0].isoformat(),
                 "from_session": first[1], "to_session": last[1], "attachment_sha256": attached,
                 "programme_id": posting.programme_id, "filed_at": clock.iso(now)},
    )  # fmt: skip
    row = OrderedWork(
        id=ordered_id, entry_id=entry.entry_id, posting_id=posting.id, filed_by=who.person_id, **told, first_day=first[0],
        first_session=first[1], last_day=last[0], last_session=last[1], attachments=attached, filed_at=now, state="filed",
        decision=None,
    )  # fmt: skip
    session.add(row)
    _touch(session, entry.entry_id, row)
    return row


def decide_order(rt: Runtime, who: Principal, ordered_id: str, ruling: Ruling) -> OrderedWork:
    """Accept or reject: the county, for meetings and travel the recipient too; never the filer, nor about oneself.

    Raises NotFound outside the scope, SelfApproval, AlreadyDecided, InvalidBody for a refusal without reason.
    """
    ruling.check(DECISIONS)
    with rt.db.transaction() as session:
        row = store.order_for_decision(session, ordered_id)
        posting = lookup.posting(session, row.posting_id) if row else None
        role = role_over(session, who, posting, _deciders(row)) if posting and row else None
        if row is None or posting is None or role is None:
            raise NotFound(f"no ordered work {ordered_id[:40]}")
        not_oneself(who, row.filed_by, posting.person_id)
        check_open(session, row, ruling, role, row.first_day, ("filed",), DECISIONS)
        entry = ledger.append(
            session, rt.keys, kind="ordered_work.decided", stream=ledger.Stream.posting(posting.id),
            actor=actor(session, who, role, posting), days=(row.first_day, row.last_day),
            payload={"posting_id": posting.id, "ordered_id": row.id, "programme_id": posting.programme_id, **ruling.fact()},
        )  # fmt: skip
        row.state, row.decision = ruling.decision, ruling.kept(who, role, entry, row)
        _touch(session, entry.entry_id, row)
        return row


def revoke_order(rt: Runtime, who: Principal, ordered_id: str, reason_code: str) -> OrderedWork:
    """Take ordered work back: the county alone. Raises NotFound, AlreadyDecided when it no longer stands."""
    with rt.db.transaction() as session:
        row = store.order_for_decision(session, ordered_id)
        posting = lookup.posting(session, row.posting_id) if row else None
        if row is None or posting is None or role_over(session, who, posting, ("county_officer",)) is None:
            raise NotFound(f"no ordered work {ordered_id[:40]}")
        if row.state not in REVOCABLE:
            raise already(session, row)
        entry = ledger.append(
            session, rt.keys, kind="ordered_work.revoked", stream=ledger.Stream.posting(posting.id),
            actor=actor(session, who, "county_officer", posting), days=(row.first_day, row.last_day),
            payload={"posting_id": posting.id, "ordered_id": row.id, "reason_code": reason_code},
        )  # fmt: skip
        row.state = "revoked"
        row.decision = Ruling("revoked", reason_code).kept(who, "county_officer", entry, row)
        _touch(session, entry.entry_id, row)
        return row


def _deciders(row: OrderedWork) -> tuple[str, ...]:
    return DECIDERS if row.kind in BY_RECIPIENT else ("county_officer",)


def decidable(session: Session, who: Principal, ordered_id: str) -> OrderedWork:
    """The ordered work as the object of a decision. Raises NotFound outside the scope or for another level's business."""
    row = session.get(OrderedWork, ordered_id)
    if row is None or role_over(session, who, lookup.posting(session, row.posting_id), _deciders(row)) is None:
        raise NotFound(f"no ordered work {ordered_id[:40]}")
    return row


def revocable(session: Session, who: Principal, ordered_id: str) -> OrderedWork:
    """The ordered work as the object of a revocation. Raises NotFound."""
    row = session.get(OrderedWork, ordered_id)
    if row is None or role_over(session, who, lookup.posting(session, row.posting_id), ("county_officer",)) is None:
        raise NotFound(f"no ordered work {ordered_id[:40]}")
    return row


def one(rt: Runtime, who: Principal, ordered_id: str) -> dict[str, Any]:
    """One record as the county sees it. Raises NotFound."""
    with rt.db.read() as session:
        return order_view(session, revocable(session, who, ordered_id))


def orders_of(rt: Runtime, who: Principal, posting_id: str) -> list[OrderedWork]:
    """Ordered work of a posting the reader may see, newest first. Raises NotFound."""
    with rt.db.read() as session:
        if not lookup.posting_visible(session, who, posting_id):
            raise NotFound(f"no posting {posting_id} in scope")
        return store.orders_of(session, [posting_id])


def _touch(session: Session, entry_id: str, row: OrderedWork) -> None:
    outbox.put(session, DayTouched(entry_id, row.posting_id, row.first_day.isoformat(), row.last_day.isoformat()))
