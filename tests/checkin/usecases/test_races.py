"""Many at once, on both databases: one gesture is one entry, one slot is used once, nobody sees an error."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from checkin.models import Attendance, AttendanceRefused
from checkin.usecases.record import record_event
from checkin.usecases.refuse import CodeLocked, CodeWrong
from checkin.usecases.repeat import AlreadyRecorded, Recorded
from shared import clock, ledger
from shared.ledger.models import LedgerEntry
from shared.outbox.models import OutboxMessage
from shared.problems import Problem
from shared.service import Runtime
from tests.checkin.scene import MORNING, doctor, item, shown_digits, shown_k, world

MANY = 50


@pytest.fixture(params=["rt", "pg_rt"])
def either(request: pytest.FixtureRequest) -> Runtime:
    """The small world on SQLite and on PostgreSQL."""
    runtime: Runtime = request.getfixturevalue(request.param)
    if request.param == "pg_rt":
        world(runtime)
    return runtime


def at_once(rt: Runtime, items: list[dict[str, Any]], code: str = "D1") -> list[tuple[bool, Recorded] | Problem]:
    """Send all items from as many threads, started together."""
    who, gate = doctor(rt, code), threading.Barrier(len(items))

    def send(sent: dict[str, Any]) -> tuple[bool, Recorded] | Problem:
        with clock.at(MORNING):
            gate.wait()
            try:
                return record_event(rt, who, sent)
            except Problem as refused:
                return refused

    with ThreadPoolExecutor(len(items)) as pool:
        return list(pool.map(send, items))


def entries(rt: Runtime) -> tuple[int, int, int]:
    """Recorded taps in ledger, outbox and own table."""
    with rt.db.read() as session:
        assert not ledger.verify(session, rt.keys)

        def number(query: Any) -> int:
            return session.scalar(query) or 0

        recorded = sa.select(sa.func.count()).where(LedgerEntry.kind == "attendance.recorded")
        rows = sa.select(sa.func.count()).select_from(Attendance)
        messages = sa.select(sa.func.count()).select_from(OutboxMessage).where(
            OutboxMessage.dedupe_key.in_(sa.select(Attendance.id + ":" + Attendance.posting_id))
        )  # fmt: skip
        return number(recorded), number(messages), number(rows)


def test_u05_fifty_identical_taps_make_one_entry_and_fifty_equal_receipts(either: Runtime) -> None:
    sent = item(either, doctor(either), k=shown_k(either, MORNING))
    answers = at_once(either, [sent] * MANY)
    assert entries(either) == (1, 1, 1)
    created = [answer for answer in answers if not isinstance(answer, Problem)]
    assert len(created) == MANY
    assert sum(new for new, _ in created) == 1
    assert len({ledger.jcs(recorded.entry.receipt) for _, recorded in created}) == 1


@pytest.mark.parametrize("make", [
    lambda rt: {"k": shown_k(rt, MORNING)}, lambda rt: {}, lambda rt: {"typed": shown_digits(rt, MORNING)},
], ids=["one slot", "no slot", "typed"])  # fmt: skip
def test_other_ids_of_one_gesture_get_the_first_receipt(
    either: Runtime, make: Callable[[Runtime], dict[str, Any]]
) -> None:
    body = make(either)
    answers = at_once(either, [item(either, doctor(either), direction="in", **body) for _ in range(20)])
    assert entries(either) == (1, 1, 1)
    accepted = [answer for answer in answers if not isinstance(answer, Problem)]
    refused = [answer for answer in answers if isinstance(answer, AlreadyRecorded)]
    assert (len(accepted), len(refused)) == (1, 19)
    assert {one.extra["receipt"]["event"] for one in refused} == {accepted[0][1].entry.entry_id}


def test_parallel_guesses_do_not_slip_past_the_lock(either: Runtime) -> None:
    right = int(shown_digits(either, MORNING))
    guesses = [item(either, doctor(either), typed=f"{(right + n) % 10**8:08d}") for n in range(1, 21)]
    answers = at_once(either, guesses)
    assert sum(isinstance(answer, CodeWrong) for answer in answers) == 5
    assert sum(isinstance(answer, CodeLocked) for answer in answers) == 15
    with either.db.read() as session:
        reasons = list(session.scalars(sa.select(AttendanceRefused.reason)))
    assert sorted(reasons) == ["code-locked"] + ["code-wrong"] * 5


def test_identical_refusals_at_once_are_kept_once(either: Runtime) -> None:
    sent = item(either, doctor(either), site=None, site_token="y" * 32)
    answers = at_once(either, [sent] * 20)
    assert {answer.slug for answer in answers if isinstance(answer, Problem)} == {"unknown-code"}
    assert len(answers) == 20
    with either.db.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(AttendanceRefused)) == 1


def test_e4_many_physicians_use_one_slot(either: Runtime) -> None:
    k = shown_k(either, MORNING)
    for code in ("D1", "D2"):
        answers = at_once(either, [item(either, doctor(either, code), k=k)], code)
        assert not isinstance(answers[0], Problem)
    assert entries(either) == (2, 2, 2)
