"""Decide leave: by the level its length asks for; a lower level endorses, and the request moves up (evidence.md §11)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from checkin import store
from checkin.models import Leave
from checkin.usecases.deciding import Ruling, actor, already, check_open, not_oneself
from checkin.usecases.leave import OPEN, LeaveState, state_of, touch
from shared import ledger
from shared.directory import lookup
from shared.directory.scope import role_over
from shared.problems import InvalidBody, NotFound, Problem
from shared.roles import ROLES, Principal
from shared.service import Runtime

DECISIONS = ("approved", "endorsed", "rejected", "returned")
FINAL = ("approved", "rejected", "returned")


class LeaveLevel(Problem):
    """The length of the leave asks for a higher level than the decider's."""

    status, slug, title = 403, "leave-level", '{workdays} 个工作日的请假需{approver}批准,可"同意并转上级"'


def decide_leave(rt: Runtime, who: Principal, leave_id: str, decision: str, note: str = "") -> LeaveState:
    """`rule_leave` with a decision and a note alone."""
    return rule_leave(rt, who, leave_id, Ruling(decision, note))


def rule_leave(rt: Runtime, who: Principal, leave_id: str, ruling: Ruling) -> LeaveState:
    """Approve, endorse (pass to the level above), return or reject a request, by the highest role held over it.

    `leave_id` = LeaveState.id. Raises NotFound outside the scope, SelfApproval, AlreadyDecided, LeaveLevel, InvalidBody
    for a refusal without reason. Nothing is appended then.
    """
    ruling.check(DECISIONS)
    with rt.db.transaction() as session:
        row = store.leave_for_decision(session, leave_id)
        posting = lookup.posting(session, row.posting_id) if row else None
        role = role_over(session, who, posting) if posting else None
        if row is None or posting is None or role is None:
            raise NotFound(f"no leave request {leave_id[:40]}")
        _check(session, who, row, role, ruling)
        entry = ledger.append(
            session, rt.keys, kind="leave.decided", stream=ledger.Stream.posting(posting.id),
            actor=actor(session, who, role, posting), days=(row.first_day, row.last_day),
            payload={"posting_id": posting.id, "leave_id": row.id, "programme_id": posting.programme_id,
                     "level": ROLES[role].level, **ruling.fact()},
        )  # fmt: skip
        row.state, row.decision = ruling.decision, ruling.kept(who, role, entry, row)
        touch(session, entry.entry_id, row)
        return state_of(row, {})


def _check(session: Session, who: Principal, row: Leave, role: str, ruling: Ruling) -> None:
    not_oneself(who, row.person_id)
    check_open(session, row, ruling, role, row.first_day, OPEN, FINAL)
    level = ROLES[role].level or 0
    if row.state == "endorsed" and level <= (ROLES[(row.decision or {})["role"]].level or 0):
        raise already(session, row)
    enough = level >= row.level
    if enough and ruling.decision == "endorsed":
        raise InvalidBody("decision", "this level decides itself")
    if not enough and ruling.decision != "endorsed":
        raise LeaveLevel("a higher level decides", workdays=-(-row.half_days // 2), approver=approver(row.level))


def approver(level: int) -> str:
    """The label of the role with an approval level."""
    return next(each.label for each in ROLES.values() if each.level == level)


def decidable(session: Session, who: Principal, leave_id: str) -> Leave:
    """The leave request as the object of a decision. Raises NotFound outside the scope."""
    row = session.get(Leave, leave_id)
    if row is None or role_over(session, who, lookup.posting(session, row.posting_id)) is None:
        raise NotFound(f"no leave request {leave_id[:40]}")
    return row
