"""The states of a spot check: every row of evidence.md §10.2 and the busy rule of §10.3."""

from __future__ import annotations

import datetime as dt

import pytest

from shared.attendance import spot
from shared.attendance.spot import Proof, Told, Window

ISSUED = dt.datetime(2026, 11, 23, 9, 12, tzinfo=dt.UTC)
WINDOW = Window(ISSUED, ISSUED + spot.ANSWER, ISSUED + dt.timedelta(hours=2, minutes=48))


def proof(minutes: float, **over) -> Proof:
    at = ISSUED + dt.timedelta(minutes=minutes)
    return Proof(**({"code": "fresh", "at": at, "received_at": at, "same_day": True} | over))


@pytest.mark.parametrize(("given", "verdict"), [
    (proof(0), "in_time"), (proof(30), "in_time"), (proof(30.1), "late"), (proof(-1), "insufficient"),
    (proof(10, code="kiosk"), "in_time"), (proof(10, code="kiosk", same_day=False), "late"),
    (proof(10, code="poster"), "insufficient"), (proof(10, code="none"), "insufficient"),
    (proof(10, code="none", inside=True), "in_time"), (proof(10, key=False), "insufficient"), (proof(10, key=True), "in_time"),
    (proof(10, own=False), "insufficient"), (proof(200), "late"),
])  # fmt: skip
def test_an_answer_is_a_code_or_a_location_within_the_window(given, verdict):
    assert spot.weigh(WINDOW, given) == verdict


def told(*answers: tuple[str, float], **over) -> Told:
    return Told(WINDOW, tuple((verdict, ISSUED + dt.timedelta(minutes=at)) for verdict, at in answers), **over)


@pytest.mark.parametrize(("given", "state"), [
    (told(), "issued"), (told(("insufficient", 5)), "issued"), (told(("in_time", 5)), "answered"),
    (told(("late", 40)), "answered_late"), (told(busy=True), "busy"), (told(lapsed=True), "lapsed"),
    (told(("late", 200), lapsed=True), "answered_late"), (told(busy=True, lapsed=True), "busy"),
    (told(("late", 60), busy=True), "answered"), (told(("late", 288), busy=True), "answered"),
    (told(("late", 289), busy=True), "answered_late"),
    (told(("in_time", 5), result="not_found"), "not_found"), (told(lapsed=True, result="excused"), "excused"),
    (told(result="void"), "void"), (Told(None), "void"), (told(("late", 40), result="present"), "present"),
])  # fmt: skip
def test_the_state_is_the_best_of_what_was_told(given, state):
    assert spot.state_of(given) == state


def test_every_state_has_its_word():
    assert set(spot.WORDS) == {"issued", "answered", "answered_late", "busy", "lapsed", *spot.RESULTS, "void"}
    assert WINDOW.busy_until - WINDOW.deadline == WINDOW.met_until - WINDOW.session_end == dt.timedelta(hours=2)
