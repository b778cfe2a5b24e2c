"""The golden cases: files with the answers that were worked out by hand on the official calendar."""

from __future__ import annotations

import functools
from pathlib import Path

import chinese_calendar.constants as published

from shared.calendar import Calendar
from shared.rules.case import Case, load
from shared.rules.load import shipped

FOLDER = Path(__file__).parent / "golden"


@functools.cache
def official() -> Calendar:
    """Every published year."""
    days = dict.fromkeys(published.holidays, "rest") | dict.fromkeys(published.workdays, "workday")
    return Calendar.of(days, {day.year for day in published.holidays})


def read(text: bytes) -> Case:
    """The case in these bytes, by the shipped programmes; files beside it are in the folder of the golden cases."""
    return load(text, shipped(), official(), lambda name: (FOLDER / name).read_bytes())


def names() -> list[str]:
    """Every golden case."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def golden(name: str) -> Case:
    """One golden case."""
    return read((FOLDER / f"{name}.json").read_bytes())
