"""The verdict: time, date, direction and marks of one tap."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from checkin.domain.proof import Scan
from checkin.domain.ticket import Ticket
from checkin.domain.verdict import Arrival, Standing, Verdict, judge, weigh
from checkin.usecases.page import USUAL
from shared.attendance.session import Tap
from shared.calendar import SHANGHAI

DAY = dt.date(2026, 11, 23)
STANDING = Standing(("clinic-1",))


def at(hour: int, minute: int = 0, second: int = 0, day: dt.date = DAY) -> dt.datetime:
    """A wall time in Shanghai."""
    return dt.datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=SHANGHAI)


def arrival(received: dt.datetime, **change: Any) -> Arrival:
    """A poster tap received then."""
    of_scan = {name: change.pop(name) for name in ("ticket", "install", "online", "revoked", "clinic_id") if name in change}
    scan = Scan("clinic-1", b"", received)._replace(**of_scan)
    return Arrival(scan, **change)


def judged(tap: Arrival, *earlier: Tap, standing: Standing = STANDING) -> Verdict:
    return judge(USUAL, earlier, tap, weigh(tap), standing)


def tap(direction: str, when: dt.datetime) -> Tap:
    return Tap(f"entry-{when}", direction, "clinic-1", when)


@pytest.mark.parametrize(("received", "earlier", "offered", "session"), [
    (at(6), [], "in", "am"),  # U24: before the session is an ordinary in
    (at(7, 52), [], "in", "am"),
    (at(9, 59), [("in", at(7, 52))], "out", "am"),
    (at(12, 59), [], "in", "am"),
    (at(12, 59), [("in", at(7, 52))], "out", "am"),
    (at(13, 0), [("in", at(7, 52))], "in", "pm"),
    (at(15, 44), [], "in", "pm"),
    (at(15, 45), [], "out", "pm"),
    (at(23, 59), [], "out", "pm"),
])  # fmt: skip
def test_direction_is_derived_from_the_day_and_the_clock(
    received: dt.datetime, earlier: list[tuple[str, dt.datetime]], offered: str, session: str
) -> None:
    found = judged(arrival(received), *(tap(*each) for each in earlier))
    assert (found.direction, found.session, found.direction_source) == (offered, session, "derived")


def test_u01_a_forgotten_check_out_leaves_the_next_day_with_check_in() -> None:
    yesterday = tap("in", at(7, 50, day=dt.date(2026, 11, 22)))
    assert judged(arrival(at(7, 52)), yesterday).direction == "in"


@pytest.mark.parametrize(("pressed", "source"), [("in", "tapped"), ("out", "flipped")])
def test_the_button_that_was_pressed_is_recorded_as_it_is(pressed: str, source: str) -> None:
    found = judged(arrival(at(7, 52), direction=pressed))
    assert (found.direction, found.direction_source) == (pressed, source)


@pytest.mark.parametrize(("received", "date"), [
    (dt.datetime(2026, 11, 22, 15, 59, 59, tzinfo=dt.UTC), dt.date(2026, 11, 22)),
    (dt.datetime(2026, 11, 22, 16, 0, tzinfo=dt.UTC), dt.date(2026, 11, 23)),
    (dt.datetime(2026, 11, 23, 0, 1, tzinfo=dt.UTC), dt.date(2026, 11, 23)),
    (dt.datetime(2026, 12, 31, 16, 0, tzinfo=dt.UTC), dt.date(2027, 1, 1)),
    (dt.datetime(2028, 2, 28, 23, 0, tzinfo=dt.UTC), dt.date(2028, 2, 29)),
])  # fmt: skip
def test_u33_a_tap_belongs_to_the_shanghai_date(received: dt.datetime, date: dt.date) -> None:
    assert weigh(arrival(received)).service_date == date


def test_a_ticket_of_yesterday_evening_stays_yesterday() -> None:
    issued = at(17, 40, day=dt.date(2026, 11, 22))
    weighed = weigh(arrival(at(7), ticket=Ticket("t", "clinic-1", 1, "rotating", issued)))
    assert (weighed.effective_at, weighed.service_date) == (issued, dt.date(2026, 11, 22))


@pytest.mark.parametrize(("device", "sent", "effective", "flags"), [
    (None, None, at(8), ()),
    (at(7, 30), at(8), at(7, 30), ()),  # queued half an hour, true clock
    (at(7, 30), None, at(7, 30), ()),
    (at(6, 30), at(7), at(7, 30), ("clock_skew",)),  # U29: clock an hour slow
    (at(9, 30), at(10), at(7, 30), ("clock_skew",)),  # clock two hours fast
    (at(8, 4, 59), None, at(8), ()),
    (at(8, 5, 1), None, at(8), ("claim_range",)),
    (at(8, day=dt.date(2016, 11, 23)), None, at(8), ("claim_range",)),
    (at(8, day=dt.date(2036, 11, 23)), None, at(8), ("claim_range",)),
    (at(8), at(8, day=dt.date(2990, 1, 1)), at(8), ("clock_skew", "claim_range")),
    (at(8), at(8, day=dt.date(1900, 1, 1)), at(8), ("clock_skew", "claim_range")),
    (at(8, day=dt.date(2016, 11, 23)), at(8, day=dt.date(2016, 11, 23)), at(8), ("clock_skew", "claim_range")),
])  # fmt: skip
def test_the_phones_clock_is_a_claim(
    device: dt.datetime | None, sent: dt.datetime | None, effective: dt.datetime, flags: tuple[str, ...]
) -> None:
    received = arrival(at(8), device_time=device, sent_at=sent)
    assert weigh(received).effective_at == effective
    assert judged(received).flags == flags


@pytest.mark.parametrize(("change", "standing", "flags"), [
    ({}, Standing(("clinic-2",)), ("code_foreign",)),
    ({"revoked": True}, STANDING, ("code_revoked",)),
    ({}, Standing(("clinic-1",), registered=False), ("unregistered",)),
    ({"online": False}, STANDING, ("late_sync",)),
])  # fmt: skip
def test_marks_do_not_refuse(change: dict[str, Any], standing: Standing, flags: tuple[str, ...]) -> None:
    assert judged(arrival(at(8), **change), standing=standing).flags == flags


def test_skew_is_measured_in_milliseconds_of_the_sending() -> None:
    weighed = weigh(arrival(at(8), device_time=at(7, 59, 50), sent_at=at(8) - dt.timedelta(milliseconds=1500)))
    assert weighed.claim.skew_ms == 1500
