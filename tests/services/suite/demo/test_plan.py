"""The plan of the demo world alone: whom it invents and when they do what."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from itertools import pairwise

import pytest

from services.roster import template
from services.roster.domain.sheets import SHEETS
from services.roster.usecases.imports import import_workbook
from services.roster.usecases.programmes import ensure_programmes
from services.suite.demo.leave import leaves
from services.suite.demo.plan import acts
from services.suite.demo.world import build, months_later
from shared.calendar import Calendar, local_date, two_weeks
from shared.directory import lookup
from shared.service import Runtime

TODAY = dt.date(2026, 11, 22)


@pytest.fixture
def calendar(rt: Runtime) -> Calendar:
    with rt.db.read() as session:
        return lookup.calendar(session)


def test_taps_lie_on_workdays_alone(calendar: Calendar):
    world = build(2, 24, 1, TODAY, calendar)
    dates = {local_date(act.at) for act in acts(world, calendar) if act.kind == "tap"}
    assert dates
    assert all(calendar.is_workday(day) for day in dates)
    assert dt.date(2026, 10, 10) in dates


def test_the_play_is_the_same_for_a_seed_and_another_for_another(calendar: Calendar):
    one, two = (acts(build(2, 24, 7, TODAY, calendar), calendar) for _ in range(2))
    assert one == two
    assert one != acts(build(2, 24, 8, TODAY, calendar), calendar)


def test_acts_come_in_order_and_no_tap_repeats_another_within_a_minute(calendar: Calendar):
    found = acts(build(2, 24, 1, TODAY, calendar), calendar)
    assert [act.at for act in found] == sorted(act.at for act in found)
    taps = defaultdict(list)
    for act in found:
        if act.kind == "tap":
            taps[act.person, act.data["clinic"], act.data["direction"]].append(act.at)
    gaps = [(b - a).total_seconds() for times in taps.values() for a, b in pairwise(times)]
    assert min(gaps) > 60


def test_ordinary_life_has_its_flaws(calendar: Calendar):
    world = build(2, 24, 1, TODAY, calendar)
    found = acts(world, calendar)
    kinds = Counter((act.kind, act.data.get("direction"), act.data.get("code")) for act in found)
    ins = sum(count for (kind, way, _), count in kinds.items() if (kind, way) == ("tap", "in"))
    outs = sum(count for (kind, way, _), count in kinds.items() if (kind, way) == ("tap", "out"))
    assert 0 < ins - outs < 0.1 * ins  # some forget to check out
    assert 0.02 < kinds["tap", "in", False] / ins < 0.4  # some tap the poster instead of the code
    diaries = [act for act in found if act.kind == "diary"]
    late = [act for act in diaries if local_date(act.at).isoformat() != act.data["service_date"]]
    assert 0 < len(late) < 0.25 * len(diaries)
    assert 0 < sum(act.data["photo"] is not None for act in diaries) < 0.3 * len(diaries)
    slips = leaves(world, calendar)
    assert len(slips) >= 3
    assert {"personal", "sick", "annual"} >= {slip.type for slip in slips}


def test_whoever_is_on_leave_stays_away(calendar: Calendar):
    world = build(2, 24, 1, TODAY, calendar)
    away = {
        (slip.person, day) for slip in leaves(world, calendar) if slip.decision == "approved"
        for day in calendar.workdays(slip.first, slip.last)
    }  # fmt: skip
    assert away
    assert not away & {(act.person, local_date(act.at)) for act in acts(world, calendar) if act.kind == "tap"}


def test_the_task_force_comes_about_one_day_in_two_weeks(calendar: Calendar):
    world = build(2, 24, 1, TODAY, calendar)
    leader = next(one for one in world.physicians if one.mode == "taskforce" and one.leader)
    days = {local_date(act.at) for act in acts(world, calendar) if act.kind == "tap" and act.person == leader.code}
    per_window = Counter(two_weeks(world.start, day) for day in days)
    assert max(per_window.values()) == 1
    assert len(per_window) >= 3


@pytest.mark.parametrize("physicians", [1, 24, 100])
def test_the_world_is_a_workbook_without_a_mistake(rt: Runtime, calendar: Calendar, physicians: int):
    ensure_programmes(rt)
    world = build(2, physicians, 1, TODAY, calendar)
    data = template.workbook({sheet.title: world.rows[sheet.title] for sheet in SHEETS})
    assert import_workbook(rt, data, dry_run=True).created > physicians


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [("2026-11-22", -2, "2026-09-22"), ("2026-03-31", -1, "2026-02-28"), ("2026-01-15", -2, "2025-11-15"),
     ("2026-12-31", 2, "2027-02-28")],
)  # fmt: skip
def test_months_are_counted_by_the_calendar(day: str, months: int, expected: str):
    assert months_later(dt.date.fromisoformat(day), months) == dt.date.fromisoformat(expected)
