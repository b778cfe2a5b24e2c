"""The draw: commitment, threshold, minute, outside checks, and the binomial mean over a fixed set of seeds."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import math

import pytest

from checkin.domain import spot
from shared.attendance.session import SessionWindows
from shared.calendar import days_between

WINDOWS = SessionWindows((dt.time(8), dt.time(12)), (dt.time(14), dt.time(17, 30)), 180, 30)
MONTH = [(day, half) for day in days_between(dt.date(2026, 11, 2), dt.date(2026, 11, 30)) if day.weekday() < 5 for half in ("am", "pm")]
SEEDS = [hashlib.sha256(f"seed {n}".encode()).digest() for n in range(3000)]


def test_the_commitment_is_the_published_hash_of_the_seed():
    assert spot.commitment(bytes(32)) == hashlib.sha256(b"zhudian/v1/spot\n" + bytes(32)).hexdigest()


@pytest.mark.parametrize(("half_days", "n"), [(42, 6), (46, 6), (21, 6), (20, 3), (14, 2), (10, 1), (4, 1), (3, 1), (1, 1)])
def test_n_is_six_and_prorated_below_21_half_days(half_days, n):
    assert spot.number(half_days) == n
    assert spot.threshold(half_days) == n * 2**64 // half_days


def test_a_single_half_day_is_always_drawn():
    assert all(spot.draw(seed, "p:1", MONTH[0], spot.threshold(1), WINDOWS) for seed in SEEDS[:200])


def test_the_draw_follows_the_bytes_of_the_hmac():
    half_day, seed = (dt.date(2026, 11, 23), "pm"), SEEDS[7]
    x = hmac.digest(seed, b"spot-1|p:abc|2026-11-23|pm", "sha256")
    first = int.from_bytes(x[:8])
    assert spot.draw(seed, "p:abc", half_day, first, WINDOWS) is None
    found = spot.draw(seed, "p:abc", half_day, first + 1, WINDOWS)
    assert found is not None
    minutes = (found.at - WINDOWS.on("pm", half_day[0])[0]) // dt.timedelta(minutes=1)
    assert minutes == int.from_bytes(x[8:16]) % 180
    assert found.outside == (x[16] % 6 == 0)


def test_a_month_is_binomial_around_six_and_one_in_six_is_outside():
    """Mean 6, variance n(1 - n/D); with 3000 months both lie within four standard errors."""
    batch = spot.batch(MONTH)
    months = [spot.drawn(seed, "p:abc", [batch], WINDOWS) for seed in SEEDS]
    sizes = [len(month) for month in months]
    mean, variance = sum(sizes) / len(sizes), 6 * (1 - 6 / len(MONTH))
    assert abs(mean - 6) < 4 * math.sqrt(variance / len(SEEDS))
    spread = sum((size - mean) ** 2 for size in sizes) / (len(sizes) - 1)
    assert abs(spread - variance) < 4 * variance * math.sqrt(2 / len(SEEDS))
    every = [one for month in months for one in month]
    assert abs(sum(one.outside for one in every) / len(every) - 1 / 6) < 4 * math.sqrt(5 / 36 / len(every))


def test_every_minute_leaves_thirty_of_the_session():
    every = [one for seed in SEEDS[:300] for one in spot.drawn(seed, "p:abc", [spot.batch(MONTH)], WINDOWS)]
    for one in every:
        start, end = WINDOWS.on(one.half, one.day)
        assert start <= one.at <= end - dt.timedelta(minutes=31)
    assert len({(one.day, one.half) for one in spot.drawn(SEEDS[0], "p:abc", [spot.batch(MONTH)], WINDOWS)}) == len(
        spot.drawn(SEEDS[0], "p:abc", [spot.batch(MONTH)], WINDOWS)
    )


def test_one_of_a_population_depends_on_the_seed_alone():
    people = [f"posting-{n}" for n in range(5)]
    picked = [spot.order(seed, people)[0] for seed in SEEDS[:1000]]
    assert spot.order(SEEDS[0], reversed(people)) == spot.order(SEEDS[0], people)
    assert all(abs(picked.count(one) - 200) < 60 for one in people)


def test_a_half_day_is_read_back_from_its_text():
    assert spot.parse(spot.text(MONTH[3])) == MONTH[3]
