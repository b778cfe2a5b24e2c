"""What an office does with a posting after it was opened: a substitute for half-days, and its end (evidence.md §2.4)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from shared import clock, ledger, outbox
from shared.directory import lookup
from shared.directory.models import Posting
from shared.directory.scope import offices_over, role_over
from shared.events import DayTouched
from shared.problems import DateOutsidePosting, InvalidBody, NotFound, Problem
from shared.progress.asked import BY_RECIPIENT
from shared.progress.known import facts_of
from shared.progress.reading import orders_of, slips_of
from shared.roles import Principal
from shared.rules.days import VALID, Order, Pattern, Slip, order_verdict, slip_verdict
from shared.service import Runtime

OFFICES = ("recipient_admin", "supporter_admin")
REASONS = ("completed", "rotation", "illness", "ordered", "other")
Key = tuple[bytes, bytes]
FARTHEST_DAYS = 5 * 366
"""So far ahead a date may lie; a slip of the pen would else be folded day by day."""


class PostingEnded(Problem):
    """The posting ends before that day."""

    status, slug, title = 409, "posting-ended", "这个派驻已经结束"


def record_substitution(rt: Runtime, who: Principal, body: dict[str, Any]) -> tuple[bool, dict[str, Any]]:
    """Record who stands in: {client_event_id, posting_id, substitute_id, half_days: [{date, session}]}.

    It is appended to the absent physician's posting; the substitute is a person with an open posting at that recipient on
    every date. Raises NotFound outside the scope, InvalidBody, DateOutsidePosting, IdempotencyConflict.
    """
    key = _key(body)
    with rt.db.transaction() as session:
        posting, role = in_scope(session, who, body["posting_id"])
        halves = sorted({(one["date"], one["session"]) for one in body["half_days"]})
        days = [_date(day, "half_days") for day, _ in halves]
        if any(day < posting.start or (posting.end and day > posting.end) for day in days):
            raise DateOutsidePosting("a half-day lies outside the posting")
        if body["substitute_id"] == posting.person_id or not _present(session, body["substitute_id"], posting, days):
            raise InvalidBody(
                "substitute_id", "no open posting at this recipient", hint="替班人员在这些日期没有在本机构派驻"
            )
        told = {"seat": posting.seat_id, "for": posting.person_id, "who": body["substitute_id"],
                "half_days": [{"date": day, "session": half} for day, half in halves]}  # fmt: skip
        return _append(session, rt, who, (posting, role), "substitution.recorded", told, key, (days[0], days[-1]))


def _present(session: Session, person_id: str, posting: Posting, days: list[dt.date]) -> bool:
    """Whether the person has a posting at that recipient on each of the dates."""
    return all(
        any(one.recipient_id == posting.recipient_id for one in lookup.open_postings(session, person_id, day))
        for day in days
    )


def close_posting(rt: Runtime, who: Principal, body: dict[str, Any], posting_id: str) -> tuple[bool, dict[str, Any]]:
    """Close a posting: {client_event_id, reason, last_day, handover_id?}; it ends with `last_day`.

    An illness or an order that was approved is no early rotation; closing again after the approval came says so then.
    Raises NotFound, PostingEnded, InvalidBody, DateOutsidePosting, IdempotencyConflict.
    """
    key = _key(body)
    with rt.db.transaction() as session:
        posting, role = in_scope(session, who, posting_id)
        ledger.lock(session, rt.keys, [ledger.Stream.posting(posting.id)])
        if known := ledger.seen(session, *key):
            return False, _answer(posting, known)
        last = _date(body["last_day"], "last_day")
        if last < posting.start:
            raise DateOutsidePosting("the posting begins later")
        if posting.end is not None and last > posting.end:
            raise PostingEnded(f"it ends on {posting.end}")
        if body.get("handover_id"):
            _check_handover(session, posting, body["handover_id"])
        approval = approval_of(session, posting, body["reason"], last)
        before, posting.end, posting.end_reason = posting.end, last, body["reason"]
        posting.end_approved = approval is not None
        told = {"reason": body["reason"], "last_date": last.isoformat(), "handover_id": body.get("handover_id"),
                "was": before.isoformat() if before else None, "approval": approval}  # fmt: skip
        span = (min(last, clock.today()), min(before or clock.today(), clock.today()))
        return _append(session, rt, who, (posting, role), "posting.closed", told, key, (span[0], max(span)))


def approval_of(session: Session, posting: Posting, reason: str, last: dt.date) -> dict[str, str] | None:
    """What approves the end (continuity.md §2.4): sick leave, or ordered work that is no meeting, valid by the rules and
    still running on the last day or beginning by the next workday. {kind, id}; None for other reasons, and without one."""
    if reason not in ("illness", "ordered"):
        return None
    calendar, terms = lookup.calendar(session), lookup.posting_terms(session, posting.id)
    programme = lookup.programme(session, posting.programme_id, last)
    facts = facts_of(ledger.facts(session, posting.id, posting.start, max(last, posting.end or last)))
    pattern, after = Pattern.of(programme, terms), calendar.add_workdays(last, 1)
    spans: list[tuple[str, Slip | Order, str]]
    if reason == "illness":
        spans = [("leave", one, slip_verdict(one, programme, calendar, pattern)[0]) for one in slips_of(facts) if one.type == "sick"]
    else:
        spans = [("ordered_work", one, order_verdict(one, programme)[0]) for one in orders_of(facts) if one.kind not in BY_RECIPIENT]
    fits = [(kind, one) for kind, one, verdict in spans if verdict == VALID and one.first[0] <= after and one.last[0] >= last]
    return {"kind": fits[0][0], "id": fits[0][1].id} if fits else None


def _check_handover(session: Session, posting: Posting, handover_id: str) -> None:
    signed = ledger.facts_of_kinds(session, posting.id, ("handover.signed",))
    if not any(fact.payload["handover_id"] == handover_id for fact in signed):
        raise InvalidBody("handover_id", "no handover of this posting", hint="没有找到这份交接单")


def _append(
    session: Session, rt: Runtime, who: Principal, about: tuple[Posting, str], kind: str, told: dict[str, Any], key: Key,
    days: tuple[dt.date, dt.date],
) -> tuple[bool, dict[str, Any]]:  # fmt: skip
    posting, role = about
    entry = ledger.append(
        session, rt.keys, kind=kind, stream=ledger.Stream.posting(posting.id), days=days, client_event_id=key[0], body_hash=key[1],
        actor=ledger.Actor(who.person_id, role, offices_over(session, posting)[role]),
        payload={"posting_id": posting.id, "programme_id": posting.programme_id, **told},
    )  # fmt: skip
    if not entry.repeated:
        outbox.put(session, DayTouched(entry.entry_id, posting.id, days[0].isoformat(), days[1].isoformat()))
    return not entry.repeated, _answer(posting, entry)


def _answer(posting: Posting, entry: ledger.Appended) -> dict[str, Any]:
    return {
        "posting_id": posting.id,
        "entry_id": entry.entry_id,
        "at": clock.iso(entry.at),
        "end": posting.end.isoformat() if posting.end else None,
    }


def in_scope(session: Session, who: Principal, posting_id: str) -> tuple[Posting, str]:
    """The posting and the office in which the person acts on it. Raises NotFound."""
    posting = lookup.posting(session, posting_id) if len(posting_id) <= 36 else None
    role = role_over(session, who, posting, OFFICES) if posting else None
    if posting is None or role is None:
        raise NotFound(f"no posting {posting_id[:40]} in scope")
    return posting, role


def _key(body: dict[str, Any]) -> Key:
    return bytes.fromhex(body["client_event_id"]), ledger.body_hash(body)


def _date(text: str, name: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise InvalidBody(name, "not a date") from error
    if (day - clock.today()).days > FARTHEST_DAYS:
        raise InvalidBody(name, "too far ahead", hint="日期太远,请检查年份")
    return day
