"""What every act on a spot check shares: its facts in the posting's stream, the row that follows them, who may see it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from checkin.models import SpotCheck
from shared import ledger, outbox
from shared.directory import lookup
from shared.events import DayTouched
from shared.problems import NotFound, Problem
from shared.progress.known import facts_of
from shared.progress.spots import KINDS as SPOT_KINDS
from shared.progress.spots import Spot, spots_of
from shared.roles import Principal
from shared.service import Runtime


class SpotClosed(Problem):
    """The check has a result: nothing more is to be said about it."""

    status, slug, title = 409, "spot-closed", "本次抽查已有结果"


class SpotNotNow(Problem):
    """No check of one's own is possible now: outside duty sessions, on leave, or there is one in this half-day."""

    status, slug, title = 409, "spot-not-now", "现在不能发起抽查:{reason}"


def append(
    session: Session, rt: Runtime, kind: str, row: SpotCheck, said: dict[str, Any],
    actor: ledger.Actor | None = None, **more: Any,
) -> ledger.Appended:  # fmt: skip
    """Append a fact about the check, let its row follow, and have the day folded."""
    entry = ledger.append(
        session, rt.keys, kind=kind, stream=ledger.Stream.posting(row.posting_id), actor=actor or ledger.Actor.system(),
        payload={**about(row), **said}, **more,
    )  # fmt: skip
    if not entry.repeated:
        day = row.service_date.isoformat()
        outbox.put(session, DayTouched(entry.entry_id, row.posting_id, day, day))
        follow(session, row)
    return entry


def about(row: SpotCheck) -> dict[str, Any]:
    """The members by which every fact names its check."""
    return {
        "posting_id": row.posting_id, "check_id": row.id, "service_date": row.service_date.isoformat(),
        "session": row.session, "origin": row.origin, "outside_required": row.outside, "clinic_id": row.clinic_id,
    }  # fmt: skip


def read(session: Session, row: SpotCheck) -> Spot | None:
    """The check as the ledger tells it; None before its first fact."""
    return next((one for one in of_day(session, row.posting_id, row.service_date) if one.check_id == row.id), None)


def of_rows(session: Session, rows: Sequence[SpotCheck]) -> dict[str, Spot]:
    """Check id → check as the ledger tells it, of many rows with one reading."""
    if not rows:
        return {}
    days = [row.service_date for row in rows]
    found = ledger.facts_by_subject(session, {row.posting_id for row in rows}, min(days), max(days), SPOT_KINDS)
    facts = {posting_id: facts_of(listed) for posting_id, listed in found.items()}
    wanted = {(row.posting_id, row.service_date) for row in rows}
    return {one.check_id: one for posting_id, day in wanted for one in spots_of(facts[posting_id], day)}


def of_day(session: Session, posting_id: str, day: dt.date) -> list[Spot]:
    """The checks of a posting's date as the ledger tells them."""
    return spots_of(facts_of(ledger.facts(session, posting_id, day, day)), day)


def follow(session: Session, row: SpotCheck) -> None:
    """Let the row say what its facts say."""
    found = read(session, row)
    if found is not None:
        row.state, row.reason, row.busy = found.state, found.reason or None, found.told.busy
    session.flush()


def void(session: Session, rt: Runtime, row: SpotCheck, reason: str) -> None:
    """Void the check: leave, ordered_work, no_duty, outage, late, other_check, no_notice."""
    append(session, rt, "spotcheck.decided", row, {"result": "void", "reason_code": reason, "note": "", "method": "system"})


def visible(session: Session, who: Principal, check_id: str) -> SpotCheck:
    """One check the reader may see: an issued one of his own, any of his hospital, pair or county. Raises NotFound."""
    row = session.get(SpotCheck, check_id)
    if row is None or not lookup.posting_visible(session, who, row.posting_id):
        raise NotFound(f"no spot check {check_id[:40]}")
    if row.issued_at is None and row.person_id == who.person_id:
        raise NotFound(f"no spot check {check_id}")
    return row


def own(session: Session, who: Principal, check_id: str) -> SpotCheck:
    """An issued check of the caller himself. Raises NotFound."""
    row = visible(session, who, check_id)
    if who.person_id is None or row.person_id != who.person_id:
        raise NotFound(f"no spot check {check_id} of the caller")
    return row
