"""The published calendar of mainland China: the one place that touches chinesecalendar (2004 on). No database."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping

import chinese_calendar.constants as published

from shared.calendar import Calendar


@functools.cache
def calendar() -> Calendar:
    """Every published year, without overrides."""
    return overridden({}, ())


def overridden(days: Mapping[dt.date, str], years: tuple[int, ...]) -> Calendar:
    """The published years under overrides: `days` maps a date to workday or rest, `years` are declared complete."""
    known = dict.fromkeys(published.holidays, "rest") | dict.fromkeys(published.workdays, "workday")
    return Calendar.of(known | dict(days), {day.year for day in published.holidays} | set(years))
