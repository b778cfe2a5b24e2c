"""Leave that ends early: cancelled as a whole, for the rest, or returned from; presence wins over a slip."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

import pytest

from checkin.usecases import asked
from checkin.usecases.deciding import Ruling
from checkin.usecases.leave import LeaveState, file_leave
from checkin.usecases.leave_decide import rule_leave
from checkin.usecases.leave_end import cancel_leave, return_from_leave
from shared import clock
from shared.problems import AlreadyDecided, IdempotencyConflict, InvalidBody, NotFound
from shared.roles import Principal
from shared.service import Runtime
from tests.checkin.scene import MONDAY, MORNING, counts, doctor, new_rows
from tests.checkin.usecases.asking import DAY, EVENING, facts_of, folded, office, todo
from tests.checkin.usecases.tapping import proven
from tests.checkin.usecases.test_leave import FRIDAY, body

NEXT_WEEK = EVENING + 7 * DAY


def taken(rt: Runtime, first: str = "2026-11-23", last: str = "2026-11-27", at: dt.datetime = FRIDAY) -> LeaveState:
    """An approved leave of a week; the supporter decides it."""
    with clock.at(at):
        state = file_leave(rt, doctor(rt), body(rt, first, last))[1]
        return rule_leave(rt, office(rt, "A1", "supporter_admin"), state.id, Ruling("approved"))


def cancel(rt: Runtime, leave: LeaveState, *stop: str, who: Principal | None = None, at: dt.datetime = EVENING) -> LeaveState:
    with clock.at(at):
        return cancel_leave(rt, who or doctor(rt), leave.id, *stop)


def back(rt: Runtime, leave: LeaveState, at: dt.datetime, who: Principal | None = None, **more: Any) -> tuple[bool, LeaveState]:
    """The physician says to be back."""
    sent = {"client_event_id": secrets.token_hex(16), "person": doctor(rt).person_id, **more}
    with clock.at(at):
        return return_from_leave(rt, who or doctor(rt), {"body": sent}, leave.id)


def status(rt: Runtime, day: dt.date, half: str = "am") -> str:
    return folded(rt, NEXT_WEEK, day).halves[half].status


def test_a_leave_cancelled_as_a_whole_covers_nothing(rt: Runtime) -> None:
    assert cancel(rt, taken(rt)).state == "cancelled"
    assert [status(rt, MONDAY + n * DAY) for n in range(5)] == ["X"] * 2 + ["P"] * 3


def test_the_rest_is_cancelled_from_a_half_day_on_and_needs_less(rt: Runtime) -> None:
    with clock.at(FRIDAY):
        asked_for = file_leave(rt, doctor(rt), body(rt, "2026-11-23", "2026-11-27"))[1]
    shorter = cancel(rt, asked_for, "2026-11-25", "pm", at=FRIDAY)
    assert (shorter.state, shorter.half_days, shorter.level) == ("requested", 5, 1)
    with clock.at(FRIDAY):
        rule_leave(rt, office(rt), shorter.id, Ruling("approved"))
    wednesday = MONDAY + 2 * DAY
    assert (status(rt, wednesday), status(rt, wednesday, "pm")) == ("L", "P")


def test_an_approver_cancels_too_but_nobody_else(rt: Runtime) -> None:
    leave = taken(rt)
    before = counts(rt)
    for who in (doctor(rt, "D2"), office(rt, "A1", "recipient_admin")):
        with pytest.raises(NotFound):
            cancel(rt, leave, who=who)
    assert new_rows(before, counts(rt)) == {}
    assert cancel(rt, leave, who=office(rt)).state == "cancelled"
    assert facts_of(rt, "leave.cancelled")[-1].payload["actor"]["role"] == "recipient_admin"


@pytest.mark.parametrize("stop", [("2026-11-22",), ("2026-11-28",), ("soon",)])
def test_a_date_outside_the_slip_is_refused(rt: Runtime, stop: tuple[str, ...]) -> None:
    leave = taken(rt)
    with pytest.raises(InvalidBody):
        cancel(rt, leave, *stop)


def test_what_is_cancelled_is_not_cancelled_again_nor_decided(rt: Runtime) -> None:
    leave = taken(rt)
    cancel(rt, leave)
    with pytest.raises(AlreadyDecided):
        cancel(rt, leave)
    with pytest.raises(AlreadyDecided), clock.at(EVENING):
        rule_leave(rt, office(rt, "A1", "supporter_admin"), leave.id, Ruling("rejected", "已撤"))


def view(rt: Runtime) -> dict[str, Any]:
    return asked.own_leaves(rt, doctor(rt), None, 1)[0]


def test_a_return_is_confirmed_by_the_first_attendance(rt: Runtime) -> None:
    leave = taken(rt)
    wednesday = MONDAY + 2 * DAY
    created, _ = back(rt, leave, MORNING + 2 * DAY)
    assert created
    assert (status(rt, wednesday), status(rt, wednesday + DAY), view(rt)["state"]) == ("L", "L", "approved")
    proven(rt, MORNING + 2 * DAY)
    proven(rt, MORNING + 2 * DAY + dt.timedelta(hours=4, minutes=15), direction="out")
    assert (view(rt)["state"], view(rt)["state_label"]) == ("closed", "已销假")
    assert (status(rt, MONDAY), status(rt, wednesday), status(rt, wednesday, "pm")) == ("L", "A", "P")


def test_a_return_in_the_afternoon_leaves_the_morning_to_the_leave(rt: Runtime) -> None:
    leave, noon = taken(rt), MORNING + 2 * DAY + dt.timedelta(hours=6)
    back(rt, leave, noon)
    proven(rt, noon)
    wednesday = MONDAY + 2 * DAY
    assert (status(rt, wednesday), status(rt, wednesday, "pm")) == ("L", "P")


def test_a_repeat_of_the_return_gets_the_first_receipt(rt: Runtime) -> None:
    leave, event = taken(rt), secrets.token_hex(16)
    _, first = back(rt, leave, EVENING, client_event_id=event)
    before = counts(rt)
    created, second = back(rt, leave, EVENING + DAY, client_event_id=event)
    assert (created, first.receipt, new_rows(before, counts(rt))) == (False, second.receipt, {})
    with pytest.raises(IdempotencyConflict):
        back(rt, leave, EVENING, client_event_id=event, returned_at="2026-11-23T08:00:00+08:00")
    with pytest.raises(AlreadyDecided):
        back(rt, leave, EVENING)


@pytest.mark.parametrize("more", [{"returned_at": "2026-11-22T08:00:00+08:00"}, {"returned_at": "2026-11-24T08:00:00+08:00"}])
def test_nobody_returns_before_the_leave_or_in_days_to_come(rt: Runtime, more: dict[str, str]) -> None:
    leave = taken(rt)
    with pytest.raises(InvalidBody):
        back(rt, leave, EVENING, **more)


def test_only_an_approved_own_leave_is_returned_from(rt: Runtime) -> None:
    with clock.at(FRIDAY):
        open_one = file_leave(rt, doctor(rt), body(rt))[1]
    with pytest.raises(AlreadyDecided):
        back(rt, open_one, EVENING)
    with pytest.raises(NotFound):
        back(rt, open_one, EVENING, who=doctor(rt, "D2"), person=doctor(rt, "D2").person_id)


def test_presence_wins_over_leave_and_the_slip_keeps_its_length(rt: Runtime) -> None:
    proven(rt, MORNING)
    proven(rt, MORNING + dt.timedelta(hours=4, minutes=15), direction="out")
    leave = taken(rt, "2026-11-23", "2026-11-24", MORNING - DAY)
    assert leave.half_days == 4
    fact = folded(rt, NEXT_WEEK)
    assert (fact.halves["am"].status, fact.halves["am"].cover, fact.halves["pm"].status) == ("A", "L", "L")


def test_a_returned_request_is_filed_again_and_the_first_filing_counts(rt: Runtime) -> None:
    with clock.at(FRIDAY):
        first = file_leave(rt, doctor(rt), body(rt))[1]
        rule_leave(rt, office(rt), first.id, Ruling("returned", "请附证明"))
    late = MORNING + DAY
    with clock.at(late):
        again = file_leave(rt, doctor(rt), body(rt, supersedes=first.id))[1]
        assert again.filed_late is False
        rule_leave(rt, office(rt), again.id, Ruling("approved"))
        with pytest.raises(InvalidBody):
            file_leave(rt, doctor(rt), body(rt, supersedes=first.id))
    assert status(rt, MONDAY) == "L"
    assert todo(rt, office(rt), NEXT_WEEK) == []


def test_a_level_endorses_once(rt: Runtime) -> None:
    with clock.at(FRIDAY):
        leave = file_leave(rt, doctor(rt), body(rt, "2026-11-23", "2026-12-07"))[1]
        rule_leave(rt, office(rt), leave.id, Ruling("endorsed"))
        with pytest.raises(AlreadyDecided):
            rule_leave(rt, office(rt), leave.id, Ruling("endorsed"))
        assert rule_leave(rt, office(rt, "A1", "supporter_admin"), leave.id, Ruling("endorsed")).state == "endorsed"
        assert rule_leave(rt, office(rt, "C1", "county_officer"), leave.id, Ruling("approved")).state == "approved"


def test_a_second_decision_names_the_one_it_replaces(rt: Runtime) -> None:
    leave = taken(rt, "2026-11-23", "2026-11-24")
    first = view(rt)["decision"]["entry_id"]
    with clock.at(EVENING):
        rule_leave(rt, office(rt, "A1", "supporter_admin"), leave.id, Ruling("rejected", "手续不全", replaces=first))
    assert [one["decision"] for one in view(rt)["decision"]["earlier"]] == ["approved"]
    assert status(rt, MONDAY) == "X"
