"""Many at once, on both databases: one request is decided once, the count of a month holds, twenty with one tap."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from checkin.usecases.correction_decide import decide_correction
from checkin.usecases.corrections import CorrectionQuotaUsed, request_correction
from checkin.usecases.decide_many import decide_many
from checkin.usecases.deciding import Ruling
from checkin.usecases.handover import open_handover
from checkin.usecases.leave import file_leave
from checkin.usecases.ordered import file_order
from shared import clock, ledger
from shared.problems import AlreadyDecided, NotFound, Problem, SelfApproval
from shared.service import Runtime
from tests.checkin.scene import MORNING, doctor, id_of, world
from tests.checkin.usecases.asking import DAY, EVENING, asked, correction, facts_of, office
from tests.checkin.usecases.asking import order as order_of
from tests.checkin.usecases.test_leave import body

MANY = 20


@pytest.fixture(params=["rt", "pg_rt"])
def either(request: pytest.FixtureRequest) -> Runtime:
    """The small world on SQLite and on PostgreSQL."""
    runtime: Runtime = request.getfixturevalue(request.param)
    if request.param == "pg_rt":
        world(runtime)
    return runtime


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Every call from a thread of its own, started together at the instant of the test; a refusal is its answer."""
    gate = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return call()
        except Problem as refused:
            return refused

    with clock.at(EVENING), ThreadPoolExecutor(len(calls)) as pool:
        started = [pool.submit(contextvars.copy_context().run, run, call) for call in calls]
        return [one.result() for one in started]


def test_of_twenty_parallel_decisions_one_wins(either: Runtime) -> None:
    row, who = asked(either), office(either)
    words = [("approved", ""), ("rejected", "无依据")] * (MANY // 2)
    answers = at_once([lambda word=word, note=note: decide_correction(either, who, row.id, Ruling(word, note)) for word, note in words])
    assert sum(isinstance(answer, AlreadyDecided) for answer in answers) == MANY - 1
    (fact,) = facts_of(either, "correction.decided")
    (winner,) = [answer for answer in answers if not isinstance(answer, Problem)]
    assert (winner.state, winner.decision["entry_id"]) == (fact.payload["decision"], fact.entry_id)
    with either.db.read() as session:
        assert not ledger.verify(session, either.keys)


def test_parallel_requests_do_not_slip_past_the_count(either: Runtime) -> None:
    items = [correction(either) for _ in range(12)]
    answers = at_once([lambda item=item: request_correction(either, doctor(either), item) for item in items])
    assert sum(isinstance(answer, CorrectionQuotaUsed) for answer in answers) == 9
    assert len(facts_of(either, "correction.requested")) == 3


def senders(rt: Runtime) -> dict[str, Callable[[], tuple[bool, Any]]]:
    """One gesture of each sort, sent as often as it is called: (new?, the rest)."""
    item, slip, order = correction(rt), body(rt), order_of(rt)
    handing = {"client_event_id": "ab" * 16, "posting_id": order["posting_id"], "in_posting_id": id_of(rt, "posting", "P2"), "items": ["门诊"]}
    return {
        "correction.requested": lambda: request_correction(rt, doctor(rt), item)[::2],
        "leave.requested": lambda: file_leave(rt, doctor(rt), slip),
        "ordered_work.filed": lambda: file_order(rt, office(rt, "A1", "supporter_admin"), order),
        "handover.signed": lambda: open_handover(rt, doctor(rt), handing),
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["correction.requested", "leave.requested", "ordered_work.filed", "handover.signed"])
def test_one_gesture_sent_twenty_times_at_once_is_one_entry(either: Runtime, kind: str) -> None:
    send = senders(either)[kind]
    answers = at_once([send] * MANY)
    assert [answer for answer in answers if isinstance(answer, Problem)] == []
    assert sum(created for created, _ in answers) == 1
    assert len(facts_of(either, kind)) == 1


def test_twenty_with_one_tap_each_by_itself(rt: Runtime) -> None:
    with clock.at(EVENING):
        leaves = [file_leave(rt, doctor(rt), body(rt, "2026-12-01", "2026-12-01"))[1].id for _ in range(17)]
    ours = [asked(rt, EVENING).id, asked(rt, EVENING, service_date="2026-11-20").id]
    items = [
        *({"kind": "leave", "id": name, "decision": "approved"} for name in leaves),
        *({"kind": "correction", "id": name, "decision": "approved"} for name in ours),
        {"kind": "ordered_work", "id": "none", "decision": "accepted"},
    ]
    with clock.at(EVENING + DAY):
        found = decide_many(rt, office(rt), items, clock.iso(MORNING), clock.iso(EVENING))
        again = decide_many(rt, office(rt), items[:1], None, None)
    assert [state for state, _ in found[:19]] == ["approved"] * 19
    assert isinstance(found[19][1], NotFound)
    assert isinstance(again[0][1], AlreadyDecided)
    decided = facts_of(rt, "leave.decided", "correction.decided")
    assert {fact.payload["blanket"] for fact in decided} == {20}
    assert decided[0].payload["shown_at"] == clock.iso(MORNING)


def test_four_with_one_tap_are_not_marked_and_a_refusal_stops_nothing(rt: Runtime) -> None:
    names = [asked(rt, EVENING).id for _ in range(3)]
    items = [{"kind": "correction", "id": name, "decision": "rejected"} for name in names]
    items[0] |= {"note": "无依据"}
    items[2] |= {"decision": "approved"}
    with clock.at(EVENING):
        found = decide_many(rt, office(rt), items, None, None)
    assert [refused.slug if refused else state for state, refused in found] == ["rejected", "invalid-body", "approved"]
    assert all("blanket" not in fact.payload for fact in facts_of(rt, "correction.decided"))
    who = doctor(rt)
    with clock.at(EVENING):
        own = decide_many(rt, who, [{"kind": "correction", "id": names[1], "decision": "approved"}], None, None)
    assert isinstance(own[0][1], NotFound | SelfApproval)
