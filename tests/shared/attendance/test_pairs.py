"""Pairs and minutes (continuity.md §1.2) with the golden cases G16 and G38."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.attendance.session import HALVES, intervals, pair_day
from tests.shared.attendance.taps import DAY, WINDOWS, taps


def minutes(*written, windows=WINDOWS):
    day = pair_day(windows, taps(*written))
    return tuple(half.minutes if half else 0 for half in (day.am, day.pm))


def attended(*written, windows=WINDOWS):
    day = pair_day(windows, taps(*written))
    return tuple(half.clinic_id if half and half.attended else None for half in (day.am, day.pm))


@pytest.mark.parametrize(
    ("written", "expected", "where"),
    [
        (["in 07:50", "out 17:40"], (240, 210), ("A", "A")),  # one pair serves both sessions
        (["in 08:20", "out 11:20"], (180, 0), ("A", None)),
        (["in 08:20", "out 11:19"], (179, 0), (None, None)),
        (["in 09:30", "out 12:30"], (150, 0), (None, None)),
    ],
)
def test_g38_half_day_minutes(written, expected, where):
    assert minutes(*written) == expected
    assert attended(*written) == where


def test_seconds_short_of_180_minutes_are_not_rounded_up():
    assert minutes("in 08:20:01", "out 11:20:00") == (179, 0)
    assert minutes("in 08:20:00", "out 11:20:00") == (180, 0)


def test_several_pairs_at_one_clinic_add_up():
    assert minutes("in 08:00", "out 09:30", "in 10:00", "out 11:30") == (180, 0)
    assert attended("in 08:00", "out 09:30", "in 10:00", "out 11:29") == (None, None)


def test_half_minutes_of_several_pairs_add_up_before_they_are_cut():
    assert minutes("in 08:00:00", "out 09:30:30", "in 10:00:00", "out 11:29:30") == (180, 0)


def test_g16_two_clinics_that_both_fall_short_give_nobody_the_half_day():
    day = pair_day(WINDOWS, taps("in 08:00 A", "out 09:30 A", "in 10:00 B", "out 12:00 B"))
    assert day.am is not None
    assert (day.am.attended, day.am.flags) == (False, ("split_session",))
    assert day.am.by_clinic == {"A": 90, "B": 120}


def test_g16_with_two_hours_the_longer_clinic_has_it():
    shorter = replace(WINDOWS, min_minutes=120)
    assert attended("in 08:00 A", "out 09:30 A", "in 10:00 B", "out 12:00 B", windows=shorter) == ("B", None)


def test_of_two_clinics_that_reach_it_the_longer_wins_and_it_is_flagged():
    shorter = replace(WINDOWS, min_minutes=100)
    day = pair_day(shorter, taps("in 08:00 A", "out 09:45 A", "in 09:50 B", "out 12:00 B"))
    assert day.am is not None
    assert (day.am.clinic_id, day.am.flags) == ("B", ("two_clinics",))


def test_a_tie_between_clinics_goes_to_the_earlier_check_in():
    shorter = replace(WINDOWS, min_minutes=120)
    assert attended("in 10:00 A", "out 12:00 A", "in 08:00 B", "out 10:00 B", windows=shorter) == ("B", None)


def test_of_several_ins_the_earliest_opens_and_the_others_change_nothing():
    assert minutes("in 08:00", "in 09:00", "in 11:00", "out 12:00") == (240, 0)


def test_an_out_without_an_open_in_opens_nothing():
    assert minutes("out 08:00", "out 09:00", "in 09:00", "out 12:00") == (180, 0)
    assert pair_day(WINDOWS, taps("out 12:00")).pairs == ()


def test_leaving_and_coming_back_in_one_instant_loses_no_minute():
    assert minutes("in 08:00", "out 10:00", "in 10:00", "out 12:00") == (240, 0)


def test_the_earliest_in_that_counts_opens():
    first, *rest = taps("in 08:00", "in 08:30", "out 12:00")
    day = pair_day(WINDOWS, [replace(first, counts=False), *rest])
    assert day.am is not None
    assert day.am.minutes == 210


def test_a_missing_check_out_leaves_the_day_open_and_gives_no_minutes():
    day = pair_day(WINDOWS, taps("in 07:55"))
    assert day.open
    assert day.am is not None
    assert (day.am.minutes, day.am.attended, day.am.open, day.am.out_at) == (0, False, True, None)
    assert day.pm is None


def test_an_open_clinic_is_not_closed_at_another():
    day = pair_day(WINDOWS, taps("in 07:55 A", "out 12:00 B"))
    assert day.open
    assert [pair.left for pair in day.pairs] == [None]


def test_nothing_recorded_is_no_presence():
    day = pair_day(WINDOWS, [])
    assert (day.am, day.pm, day.open) == (None, None, False)


@pytest.mark.parametrize(("came", "late"), [("08:00", False), ("08:30", False), ("08:30:01", True), ("08:31", True)])
def test_late_is_a_check_in_more_than_thirty_minutes_after_the_start(came, late):
    day = pair_day(WINDOWS, taps(f"in {came}", "out 12:00"))
    assert day.am is not None
    assert (day.am.late, day.am.attended) == (late, True)


def test_a_pair_that_began_in_the_morning_is_not_late_in_the_afternoon():
    day = pair_day(WINDOWS, taps("in 07:50", "out 17:40"))
    assert day.pm is not None
    assert not day.pm.late


def test_two_dates_are_never_paired():
    night = taps("in 23:00", day=DAY) + taps("out 08:00", day=DAY + dt.timedelta(days=1))
    with pytest.raises(ValueError, match="one date"):
        pair_day(WINDOWS, night)


TAPS = st.lists(
    st.tuples(st.sampled_from(("in", "out")), st.integers(0, 24 * 60 - 1), st.sampled_from("AB")), max_size=12
).map(lambda rows: taps(*[f"{way} {m // 60:02d}:{m % 60:02d} {clinic}" for way, m, clinic in rows]))


@given(TAPS, st.randoms())
def test_the_order_in_which_taps_arrive_changes_nothing(some, random):
    shuffled = list(some)
    random.shuffle(shuffled)
    assert pair_day(WINDOWS, shuffled) == pair_day(WINDOWS, some)


@given(TAPS)
def test_intervals_of_one_clinic_never_overlap_and_minutes_never_exceed_the_session(some):
    day = pair_day(WINDOWS, some)
    for half in HALVES:
        seen = day.half(half)
        start, end = WINDOWS.on(half, DAY)
        assert seen is None or seen.minutes <= (end - start) // dt.timedelta(minutes=1)
    for clinic in "AB":
        ours = [pair for pair in intervals(some) if pair.clinic_id == clinic]
        for one, other in pairwise(ours):
            assert one.left is not None
            assert one.left.at <= other.came.at
