"""A phone without a network for three days sends everything it has, out of order, three times and at the same time."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import sqlalchemy as sa

from checkin.models import Attendance
from checkin.usecases.record import record_event
from shared import clock, ledger
from shared.ledger.models import LedgerEntry
from shared.service import Runtime
from tests.checkin.scene import MORNING, doctor, item, shown_k, world

EVENTS, STEP = 200, dt.timedelta(minutes=21)
"""Within 70 hours."""


def test_two_hundred_offline_events_of_72_hours_shuffled_three_times_in_parallel_are_two_hundred_entries(pg_rt: Runtime) -> None:
    world(pg_rt)
    who, times = doctor(pg_rt), [MORNING + number * STEP for number in range(EVENTS)]
    items = [
        item(pg_rt, who, k=shown_k(pg_rt, at), online=False, direction=("in", "out")[number % 2], device_time=clock.iso(at))
        for number, at in enumerate(times)
    ]  # fmt: skip
    received = MORNING + dt.timedelta(hours=71)

    def upload(seed: int) -> dict[str, bytes]:
        shuffled: list[dict[str, Any]] = Random(seed).sample(items, EVENTS)
        with clock.at(received):
            return {one["body"]["client_event_id"]: ledger.jcs(record_event(pg_rt, who, one)[1].entry.receipt) for one in shuffled}

    with ThreadPoolExecutor(3) as pool:
        first, *others = pool.map(upload, range(3))
    assert len(first) == EVENTS
    assert all(other == first for other in others)  # the same receipts, byte for byte
    with pg_rt.db.read() as session:
        assert session.scalar(sa.select(sa.func.count()).where(LedgerEntry.kind == "attendance.recorded")) == EVENTS
        assert sorted(session.scalars(sa.select(Attendance.effective_at))) == [at - (at - MIDNIGHT) % dt.timedelta(seconds=15) for at in times]
        assert set(session.scalars(sa.select(Attendance.strength))) == {"kiosk"}
        assert ledger.verify(session, pg_rt.keys) == []


MIDNIGHT = MORNING.replace(hour=0, minute=0)
