"""Recorded taps are read by whom they concern."""

from __future__ import annotations

import secrets

import pytest

from checkin.usecases import history
from shared.problems import NotFound
from shared.service import Runtime
from tests.checkin.scene import MORNING, doctor, principal
from tests.checkin.usecases.tapping import HOUR, tapped


def test_own_events_come_newest_first_and_nobody_elses(rt: Runtime) -> None:
    mine = [tapped(rt, MORNING + n * HOUR, direction="in").entry.entry_id for n in range(3)]
    tapped(rt, code="D2")
    listed = [row["id"] for row in history.own_events(rt, doctor(rt), None, 10)]
    assert listed == mine[::-1]
    assert [row["id"] for row in history.own_events(rt, doctor(rt), (mine[1],), 10)] == mine[:1]


@pytest.mark.parametrize(("person", "role", "visible"), [
    ("D1", "doctor", True), ("D2", "doctor", False), ("R1", "recipient_admin", True), ("A1", "supporter_admin", True),
    ("C1", "county_officer", True), ("A1", "recipient_admin", False),
])  # fmt: skip
def test_an_event_is_read_within_the_readers_scope(rt: Runtime, person: str, role: str, visible: bool) -> None:
    recorded, reader = tapped(rt), principal(rt, person, role)
    if visible:
        assert history.read_event(rt, reader, recorded.entry.entry_id)["seq"] == recorded.entry.seq
    else:
        with pytest.raises(NotFound):
            history.read_event(rt, reader, recorded.entry.entry_id)


def test_an_unknown_event_is_not_found(rt: Runtime) -> None:
    with pytest.raises(NotFound):
        history.read_event(rt, doctor(rt), secrets.token_hex(16))
