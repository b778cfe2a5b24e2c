"""Objections: filed within 15 days, decided within ten workdays by somebody who took no part (evidence.md §11)."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from sqlalchemy.orm import Session

from checkin.models import Objection, SpotCheck
from checkin.store import signing
from checkin.usecases.deciding import actor, done_by, keyed
from checkin.usecases.spot import seeds
from checkin.usecases.spot.deciding import NotIndependent
from shared import clock, ledger, outbox
from shared.calendar import local_date, month_days
from shared.directory import lookup
from shared.directory.models import Posting
from shared.directory.scope import role_over, supervised
from shared.events import DayTouched
from shared.ids import new_id
from shared.problems import Forbidden, IdempotencyConflict, InvalidBody, NotFound, Problem, SelfApproval
from shared.progress.objections import DISPUTES
from shared.roles import ROLES, Principal
from shared.service import Runtime

TARGETS = ("entry", "grade", "flag", "check", "month")
REASONS = {
    DISPUTES: "对在岗有异议", "grade_low": "证据等级偏低", "flag_wrong": "疑点不成立", "check_wrong": "抽查结果有误",
    "figure_wrong": "报告数字有误", "other": "其他",
}  # fmt: skip
WINDOW = dt.timedelta(days=15)
DECIDED_WITHIN = 10
FILERS = ("recipient_admin", "supporter_admin", "county_officer")
STATES = {"open": "待处理", "upheld": "成立", "rejected": "不成立"}


class ObjectionLate(Problem):
    """Fifteen days have passed since the record, or since the report."""

    status, slug, title = 409, "objection-late", "已超过 15 天,不能提出异议"


def file(rt: Runtime, who: Principal, said: dict[str, Any]) -> tuple[bool, dict[str, Any]]:
    """File: {client_event_id, posting_id, target_kind, target, reason_code, text}; (False, …) for a repeat.

    Raises NotFound, NotYourRecord, InvalidBody, ObjectionLate, IdempotencyConflict. Only a party that disputes presence takes the target
    out of the figures while the objection waits; a physician's own never does.
    """
    key, digest = keyed(who, said)
    with rt.db.transaction() as session:
        if first := ledger.seen(session, key, digest):
            row = signing.objection_of_entry(session, first.entry_id)
            if row is None:
                raise IdempotencyConflict("client_event_id is known with another body")
            return False, view(session, row)
        posting, role = _party(session, who, said["posting_id"])
        if said["reason_code"] == DISPUTES and (role == "doctor" or said["target_kind"] != "entry"):
            raise InvalidBody("reason_code", "presence is disputed by a party, about one record", hint="请选择其他理由")
        days = _target(session, posting, said)
        return True, view(session, _file(session, rt, who, role, posting, said, days, (key, digest)))


def _party(session: Session, who: Principal, posting_id: str) -> tuple[Posting, str]:
    posting = lookup.posting(session, posting_id) if len(posting_id) <= 36 else None
    if posting is None:
        raise NotFound("no such posting")
    if who.has("doctor") and who.person_id == posting.person_id:
        return posting, "doctor"
    role = role_over(session, who, posting, FILERS)
    if role is None:
        raise NotFound(f"no posting {posting_id} in scope")
    return posting, role


def _target(session: Session, posting: Posting, said: dict[str, Any]) -> tuple[dt.date, dt.date]:
    """The dates the target touches. Raises NotFound for one that is not the posting's, ObjectionLate."""
    kind, target = said["target_kind"], said["target"]
    if kind == "month":
        if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", target):
            raise InvalidBody("target", "a month is wanted", hint="请选择月份")
        days = month_days(target)
        limit = local_date(seeds.closes_at(session, lookup.calendar(session), target)) + WINDOW
        first, last = days[0], days[-1]
    elif kind == "check":
        row = session.get(SpotCheck, target)
        if row is None or row.posting_id != posting.id or row.issued_at is None:
            raise NotFound(f"no spot check {target[:40]}")
        first, last, limit = row.service_date, row.service_date, row.service_date + WINDOW
    else:
        fact = ledger.fact(session, target.partition(":")[0]) if len(target) <= 80 else None
        if fact is None or fact.payload.get("posting_id") != posting.id or "service_date" not in fact.payload:
            raise NotFound(f"no record {target[:40]}")
        first = last = dt.date.fromisoformat(fact.payload["service_date"])
        limit = local_date(fact.at) + WINDOW
    if local_date(clock.now()) > limit:
        raise ObjectionLate(f"until {limit}")
    return first, last


def _file(
    session: Session, rt: Runtime, who: Principal, role: str, posting: Posting, said: dict[str, Any],
    days: tuple[dt.date, dt.date], key: tuple[bytes, bytes],
) -> Objection:  # fmt: skip
    objection_id = new_id()
    named = {name: said[name] for name in ("target_kind", "target", "reason_code", "text")}
    entry = ledger.append(
        session, rt.keys, kind="objection.filed", stream=ledger.Stream.posting(posting.id), days=days,
        actor=actor(session, who, role, posting),
        payload={"posting_id": posting.id, "objection_id": objection_id, **named, "filed_at": clock.iso(clock.now()), "body": said},
        client_event_id=key[0], body_hash=key[1],
    )  # fmt: skip
    due = lookup.calendar(session).add_workdays(local_date(entry.at), DECIDED_WITHIN)
    row = Objection(
        id=objection_id, entry_id=entry.entry_id, posting_id=posting.id, **named, filed_by=who.person_id, filed_role=role,
        filed_at=entry.at, due=due, state="open", decision=None,
    )  # fmt: skip
    session.add(row)
    outbox.put(session, DayTouched(entry.entry_id, posting.id, days[0].isoformat(), days[1].isoformat()))
    session.flush()
    return row


def decide(rt: Runtime, who: Principal, objection_id: str, said: dict[str, Any]) -> dict[str, Any]:
    """Decide: {decision: upheld | rejected, note}. By county_officer; by city_officer where the county is a party.

    Raises NotFound, Forbidden, SelfApproval, NotIndependent, AlreadyDecided.
    """
    with rt.db.transaction() as session:
        visible(session, who, objection_id)
        row = signing.objection(session, objection_id)
        assert row is not None
        posting = lookup.posting(session, row.posting_id)
        role = judge(session, who, row, posting)
        if row.state != "open":
            said_by = row.decision or {}
            raise done_by(session, said_by.get("by"), clock.parse_iso(said_by["at"]))
        filed = ledger.fact(session, row.entry_id)
        assert filed is not None
        first, last = (dt.date.fromisoformat(day) for day in filed.payload["days"])
        entry = ledger.append(
            session, rt.keys, kind="objection.decided", stream=ledger.Stream.posting(posting.id), days=(first, last),
            actor=actor(session, who, role, posting),
            payload={"posting_id": posting.id, "objection_id": row.id, "target": row.target, "decision": said["decision"],
                     "note": said["note"]},
        )  # fmt: skip
        row.state = said["decision"]
        row.decision = {"by": who.person_id, "role": role, "at": clock.iso(entry.at), "note": said["note"]}
        outbox.put(session, DayTouched(entry.entry_id, posting.id, first.isoformat(), last.isoformat()))
        session.flush()
        return view(session, row)


def judge(session: Session, who: Principal, row: Objection, posting: Posting) -> str:
    """The role that decides: nobody who filed, was there, checked or signed. Raises SelfApproval, NotIndependent, Forbidden."""
    if who.person_id is not None and who.person_id in (row.filed_by, posting.person_id):
        raise SelfApproval("nobody decides his own objection")
    check = session.get(SpotCheck, row.target) if row.target_kind == "check" else None
    decided = (check.decision or {}) if check else {}
    if who.person_id in signing.signers(session, row.target.partition(":")[0]) or who.person_id == decided.get("by"):
        raise NotIndependent("the decider took part in what is disputed")
    county_is_party = "county_officer" in (row.filed_role, decided.get("role"))
    role = role_over(session, who, posting, ("city_officer",) if county_is_party else ("county_officer",))
    if role is None:
        raise Forbidden("decided by the county, or by the city where the county is a party")
    return role


def visible(session: Session, who: Principal, objection_id: str) -> Objection:
    """An objection in the reader's scope. Raises NotFound."""
    row = session.get(Objection, objection_id)
    if row is None or not lookup.posting_visible(session, who, row.posting_id):
        raise NotFound(f"no objection {objection_id[:40]}")
    return row


def listing(rt: Runtime, who: Principal, after: str | None, limit: int) -> list[dict[str, Any]]:
    """Up to limit + 1 objections, newest first: about the caller's own postings and those he supervises."""
    with rt.db.read() as session:
        own = [row.id for row in lookup.postings_of_person(session, who.person_id)] if who.person_id else []
        return [view(session, row) for row in signing.objections(session, [*own, *supervised(session, who)], limit + 1, after)]


def view(session: Session, row: Objection) -> dict[str, Any]:
    """One objection with its words, without names."""
    return {
        "id": row.id, "posting_id": row.posting_id, "target_kind": row.target_kind, "target": row.target,
        "reason_code": row.reason_code, "reason_words": REASONS[row.reason_code], "text": row.text, "state": row.state,
        "state_words": STATES[row.state], "filed_role": row.filed_role, "filed_role_words": ROLES[row.filed_role].label,
        "filed_at": clock.iso(row.filed_at), "due": row.due.isoformat(),
        "decision": {**row.decision, "role_words": ROLES[row.decision["role"]].label} if row.decision else None,
        "disputes_presence": row.reason_code == DISPUTES,
    }  # fmt: skip
