"""A tap turned the other way: within ten minutes and before any later tap."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

import pytest

from checkin.usecases.flip import FlipOver, flip
from shared import clock
from shared.problems import InvalidBody, NotFound
from shared.service import Runtime
from tests.checkin.scene import MORNING, counts, doctor, new_rows
from tests.checkin.usecases.asking import event, facts_of, folded
from tests.checkin.usecases.tapping import tapped


def flipped(rt: Runtime, tap: str, at: dt.datetime, direction: str = "out", code: str = "D1", **more: Any) -> Any:
    with clock.at(at):
        return flip(rt, doctor(rt, code), tap, event(direction=direction, **more))


def test_a_flip_within_ten_minutes_turns_the_tap(rt: Runtime) -> None:
    tap = tapped(rt, MORNING, direction="in").entry.entry_id
    created, row = flipped(rt, tap, MORNING + dt.timedelta(minutes=10))
    assert (created, row.direction, row.direction_source) == (True, "out", "flipped")
    assert folded(rt).halves["am"].in_at is None
    assert facts_of(rt, "attendance.direction_flipped")[-1].payload["to"] == "out"


def test_a_repeated_flip_writes_nothing(rt: Runtime) -> None:
    tap, same = tapped(rt, MORNING, direction="in").entry.entry_id, secrets.token_hex(16)
    flipped(rt, tap, MORNING, client_event_id=same)
    before = counts(rt)
    created, _ = flipped(rt, tap, MORNING, client_event_id=same)
    assert (created, new_rows(before, counts(rt))) == (False, {})


def test_a_flip_is_over_after_ten_minutes_or_a_later_tap(rt: Runtime) -> None:
    tap = tapped(rt, MORNING, direction="in").entry.entry_id
    before = counts(rt)
    with pytest.raises(FlipOver) as refused:
        flipped(rt, tap, MORNING + dt.timedelta(minutes=10, milliseconds=1))
    assert (refused.value.status, refused.value.slug) == (409, "flip-over")
    with pytest.raises(InvalidBody):
        flipped(rt, tap, MORNING, "in")
    with pytest.raises(NotFound):
        flipped(rt, tap, MORNING, code="D2")
    assert new_rows(before, counts(rt)) == {}
    tapped(rt, MORNING + dt.timedelta(minutes=2), direction="out")
    with pytest.raises(FlipOver):
        flipped(rt, tap, MORNING + dt.timedelta(minutes=3))
