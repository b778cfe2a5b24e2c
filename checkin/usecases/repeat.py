"""What was recorded before: the first receipt again for the same tap, the earlier one for a second."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy.orm import Session

from checkin.models import Attendance
from checkin.usecases.fact import Kept, Request
from shared import ledger
from shared.directory import lookup
from shared.problems import IdempotencyConflict, Problem
from shared.progress import lookup as progress_lookup
from shared.service import Runtime


class AlreadyRecorded(Problem):
    """The slot, or the same action within 60 s, is in the ledger already; `receipt` is the earlier one."""

    status, slug, title = 409, "already-recorded", "这次签到之前已收到,回执 {code}"

    def __init__(self, earlier: ledger.Appended) -> None:
        """`earlier`: the entry that was made first."""
        receipt = earlier.receipt
        super().__init__("this slot or action was recorded before", receipt=receipt, code=receipt.get("code", ""))
        self.earlier = earlier


class Recorded(NamedTuple):
    """A tap in the ledger: its row, the clinic's name, the entry with its receipt, the week's line before the next fold."""

    row: Kept
    clinic_name: str
    entry: ledger.Appended
    line: str


def of_known(rt: Runtime, tap: Request) -> Recorded:
    """The first receipt again, byte for byte; anything but the same body is a conflict that discloses nothing."""
    with rt.db.read() as session:
        first = ledger.seen(session, tap.client_event_id, tap.body_hash)
        if first is None:
            raise IdempotencyConflict("client_event_id is known with another body")
        return recorded(session, first)


def of_earlier(rt: Runtime, tap: Request, entry_id: str) -> Recorded:
    """This very request, stored by its twin meanwhile; for another one AlreadyRecorded is raised with that receipt."""
    with rt.db.read() as session:
        row = session.get_one(Attendance, entry_id)
        first = ledger.find_client_event(session, row.client_event_id)
        assert first is not None, "every row has its entry"
    if row.client_event_id == tap.client_event_id:
        return of_known(rt, tap)
    raise AlreadyRecorded(first)


def recorded(session: Session, first: ledger.Appended) -> Recorded:
    """A stored tap with everything its answer shows. Raises IdempotencyConflict for an entry that is no tap."""
    row = session.get(Attendance, first.entry_id)
    if row is None:
        raise IdempotencyConflict("client_event_id is known with another body")
    line = progress_lookup.week(session, row.posting_id, row.service_date).line
    name = lookup.clinic(session, row.clinic_id).name
    return Recorded(Kept.of(row), name, first, line)
