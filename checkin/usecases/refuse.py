"""Refusals: each with the one sentence a physician reads (experience.md §6.5), and kept as evidence (evidence.md P5)."""

from __future__ import annotations

import contextlib
import datetime as dt
import math
from typing import Any, NamedTuple

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from checkin import store
from checkin.models import AttendanceRefused
from shared import clock, ledger
from shared.problems import Problem
from shared.service import Runtime

LOCK_WINDOW = dt.timedelta(minutes=10)
WRONG_PER_DOCTOR = 5
WRONG_PER_CLINIC = 30
BODY_LIMIT = 4096


class UnknownCode(Problem):
    """The address of the code belongs to no clinic."""

    status, slug, title = 404, "unknown-code", "没有找到这个码对应的医疗点,请扫门诊现场的码"


class NoOpenPosting(Problem):
    """The physician has no posting on the day of the tap."""

    status, slug, title = 409, "no-open-posting", "您当前没有派驻任务,未能签到(已留下扫码记录)"


class CodeWrong(Problem):
    """8 digits typed online that match nothing."""

    status, slug, title = 422, "code-wrong", "8 位码不对或已更新,请看屏幕重新输入,或直接签到(证据较弱)"


class CodeLocked(Problem):
    """Too many wrong typed codes within 10 minutes: 5 of a physician, 30 at a clinic."""

    status, slug, title = 429, "code-locked", "8 位码连续输错,{minutes} 分钟后再试,或直接扫码"


class Attempt(NamedTuple):
    """The refused request: whose it was, its id and hash, what it said, and how far it got."""

    person_id: str
    client_event_id: bytes
    body_hash: bytes
    body: dict[str, Any]
    at: dt.datetime
    clinic_id: str | None = None
    posting_id: str | None = None


def locked(session: Session, attempt: Attempt) -> CodeLocked | None:
    """The lock on typed codes of this physician or clinic, counted from the refusals themselves."""
    since = attempt.at - LOCK_WINDOW
    ends = [
        at + LOCK_WINDOW - attempt.at
        for at in (
            store.nth_refusal(session, CodeWrong.slug, since, WRONG_PER_DOCTOR, person_id=attempt.person_id),
            store.nth_refusal(session, CodeWrong.slug, since, WRONG_PER_CLINIC, clinic_id=attempt.clinic_id or ""),
        )
        if at is not None
    ]
    if not ends:
        return None
    wait = max(1, math.ceil(max(ends).total_seconds()))
    return CodeLocked("too many wrong typed codes", minutes=math.ceil(wait / 60), headers={"Retry-After": str(wait)})


def kept(rt: Runtime, attempt: Attempt, problem: Problem) -> Problem:
    """`keep` in a transaction of its own; a twin of this request may keep it meanwhile."""
    with contextlib.suppress(IntegrityError), rt.db.transaction() as session:
        keep(session, rt, attempt, problem)
    return problem


def digits(rt: Runtime, attempt: Attempt, posting_id: str, *, wrong: bool) -> None:
    """8 digits typed online: raises CodeLocked or CodeWrong, kept. The stream's lock keeps parallel guesses in line, the
    right one too, so that no thousand at once slip past the count."""
    with rt.db.transaction() as session:
        ledger.lock(session, rt.keys, [ledger.Stream.posting(posting_id)])
        problem = locked(session, attempt) or (CodeWrong() if wrong else None)
        if problem:
            keep(session, rt, attempt, problem)
    if problem:
        raise problem


def keep(session: Session, rt: Runtime, attempt: Attempt, problem: Problem) -> Problem:
    """Write the refusal and its ledger entry in the caller's transaction; a repeat of the same body is kept once.

    The entry stands in the posting's stream, without an open posting in the person's. The id of the phone stays free:
    once the reason is gone, the same event may be accepted.
    """
    key = (attempt.person_id, attempt.client_event_id, attempt.body_hash, problem.slug)
    if store.refused_before(session, *key) or _lock_is_kept(session, attempt, problem):
        return problem
    posting = attempt.posting_id
    stream = ledger.Stream.posting(posting) if posting else ledger.Stream.person(attempt.person_id)
    entry = ledger.append(
        session, rt.keys, kind="attendance.refused", stream=stream, actor=ledger.Actor.system(),
        payload=_payload(attempt, problem),
    )  # fmt: skip
    session.add(AttendanceRefused(
        id=entry.entry_id, person_id=attempt.person_id, posting_id=posting,
        clinic_id=attempt.clinic_id, reason=problem.slug, status=problem.status, at=attempt.at,
        client_event_id=attempt.client_event_id, body_hash=attempt.body_hash,
    ))  # fmt: skip
    return problem


def _lock_is_kept(session: Session, attempt: Attempt, problem: Problem) -> bool:
    """One kept refusal says that a physician is locked out; a thousand more tries say nothing new."""
    if problem.slug != CodeLocked.slug:
        return False
    since = attempt.at - LOCK_WINDOW
    return store.nth_refusal(session, CodeLocked.slug, since, 1, person_id=attempt.person_id) is not None


def _payload(attempt: Attempt, problem: Problem) -> dict[str, Any]:
    said = ledger.jcs(attempt.body)
    return {
        "posting_id": attempt.posting_id, "person_id": attempt.person_id,
        "refused_client_event_id": attempt.client_event_id.hex(), "clinic_id": attempt.clinic_id,
        "reason_code": problem.slug, "http_status": problem.status, "received_at": clock.iso(attempt.at),
        "service_date": clock.local_date(attempt.at).isoformat(),
        "body": attempt.body if len(said) <= BODY_LIMIT else said[:BODY_LIMIT].decode(errors="ignore"),
    }  # fmt: skip
