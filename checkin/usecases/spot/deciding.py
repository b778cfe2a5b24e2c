"""What a supervisor does: decide on a check, issue one of his own (evidence.md §10.1, 4; §10.2)."""

from __future__ import annotations

import os
from typing import Any

from sqlalchemy.orm import Session

from checkin.domain import spot as draws
from checkin.models import SpotCheck
from checkin.store import rota, spots
from checkin.usecases.deciding import actor
from checkin.usecases.spot import issue, reading, telling
from checkin.usecases.spot.telling import SpotClosed, SpotNotNow
from shared import clock, outbox
from shared.attendance import spot
from shared.attendance.session import HALVES
from shared.calendar import local_date
from shared.directory import lookup
from shared.directory.models import Posting
from shared.directory.scope import role_over, supervised
from shared.problems import InvalidBody, NotFound, Problem, SelfApproval
from shared.roles import ROLES, Principal
from shared.service import Runtime

METHODS = ("visit", "phone_call", "duty_record")
DECIDERS = ("recipient_admin", "county_officer")
ISSUERS = ("recipient_admin", "supporter_admin", "county_officer")
WHY_NOT = {
    "no_session": "现在不在出诊时段,或离下班不足 30 分钟", "no_duty": "本半天没有排班", "leave": "本半天已请假", "ordered_work": "本半天已抽调",
    "outage": "门诊网络停用", "exists": "本半天已有抽查", "nobody": "现在没有可抽查的派驻医师",
}  # fmt: skip


class NotIndependent(Problem):
    """Somebody on the clinic's rota decides about an outside check."""

    status, slug, title = 403, "not-independent", "您与该记录有关,需由他人确认"


def decide(rt: Runtime, who: Principal, check_id: str, said: dict[str, Any]) -> dict[str, Any]:
    """Decide: {result, method, note?, replaces?}. The check as it now stands.

    Raises NotFound, SelfApproval on one's own, NotIndependent for an outside check by somebody on the clinic's rota,
    SpotClosed after a result unless `replaces` names it at the same or a higher level, InvalidBody without a reason.
    """
    if said["result"] in (spot.NOT_FOUND, spot.EXCUSED) and not (said.get("note") or "").strip():
        raise InvalidBody("note", "a reason is wanted", hint="请写明情况")
    with rt.db.transaction() as session:
        telling.visible(session, who, check_id)
        row = spots.locked(session, check_id)
        posting = lookup.posting(session, row.posting_id) if row else None
        role = role_over(session, who, posting, DECIDERS) if posting else None
        if row is None or posting is None or role is None:
            raise NotFound(f"no spot check {check_id}")
        _allowed(session, who, row, role, said.get("replaces"))
        entry = telling.append(
            session, rt, "spotcheck.decided", row,
            {"result": said["result"], "method": said["method"], "note": said.get("note") or "", "replaces": said.get("replaces"),
             "reason_code": None},
            actor(session, who, role, posting),
        )  # fmt: skip
        row.decision = {"by": who.person_id, "role": role, "at": clock.iso(entry.at), "entry_id": entry.entry_id,
                        "result": said["result"], "note": said.get("note") or "", "method": said["method"]}  # fmt: skip
        session.flush()
        return reading.shown(session, [row])[0]


def _allowed(session: Session, who: Principal, row: SpotCheck, role: str, replaces: str | None) -> None:
    if who.person_id == row.person_id:
        raise SelfApproval("nobody decides about his own check")
    if row.outside and row.clinic_id and who.person_id in rota.witnesses(session, row.clinic_id):
        raise NotIndependent("an outside check is decided by somebody off the clinic's rota")
    said = row.decision
    renewed = bool(said and replaces == said["entry_id"] and (ROLES[role].level or 0) >= (ROLES[said["role"]].level or 0))
    if row.state == spot.VOID or row.issued_at is None or (row.state in spot.RESULTS and not renewed):
        raise SpotClosed("the check has a result")


def own_check(rt: Runtime, who: Principal, posting_id: str | None) -> dict[str, Any]:
    """Issue a check of one's own now: of a named posting, or of one drawn among those on duty (the seed is recorded).

    Raises NotFound for a posting outside the scope, SpotNotNow where none is possible now, SelfApproval for oneself.
    """
    now = clock.now()
    with rt.db.transaction() as session:
        ids = supervised(session, who)
        if posting_id is not None and posting_id not in ids:
            raise NotFound(f"no posting {posting_id[:40]} in scope")
        outbox.alone(session, [issue.turn(one) for one in ([posting_id] if posting_id else ids)])
        if posting_id is not None:
            half = _session_now(session, posting_id)
            row, seed = _row(session, who, posting_id, half, "named"), None
        else:
            seed = os.urandom(draws.SEED_BYTES)
            row = _random(session, who, ids, seed)
        posting = lookup.posting(session, row.posting_id)
        role = role_over(session, who, posting, ISSUERS)
        if role is None:
            raise NotFound("no role over this posting")
        issue.send(session, rt, row, now, actor(session, who, role, posting), seed)
        return reading.shown(session, [row])[0]


def _session_now(session: Session, posting_id: str) -> str | None:
    """The session of the posting that runs now and still has 30 minutes."""
    posting, now = lookup.posting(session, posting_id), clock.now()
    windows = lookup.programme(session, posting.programme_id, local_date(now)).session_windows
    for half in HALVES:
        start, end = windows.on(half, local_date(now))
        if start <= now <= end - spot.ANSWER:
            return half
    return None


def _row(session: Session, who: Principal, posting_id: str, half: str | None, origin: str) -> SpotCheck:
    posting = lookup.posting(session, posting_id)
    if posting.person_id == who.person_id:
        raise SelfApproval("nobody checks himself")
    if half is None:
        raise SpotNotNow("no session runs now", reason=WHY_NOT["no_session"])
    row = issue.new_row(session, posting, local_date(clock.now()), half, origin, False)
    if reason := _hindrance(session, posting, row):
        raise SpotNotNow(reason, reason=WHY_NOT[reason])
    return row


def _hindrance(session: Session, posting: Posting, row: SpotCheck) -> str | None:
    """Why no check is possible in this half-day. A drawn one that has not been issued is not told."""
    others = spots.of_half_day(session, posting.id, row.service_date, row.session)
    if any(one.issued_at is not None for one in others):
        return "exists"
    return issue.cover(session, lookup.calendar(session), posting, row)


def _random(session: Session, who: Principal, ids: list[str], seed: bytes) -> SpotCheck:
    """The first in the seed's order who may be checked now."""
    today = local_date(clock.now())
    for posting_id in draws.order(seed, ids):
        posting, half = lookup.posting(session, posting_id), _session_now(session, posting_id)
        if half is None or posting.person_id == who.person_id:
            continue
        row = issue.new_row(session, posting, today, half, "random", False)
        if _hindrance(session, posting, row) is None:
            return row
    raise SpotNotNow("nobody is on duty", reason=WHY_NOT["nobody"])
