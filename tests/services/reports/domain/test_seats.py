"""席位在岗: every duty half-day of every seat is covered, a gap, or not decided yet."""

import datetime as dt

from services.reports.domain.figures import not_applicable, not_reported
from services.reports.domain.seats import filled, required, seats
from services.reports.domain.source import SeatLine
from shared.calendar import at
from tests.services.reports.monthly_world import fact, posting, world

SEAT = SeatLine("s0", "XW-0", "区人民医院", "内科", "resident", dt.date(2026, 11, 2), dt.date(2026, 11, 4))


def source(facts, lines=None, seat=SEAT, **over):
    lines = (posting(0, seat_id="s0"),) if lines is None else lines
    return world(1, postings=lines, days={(f.posting_id, f.date): f for f in facts}, states=(), seats=(seat,), **over)


def one(*args, **over):
    return seats(source(*args, **over))[0]


def test_presence_covers_and_everything_else_is_a_gap_with_its_date():
    days = [dt.date(2026, 11, n) for n in (2, 3, 4)]
    row = one([fact("p00", days[0]), fact("p00", days[1], "L", "A"), fact("p00", days[2], "X", "O")])
    assert [row[key]["value"] for key in ("duty_half_days", "covered", "gap_half_days", "pending")] == [6, 3, 3, 0]
    assert row["gaps"] == [{"date": "2026-11-03", "half": "am"}, {"date": "2026-11-04", "half": "am"},
                           {"date": "2026-11-04", "half": "pm"}]  # fmt: skip


def test_two_holders_cover_for_each_other():
    lines = (posting(0, seat_id="s0"), posting(1, seat_id="s0"))
    day = dt.date(2026, 11, 2)
    row = one([fact("p00", day, "A", "X"), fact("p01", day, "X", "A")], lines, cutoff=at(day, dt.time(18)))
    assert (row["covered"]["value"], row["gap_half_days"]["value"]) == (2, 0)


def test_an_undecided_presence_is_neither_gap_nor_cover():
    day = dt.date(2026, 11, 2)
    row = one([fact("p00", day, "P", "A")], cutoff=at(day, dt.time(18)))
    assert [row[key]["value"] for key in ("covered", "gap_half_days", "pending")] == [1, 0, 1]


def test_a_seat_without_holder_is_a_gap_on_every_workday():
    row = one([], ())
    assert row["gap_half_days"]["value"] == row["duty_half_days"]["value"] == 6
    assert row["holders"] == []


def test_a_roster_nobody_has_is_not_reported():
    seat = SeatLine("s0", "XW-0", "区人民医院", "内科", "rounds", SEAT.start, SEAT.end)
    assert one([], (), seat)["duty_half_days"] == not_reported()


def test_a_seat_of_a_mode_without_daily_duty_does_not_apply():
    seat = SeatLine("s0", "XW-0", "区人民医院", "内科", "taskforce", SEAT.start, SEAT.end)
    assert one([], (), seat)["covered"]["state"] == "not_applicable"


def test_substitutes_and_handovers_are_not_invented():
    row = one([])
    assert row["substitutes"] == row["handovers_done"] == row["handovers_owed"] == not_reported()
    assert not_applicable("x") not in (row["substitutes"],)


def test_seats_in_force_and_held_are_those_of_the_last_day():
    held = source([], seat=SeatLine("s0", "XW-0", "区人民医院", "内科", "resident", SEAT.start, None))
    ended = source([])
    assert (required(held), filled(held)) == (1, 1)
    assert (required(ended), filled(ended)) == (0, 0)
