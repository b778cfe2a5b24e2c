"""Flags of evidence.md §8 that can be told without device keys and location."""

from __future__ import annotations

import datetime as dt

import pytest

from shared.attendance import flags
from shared.attendance.session import intervals
from tests.shared.attendance.taps import taps

RECEIVED = dt.datetime(2026, 11, 23, 0, 5, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def times(**over):
    given = {"received_at": RECEIVED, "claimed_at": RECEIVED, "skew_ms": 0, "online": True, "window": HOUR}
    return flags.time_flags(**(given | over))


def test_an_ordinary_event_raises_nothing():
    assert times() == ()
    assert flags.code_flags("A", ("A", "B"), revoked=False) == ()


def test_a_code_of_a_clinic_outside_the_posting_is_red():
    assert flags.code_flags("C", ("A", "B"), revoked=False) == ("code_foreign",)
    assert flags.is_red("code_foreign")


def test_a_revoked_code_is_red_even_at_the_own_clinic():
    assert flags.code_flags("A", ("A",), revoked=True) == ("code_revoked",)
    assert flags.code_flags("C", ("A",), revoked=True) == ("code_foreign", "code_revoked")


@pytest.mark.parametrize(("skew", "raised"), [(120_000, ()), (120_001, ("clock_skew",)), (-120_001, ("clock_skew",)),
                                              (None, ())])  # fmt: skip
def test_a_phone_clock_over_two_minutes_off_is_marked(skew, raised):
    assert times(skew_ms=skew) == raised


@pytest.mark.parametrize(
    ("claimed", "raised"),
    [
        (RECEIVED + dt.timedelta(minutes=5), ()),
        (RECEIVED + dt.timedelta(minutes=5, seconds=1), ("claim_range",)),
        (RECEIVED.replace(year=2016), ()),
        (RECEIVED.replace(year=2016) - dt.timedelta(seconds=1), ("claim_range",)),
        (RECEIVED.replace(year=2037), ("claim_range",)),
        (None, ()),
    ],
)
def test_a_claim_ten_years_back_or_five_minutes_ahead_is_out_of_range(claimed, raised):
    assert times(claimed_at=claimed) == raised


def test_a_claim_is_judged_on_a_leap_day_too():
    leap = dt.datetime(2028, 2, 29, 1, tzinfo=dt.UTC)
    assert flags.claim_in_range(leap.replace(year=2018, day=28), leap)
    assert not flags.claim_in_range(leap.replace(year=2018, day=27), leap)


@pytest.mark.parametrize(
    ("online", "window", "raised"),
    [
        (False, dt.timedelta(hours=24), ()),
        (False, dt.timedelta(hours=24, seconds=1), ("late_sync",)),
        (False, None, ("late_sync",)),
        (True, None, ()),
    ],
)
def test_what_was_recorded_offline_and_proven_late_is_marked(online, window, raised):
    assert times(online=online, window=window) == raised


@pytest.mark.parametrize("code", ["clock_skew", "claim_range", "late_sync", "loc_outside", "unregistered"])
def test_amber_flags_never_keep_an_event_out(code):
    assert flags.counts([code])


def test_a_red_flag_keeps_an_event_out_until_it_is_dismissed():
    assert not flags.counts(["code_foreign", "clock_skew"])
    assert flags.counts(["code_foreign", "clock_skew"], dismissed=["code_foreign"])


@pytest.mark.parametrize(("left", "raised"), [("10:10", 0), ("10:11", 1)])
def test_two_places_means_more_than_ten_minutes_at_two_clinics_at_once(left, raised):
    found = flags.two_places(intervals(taps("in 08:00 A", f"out {left} A", "in 10:00 B", "out 12:00 B")))
    assert len(found) == raised


def test_two_places_names_the_four_entries_that_raised_it():
    found = flags.two_places(intervals(taps("in 08:00 A", "out 12:00 A", "in 09:00 B", "out 11:00 B")))
    assert [(flag.code, flag.colour) for flag in found] == [("two_places", "red")]
    assert set(found[0].evidence) == {"in-08:00-A", "out-12:00-A", "in-09:00-B", "out-11:00-B"}


def test_a_check_in_still_open_proves_no_second_place():
    assert flags.two_places(intervals(taps("in 07:50 A", "in 09:00 B", "out 12:00 B"))) == ()


def test_one_clinic_is_never_two_places():
    assert flags.two_places(intervals(taps("in 08:00 A", "out 09:00 A", "in 08:30 A", "out 12:00 A"))) == ()
