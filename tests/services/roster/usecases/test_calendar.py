"""Loading calendar overrides: all or nothing, shown as counted, and picked up by everything judged afterwards."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from services.progress.usecases.rebuild import rebuild
from services.roster.usecases import calendar
from services.roster.usecases.calendar import CalendarInvalid, load_overrides, show
from shared import clock
from shared.directory import lookup
from shared.directory.models import CalendarDay, CalendarYear
from shared.progress.models import ObligationState
from shared.service import Runtime
from tests.factories.directory import directory

NOW = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)


def stored(rt: Runtime) -> tuple[int, int]:
    with rt.db.read() as session:
        days, years = (session.scalar(sa.select(sa.func.count()).select_from(table)) for table in (CalendarDay, CalendarYear))
        return days or 0, years or 0


def version(rt: Runtime) -> str:
    with rt.db.read() as session:
        return lookup.calendar(session).version


def test_a_load_says_what_is_new_and_a_second_one_changes_nothing(rt: Runtime):
    before = version(rt)
    first = load_overrides(rt, "2027-01-01,休息\n2027-01-02,上班\n2027,完整".encode())
    assert (first.added, first.changed, first.unchanged, first.years) == (2, 0, 0, [2027])
    assert first.calendar_version == version(rt) != before
    again = load_overrides(rt, "2027-01-01,休息\n2027-01-02,休息\n2027,完整".encode())
    assert (again.added, again.changed, again.unchanged, again.years) == (0, 1, 1, [])
    assert stored(rt) == (2, 1)


def test_one_mistake_stores_nothing_of_the_file(rt: Runtime):
    before = version(rt)
    with pytest.raises(CalendarInvalid) as refused:
        load_overrides(rt, "2027-01-01,休息\n2027-02-30,休息\n2027,完整".encode())
    assert refused.value.extra["errors"][0]["line"] == 2
    assert refused.value.title_text() == "日历文件有 1 处需要修改,没有保存"
    assert stored(rt) == (0, 0)
    assert version(rt) == before


def test_the_published_years_are_shown_as_the_state_council_set_them(rt: Runtime):
    year = show(rt, 2026)
    assert year.complete
    assert year.workdays == [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]
    assert {"date": "2026-10-10", "kind": "workday"} in year.days
    assert year.overrides == []


def test_a_year_that_is_not_loaded_is_monday_to_friday_and_not_complete(rt: Runtime):
    year = show(rt, 2027)
    assert (year.complete, year.days, sum(year.workdays)) == (False, [], 261)
    load_overrides(rt, "2027-01-01,休息\n2027,完整".encode())
    year = show(rt, 2027)
    assert (year.complete, sum(year.workdays)) == (True, 260)
    assert year.overrides == year.days == [{"date": "2027-01-01", "kind": "rest"}]
    assert calendar.years(rt) == [2027]


def judged(rt: Runtime) -> dict[str, Any]:
    with rt.db.read() as session:
        query = sa.select(ObligationState).where(ObligationState.period == "2026-W46", ObligationState.rule_id == "ZZ-13")
        row = session.scalars(query).first()
        return {"n": row.state["n_workdays"], "version": row.state["calendar_version"]} if row else {}


def test_a_rebuild_judges_by_the_calendar_as_it_is_after_a_load(rt: Runtime):
    directory(rt)
    with clock.at(NOW):
        rebuild(rt, "2026-11")
        assert judged(rt) == {"n": 5, "version": version(rt)}
        load_overrides(rt, "2026-11-11,休息".encode())
        assert judged(rt)["version"] != version(rt), "a load changes no stored figure by itself"
        assert rebuild(rt, "2026-11") != []
        assert judged(rt) == {"n": 4, "version": version(rt)}
        assert rebuild(rt, "2026-11") == []
