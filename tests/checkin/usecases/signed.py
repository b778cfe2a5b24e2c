"""Sending what a phone of the small world signed, and reading the answer."""

from __future__ import annotations

import datetime as dt
from typing import Any

from checkin.usecases import history
from checkin.usecases.record import record_event
from checkin.usecases.repeat import Recorded
from shared import clock
from shared.service import Runtime
from tests.checkin.scene import MORNING, Item, doctor, item, shown_k


def sent(rt: Runtime, made: Item, at: dt.datetime = MORNING, code: str = "D1") -> Recorded:
    with clock.at(at):
        return record_event(rt, doctor(rt, code), made)[1]


def shown(rt: Runtime, recorded: Recorded) -> Item:
    return history.answer(rt, doctor(rt), recorded)["attendance"]


def fresh(rt: Runtime, **body: Any) -> Item:
    return item(rt, doctor(rt), k=shown_k(rt, MORNING), direction="in", device_time=clock.iso(MORNING), **body)
