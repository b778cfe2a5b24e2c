"""Decide a flag of a tap: upheld or dismissed, by the county; amber ones by the recipient too (evidence.md §2.1, §8)."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from checkin.models import Attendance
from checkin.usecases.deciding import Ruling, actor, done_by, not_oneself
from shared import clock, ledger, outbox
from shared.attendance import flags as rules
from shared.directory import lookup
from shared.directory.models import Posting
from shared.directory.scope import role_over
from shared.events import DayTouched
from shared.problems import InvalidBody, LevelTooLow, NotFound
from shared.progress import lookup as progress
from shared.roles import ROLES, Principal
from shared.service import Runtime

DECIDERS = ("recipient_admin", "county_officer")
DECISIONS = ("upheld", "dismissed")


def decide_flag(rt: Runtime, who: Principal, event_id: str, flag: str, ruling: Ruling) -> dict[str, Any]:
    """Uphold or dismiss one flag of a tap; a later decision names the one it replaces.

    Raises NotFound outside the scope, InvalidBody for a flag the tap does not have or without reason, SelfApproval,
    LevelTooLow, AlreadyDecided.
    """
    ruling.check(DECISIONS)
    if not ruling.note.strip():
        raise InvalidBody("note", "a reason is wanted", hint="请写明原因")
    with rt.db.transaction() as session:
        row = flagged(session, who, event_id)
        posting = lookup.posting(session, row.posting_id)
        role = role_over(session, who, posting, DECIDERS) or ""
        ledger.lock(session, rt.keys, [ledger.Stream.posting(posting.id)])
        _check(session, who, row, posting, flag, role, ruling)
        day = row.service_date.isoformat()
        entry = ledger.append(
            session, rt.keys, kind="flag.decided", stream=ledger.Stream.posting(posting.id), actor=actor(session, who, role, posting),
            payload={"posting_id": posting.id, "target": row.id, "flag": flag, "service_date": day, **ruling.fact()},
        )  # fmt: skip
        outbox.put(session, DayTouched(entry.entry_id, posting.id, day, day))
        return {
            "event_id": row.id,
            "flag": flag,
            "decision": ruling.decision,
            "entry_id": entry.entry_id,
            "at": clock.iso(entry.at),
        }


def _check(
    session: Session, who: Principal, row: Attendance, posting: Posting, flag: str, role: str, ruling: Ruling
) -> None:
    day = progress.day(session, posting.id, row.service_date)
    if flag not in row.flags and flag not in (day.flags if day else ()):
        raise InvalidBody("flag", "the tap does not have this flag", hint="这条记录没有这个标记")
    not_oneself(who, posting.person_id)
    if rules.is_red(flag) and role != "county_officer":
        raise LevelTooLow("a red flag is the county's", approver=ROLES["county_officer"].label)
    facts = ledger.facts(session, posting.id, row.service_date, row.service_date)
    about = [fact for fact in facts if fact.kind == "flag.decided" and fact.payload["target"] == row.id]
    before = [fact for fact in about if fact.payload["flag"] == flag]
    if not before:
        return
    last = before[-1]
    lower = (ROLES[role].level or 0) < (ROLES[last.payload["actor"]["role"]].level or 0)
    if ruling.replaces != last.entry_id or lower or progress.month_locked(session, posting.id, row.service_date):
        raise done_by(session, last.payload["actor"]["person"], last.at)


def flagged(session: Session, who: Principal, event_id: str) -> Attendance:
    """The tap as the object of a decision on its flags. Raises NotFound outside the scope."""
    row = session.get(Attendance, event_id)
    if row is None or role_over(session, who, lookup.posting(session, row.posting_id), DECIDERS) is None:
        raise NotFound(f"no event {event_id[:40]}")
    return row
