"""Leave: the ladder of levels, one's own request, late filing, the facts and the span they touch."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from typing import Any

import pytest
import sqlalchemy as sa

from checkin.usecases import asked as shown
from checkin.usecases.leave import LeaveState, file_leave
from checkin.usecases.leave_decide import LeaveLevel, decide_leave
from shared import clock, ledger
from shared.outbox.models import OutboxMessage
from shared.problems import (
    AlreadyDecided,
    DateOutsidePosting,
    IdempotencyConflict,
    InvalidBody,
    NotFound,
    NotYourRecord,
    SelfApproval,
)
from shared.roles import Grant, Principal
from shared.service import Runtime
from tests.checkin.scene import MORNING, counts, doctor, id_of, new_rows, principal

FRIDAY = MORNING - dt.timedelta(days=3)


def body(rt: Runtime, first: str = "2026-11-23", last: str = "2026-11-24", **more: Any) -> dict[str, Any]:
    return {"client_event_id": secrets.token_hex(16), "person": doctor(rt).person_id, "type": "personal", "from": first,
            "to": last, **more}  # fmt: skip


def filed(rt: Runtime, at: dt.datetime = FRIDAY, **more: Any) -> LeaveState:
    with clock.at(at):
        return file_leave(rt, doctor(rt), body(rt, **more))[1]


def decide(rt: Runtime, person: str, role: str, leave: LeaveState, decision: str, note: str = "") -> LeaveState:
    with clock.at(FRIDAY + dt.timedelta(hours=1)):
        return decide_leave(rt, principal(rt, person, role), leave.id, decision, note)


def facts(rt: Runtime, day: str) -> list[ledger.Fact]:
    date = dt.date.fromisoformat(day)
    with rt.db.read() as session:
        return ledger.facts(session, id_of(rt, "posting", "P1"), date, date)


def test_filing_writes_fact_row_and_a_message_over_the_span(rt: Runtime) -> None:
    before = counts(rt)
    leave = filed(rt)
    assert (leave.state, leave.level, leave.half_days, leave.filed_late) == ("requested", 1, 4, False)
    assert leave.receipt["code"]
    grown = new_rows(before, counts(rt))
    assert grown["leave"] == grown["ledger_entry"] == grown["outbox_message"] == 1
    with rt.db.read() as session:
        message = session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
        assert message is not None
        assert json.loads(message.payload)["day_from"] == "2026-11-23"
        assert json.loads(message.payload)["day_to"] == "2026-11-24"
    for day in ("2026-11-23", "2026-11-24"):
        assert [fact.kind for fact in facts(rt, day)][-1] == "leave.requested"


@pytest.mark.parametrize(("first", "last", "level"), [
    ("2026-11-23", "2026-11-25", 1), ("2026-11-23", "2026-11-26", 2), ("2026-11-23", "2026-12-04", 2),
    ("2026-11-23", "2026-12-07", 3), ("2026-11-21", "2026-11-22", 1),
])  # fmt: skip
def test_the_length_in_duty_half_days_names_the_level(rt: Runtime, first: str, last: str, level: int) -> None:
    assert filed(rt, first=first, last=last).level == level


def test_half_days_are_counted(rt: Runtime) -> None:
    assert filed(rt, from_session="pm", to_session="am").half_days == 2


@pytest.mark.parametrize(("type_", "at", "late"), [
    ("personal", MORNING, False), ("personal", MORNING + dt.timedelta(minutes=9), True),
    ("sick", MORNING + dt.timedelta(days=3), False), ("sick", MORNING + dt.timedelta(days=4), True),
])  # fmt: skip
def test_late_filing_is_marked_not_refused(rt: Runtime, type_: str, at: dt.datetime, late: bool) -> None:
    assert filed(rt, at, type=type_).filed_late is late


def test_a_repeat_gets_the_first_receipt_and_another_body_a_conflict(rt: Runtime) -> None:
    asked = body(rt)
    with clock.at(FRIDAY):
        created, first = file_leave(rt, doctor(rt), asked)
        before = counts(rt)
        again, second = file_leave(rt, doctor(rt), asked)
        with pytest.raises(IdempotencyConflict):
            file_leave(rt, doctor(rt), {**asked, "to": "2026-11-25"})
    assert (created, again, first) == (True, False, second)
    assert new_rows(before, counts(rt)) == {}


@pytest.mark.parametrize(("change", "error"), [
    ({"person": "another"}, NotYourRecord), ({"type": "holiday"}, InvalidBody), ({"from": "soon"}, InvalidBody),
    ({"to": "2026-11-20"}, InvalidBody), ({"from": "2026-08-01", "to": "2026-08-02"}, DateOutsidePosting),
    ({"to": "2027-04-01"}, DateOutsidePosting),
])  # fmt: skip
def test_bad_requests_are_refused_and_nothing_is_written(rt: Runtime, change: dict[str, Any], error: type) -> None:
    before = counts(rt)
    with pytest.raises(error), clock.at(FRIDAY):
        file_leave(rt, doctor(rt), {**body(rt), **change})
    assert new_rows(before, counts(rt)) == {}


def test_the_level_named_approves_and_the_fact_covers_the_span(rt: Runtime) -> None:
    leave = filed(rt)
    assert decide(rt, "R1", "recipient_admin", leave, "approved").state == "approved"
    for day in ("2026-11-23", "2026-11-24"):
        decided = facts(rt, day)[-1]
        assert (decided.kind, decided.payload["leave_id"], decided.payload["level"]) == ("leave.decided", leave.id, 1)
    with rt.db.read() as session:
        assert not ledger.verify(session, rt.keys)


def test_a_lower_level_endorses_and_the_higher_one_approves(rt: Runtime) -> None:
    leave = filed(rt, last="2026-11-27")
    before = counts(rt)
    with pytest.raises(LeaveLevel) as refused:
        decide(rt, "R1", "recipient_admin", leave, "approved")
    assert refused.value.title_text() == '5 个工作日的请假需支援医院医务科批准,可"同意并转上级"'
    assert new_rows(before, counts(rt)) == {}
    assert decide(rt, "R1", "recipient_admin", leave, "endorsed").state == "endorsed"
    assert shown.shown_leave(rt, leave.id)["state_label"] == "待支援医院医务科批准"
    assert decide(rt, "A1", "supporter_admin", leave, "approved").state == "approved"


def test_a_higher_level_may_decide_what_a_lower_one_may(rt: Runtime) -> None:
    assert decide(rt, "C1", "county_officer", filed(rt), "rejected", "人手不足").state == "rejected"


def test_a_sufficient_level_does_not_pass_it_on(rt: Runtime) -> None:
    with pytest.raises(InvalidBody):
        decide(rt, "R1", "recipient_admin", filed(rt), "endorsed")


@pytest.mark.parametrize("decision", ["rejected", "returned"])
def test_a_refusal_wants_a_reason(rt: Runtime, decision: str) -> None:
    leave = filed(rt)
    with pytest.raises(InvalidBody) as refused:
        decide(rt, "R1", "recipient_admin", leave, decision, "  ")
    assert refused.value.extra["hint"] == "请写明原因"


def test_an_unknown_decision_is_refused(rt: Runtime) -> None:
    with pytest.raises(InvalidBody):
        decide(rt, "R1", "recipient_admin", filed(rt), "perhaps")


def test_nobody_decides_about_himself(rt: Runtime) -> None:
    leave, who = filed(rt), doctor(rt)
    both = Principal(who.account_id, who.person_id, (*who.grants, Grant("recipient_admin", id_of(rt, "organisation", "SQ"))))
    before = counts(rt)
    with pytest.raises(SelfApproval), clock.at(FRIDAY):
        decide_leave(rt, both, leave.id, "approved")
    assert new_rows(before, counts(rt)) == {}


def test_a_second_decision_is_refused_with_name_and_time(rt: Runtime) -> None:
    leave = filed(rt)
    decide(rt, "R1", "recipient_admin", leave, "approved")
    with pytest.raises(AlreadyDecided) as refused:
        decide(rt, "A1", "supporter_admin", leave, "rejected", "重复")
    assert refused.value.title_text() == "已被 苏文简 于 11-20 08:52 处理"


@pytest.mark.parametrize(("person", "role"), [("A1", "recipient_admin"), ("R1", "county_officer"), ("D2", "doctor")])
def test_outside_the_scope_nothing_is_found(rt: Runtime, person: str, role: str) -> None:
    with pytest.raises(NotFound):
        decide(rt, person, role, filed(rt), "approved")


def test_an_unknown_request_is_not_found(rt: Runtime) -> None:
    with pytest.raises(NotFound):
        decide_leave(rt, principal(rt, "R1", "recipient_admin"), "none", "approved")
