"""PH-10: what the physician reads before sending a leave, from what was really recorded."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from checkin.usecases.leave_effect import leave_effect
from shared import clock
from shared.problems import DateOutsidePosting, InvalidBody
from shared.service import Runtime
from tests.checkin.scene import MONDAY, MORNING, counts, doctor, new_rows
from tests.checkin.usecases.asking import asked, drain, ruled


def effect(rt: Runtime, first: str, last: str, at: dt.datetime = MORNING, code: str = "D1", **more: Any) -> dict[str, Any]:
    """The effect of a leave thought of at an instant."""
    with clock.at(at):
        return leave_effect(rt, doctor(rt, code), {"type": "personal", "from": first, "to": last, **more})


def test_a_short_leave_is_the_recipients_and_within_the_cap(rt: Runtime) -> None:
    before = counts(rt)
    found = effect(rt, "2026-11-25", "2026-11-26", from_session="pm")
    assert (found["half_days"], found["approver"], found["filed_late"]) == (3, "受援医院医务科", False)
    assert (found["leave_half_days"], found["cap_workdays"]) == (3, 10)
    assert found["text"].startswith("计入请假 1.5/10 天")
    assert new_rows(before, counts(rt)) == {}, "asking stores nothing"


def test_leave_over_the_cap_moves_the_end(rt: Runtime) -> None:
    short, long = effect(rt, "2026-11-25", "2026-11-25"), effect(rt, "2026-11-25", "2026-12-18")
    assert (long["approver"], long["leave_half_days"]) == ("县级卫健部门", 36)
    assert short["earliest"] == short["earliest_without"]
    assert long["earliest"] is None or long["earliest"] > long["earliest_without"]


def test_a_leave_of_more_than_thirty_days_breaks_and_says_since_when(rt: Runtime) -> None:
    found = effect(rt, "2026-11-25", "2026-12-31")
    assert found["breaks_on"] == "2026-11-25"
    assert found["text"].endswith("连续派驻将自 2026-11-25 起中断")


def test_attended_half_days_are_told_as_overlap(rt: Runtime) -> None:
    ruled(rt, asked(rt, sessions=["am", "pm"]))
    drain(rt)
    day = MONDAY.isoformat()
    assert effect(rt, day, day, type="sick")["overlap"] == [{"date": day, "session": "am"}, {"date": day, "session": "pm"}]
    assert effect(rt, day, day, to_session="am")["overlap"] == [{"date": day, "session": "am"}]


def test_late_filing_is_told_before_it_happens(rt: Runtime) -> None:
    assert effect(rt, MONDAY.isoformat(), MONDAY.isoformat(), MORNING + dt.timedelta(hours=2))["filed_late"] is True


def test_without_a_continuity_rule_only_the_approver_is_told(rt: Runtime) -> None:
    found = effect(rt, "2026-11-25", "2026-11-26", code="D2")
    assert (found["leave_half_days"], found["text"]) == (None, "不涉及连续派驻")


@pytest.mark.parametrize(("first", "last", "error"), [
    ("2026-11-25", "2026-11-24", InvalidBody), ("2027-03-30", "2027-04-02", DateOutsidePosting), ("2026-13-01", "2026-13-02", InvalidBody),
])  # fmt: skip
def test_a_span_that_is_none_is_refused(rt: Runtime, first: str, last: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        effect(rt, first, last)
