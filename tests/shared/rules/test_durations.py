"""Months between dates, the first day counted."""

from __future__ import annotations

import pytest

from shared.rules.durations import Length, due, length
from tests.factories.service import day


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2026-01-01", 6, "2026-06-30"), ("2013-01-01", 12, "2013-12-31"), ("2026-03-02", 6, "2026-09-01"),
        ("2025-08-29", 6, "2026-02-28"), ("2024-02-29", 6, "2024-08-28"), ("2026-02-28", 6, "2026-08-27"),
        ("2024-02-29", 12, "2025-02-28"), ("2026-02-28", 12, "2027-02-27"), ("2026-08-31", 6, "2027-02-28"),
        ("2026-08-31", 1, "2026-09-30"), ("2026-11-23", 6, "2027-05-22"), ("2026-05-01", 0, "2026-04-30"),
    ],
)  # fmt: skip
def test_g14c_due_is_the_day_before_or_the_last_day_of_a_shorter_month(start, months, expected):
    assert due(day(start), months) == day(expected)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2026-03-02", "2026-08-27", (5, 26)), ("2026-03-02", "2026-05-31", (2, 30)), ("2026-06-01", "2026-09-01", (3, 1)),
        ("2026-03-02", "2026-09-27", (6, 26)), ("2024-09-10", "2024-12-25", (3, 16)), ("2025-02-17", "2025-11-30", (9, 14)),
        ("2026-05-11", "2026-12-31", (7, 21)), ("2026-03-02", "2026-03-02", (0, 1)), ("2026-03-02", "2026-03-01", (0, 0)),
        ("2026-01-31", "2026-02-28", (1, 0)), ("2026-01-31", "2026-02-27", (0, 28)), ("2026-03-01", "2026-04-30", (2, 0)),
        ("2024-11-15", "2026-02-14", (15, 0)), ("2024-11-15", "2026-02-13", (14, 30)), ("2026-03-02", "2026-02-20", (0, 0)),
    ],
)  # fmt: skip
def test_length_is_the_most_whole_months_then_days(first, last, expected):
    assert length(day(first), day(last)) == Length(*expected)
