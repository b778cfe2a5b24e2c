"""The one clock and the one source of ids."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from shared import clock
from shared.ids import new_id


def test_shanghai_dates_begin_eight_hours_before_utc_ones() -> None:
    assert clock.local_date(dt.datetime(2026, 12, 31, 15, 59, 59, tzinfo=dt.UTC)) == dt.date(2026, 12, 31)
    assert clock.local_date(dt.datetime(2026, 12, 31, 16, 0, tzinfo=dt.UTC)) == dt.date(2027, 1, 1)


def test_a_set_clock_stands_still_inside_its_block_only() -> None:
    instant = dt.datetime(2026, 3, 2, 0, 1, 2, 345678, tzinfo=dt.UTC)
    with clock.at(instant):
        assert clock.iso(clock.now()) == "2026-03-02T00:01:02.345Z"
    assert clock.now() > instant


def test_naive_instants_are_refused() -> None:
    with pytest.raises(ValueError, match="time zone"), clock.at(dt.datetime(2026, 1, 1)):  # noqa: DTZ001
        pass
    with pytest.raises(ValueError, match="offset"):
        clock.parse_iso("2026-01-01T00:00:00")


def test_iso_text_is_read_back_to_the_same_instant() -> None:
    now = clock.now()
    assert clock.parse_iso(clock.iso(now)) == now


def test_ids_are_version_7_and_rise_even_within_one_millisecond() -> None:
    with clock.at(dt.datetime(2026, 3, 2, tzinfo=dt.UTC)):
        ids = [new_id() for _ in range(9000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)
    assert {uuid.UUID(one).version for one in ids} == {7}


def test_an_id_carries_the_time_of_the_clock() -> None:
    instant = dt.datetime(2027, 8, 9, tzinfo=dt.UTC)
    with clock.at(instant):
        assert uuid.UUID(new_id()).int >> 80 == int(instant.timestamp() * 1000)
