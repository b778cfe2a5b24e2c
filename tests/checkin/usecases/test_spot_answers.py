"""Answers, 「正在接诊」 and decisions: late is recorded, never refused; a person decides; supervisors' own checks."""

from __future__ import annotations

import datetime as dt
import secrets

import pytest
import sqlalchemy as sa

from checkin.models import AttendanceRefused, SpotCheck
from checkin.usecases.arrival import Sender
from checkin.usecases.refuse import CodeWrong
from checkin.usecases.repeat import AlreadyRecorded
from checkin.usecases.spot import answer as answers
from checkin.usecases.spot import deciding, reading
from checkin.usecases.spot.deciding import NotIndependent
from checkin.usecases.spot.telling import SpotClosed, SpotNotNow
from shared import clock, ledger, outbox
from shared.problems import IdempotencyConflict, InvalidBody, NotFound, NotYourRecord, SelfApproval
from shared.progress import lookup as progress
from shared.roles import Grant, Principal
from tests.checkin.scene import counts, doctor, id_of, new_rows, principal
from tests.checkin.usecases import checks
from tests.checkin.usecases.checks import JOBS, answered, begun, check, facts, fire, issued, item, wall
from tests.checkin.usecases.test_leave import body as leave_body
from tests.checkin.usecases.test_leave import file_leave

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


@pytest.fixture
def row(rt) -> SpotCheck:
    """The month's first check, just issued."""
    return issued(rt, begun(rt)[0])


def decide(rt, row, result, *, person="R1", role="recipient_admin", at=3 * HOUR, method="visit", note="到科室核实", **more):
    with clock.at(row.deadline + at):
        return deciding.decide(rt, principal(rt, person, role), row.id, {"result": result, "method": method, "note": note, **more})


def busy(rt, row, at, *, key=None):
    said = {"client_event_id": key or secrets.token_hex(16), "person": doctor(rt).person_id, "check_id": row.id}
    with clock.at(at):
        return answers.busy(rt, doctor(rt), row.id, said)


def test_the_clinic_code_within_the_window_is_an_answer(rt, row):
    created, told = answered(rt, row, row.issued_at + 3 * MINUTE)
    assert (created, told["verdict"], told["check"]["state_words"], told["check"]["answerable"]) == (True, "in_time", "已应答", False)
    assert told["receipt"]["code"]
    (said,) = facts(rt, "spotcheck.answered")
    assert (said["strength"], said["late"], said["check_id"], said["body"]["kind"]) == ("fresh", False, row.id, "spot")
    assert check(rt, row.id).state == "answered"


@pytest.mark.parametrize(("after", "verdict", "state"), [
    (30, "in_time", "answered"), (31, "late", "answered_late"), (150, "late", "answered_late"), (400, "late", "answered_late"),
])  # fmt: skip
def test_a_later_answer_on_that_date_is_recorded_and_never_refused(rt, row, after, verdict, state):
    _, told = answered(rt, row, row.issued_at + after * MINUTE)
    assert (told["verdict"], check(rt, row.id).state) == (verdict, state)


def test_after_the_lapse_an_answer_still_counts_as_late(rt, row):
    fire(rt, "checkin.spot_lapse", row.deadline + 2 * HOUR)
    answered(rt, row, row.deadline + 2 * HOUR + MINUTE)
    assert check(rt, row.id).state == "answered_late"


def test_the_poster_alone_is_no_answer_but_is_kept(rt, row):
    _, told = answered(rt, row, row.issued_at + MINUTE, k=False)
    assert (told["verdict"], told["check"]["state"], told["check"]["answerable"]) == ("insufficient", "issued", True)
    assert told["verdict_words"].startswith("已收到")
    answered(rt, row, row.issued_at + 2 * MINUTE)
    assert check(rt, row.id).state == "answered"


def test_a_code_of_a_clinic_outside_the_posting_is_no_answer(rt, row):
    assert answered(rt, row, row.issued_at + MINUTE, code="SQ2")[1]["verdict"] == "insufficient"


def test_an_offline_code_of_the_window_uploaded_the_same_day_is_in_time(rt, row):
    sent = item(rt, row, row.issued_at + 5 * MINUTE, online=False, device_time=clock.iso(row.issued_at + 5 * MINUTE))
    with clock.at(row.deadline + 4 * HOUR):
        sent["sent"] = {"sent_at": clock.iso(clock.now())}
        _, told = answers.answer(rt, doctor(rt), row.id, sent, Sender())
    assert told["verdict"] == "in_time"
    with clock.at(row.issued_at + dt.timedelta(days=1)), pytest.raises(AlreadyRecorded) as refused:
        answers.answer(rt, doctor(rt), row.id, item(rt, row, clock.now()), Sender())
    assert refused.value.extra["receipt"] == told["receipt"]


def test_the_same_item_gives_the_first_receipt_and_another_body_a_conflict(rt, row):
    sent = item(rt, row, row.issued_at + MINUTE)
    with clock.at(row.issued_at + MINUTE):
        first = answers.answer(rt, doctor(rt), row.id, sent, Sender())
        before = counts(rt)
        again = answers.answer(rt, doctor(rt), row.id, sent, Sender())
        with pytest.raises(IdempotencyConflict):
            answers.answer(rt, doctor(rt), row.id, {"body": {**sent["body"], "online": True}}, Sender())
    assert (first[0], again[0], again[1]) == (True, False, first[1])
    assert new_rows(before, counts(rt)) == {}


def test_wrong_digits_are_refused_and_kept(rt, row):
    with pytest.raises(CodeWrong):
        answered(rt, row, row.issued_at + MINUTE, k=False, typed="00000000")
    with rt.db.read() as session:
        assert session.scalars(sa.select(AttendanceRefused.reason)).all() == ["code-wrong"]
    assert check(rt, row.id).state == "issued"


def test_nobody_answers_for_another_or_another_check(rt, row):
    with pytest.raises(InvalidBody), clock.at(row.issued_at):
        answers.answer(rt, doctor(rt), "another", item(rt, row, row.issued_at), Sender())
    foreign = item(rt, row, row.issued_at)
    foreign["body"]["person"] = doctor(rt, "D2").person_id
    with pytest.raises(NotFound), clock.at(row.issued_at):
        answers.answer(rt, doctor(rt, "D2"), row.id, foreign, Sender())
    with pytest.raises(NotYourRecord), clock.at(row.issued_at):
        answers.answer(rt, doctor(rt, "D2"), row.id, item(rt, row, row.issued_at), Sender())


@pytest.mark.parametrize("result", ["present", "excused", "not_found"])
def test_a_check_with_a_result_is_closed_and_the_refusal_is_kept(rt, row, result):
    decide(rt, row, result)
    with pytest.raises(SpotClosed):
        answered(rt, row, row.deadline + 4 * HOUR)
    with pytest.raises(SpotClosed):
        busy(rt, row, row.deadline + HOUR)
    with rt.db.read() as session:
        assert session.scalars(sa.select(AttendanceRefused.reason)).all() == ["spot-closed"]
        assert not ledger.verify(session, rt.keys)


def test_busy_needs_no_reason_and_is_met_by_an_answer_until_two_hours_after_the_session(rt, row):
    _, told = busy(rt, row, row.deadline + HOUR)
    assert (told["check"]["state"], told["check"]["busy"], told["check"]["answerable"]) == ("busy", True, True)
    assert told["check"]["met_until"] == clock.iso(row.session_end + 2 * HOUR)
    fire(rt, "checkin.spot_lapse", row.deadline + 3 * HOUR)
    assert check(rt, row.id).state == "busy"
    answered(rt, row, row.session_end + 2 * HOUR)
    assert check(rt, row.id).state == "answered"


def test_busy_answered_too_late_waits_for_a_person(rt, row):
    busy(rt, row, row.issued_at + MINUTE)
    answered(rt, row, row.session_end + 2 * HOUR + MINUTE)
    assert check(rt, row.id).state == "answered_late"
    assert decide(rt, row, "excused", at=8 * HOUR)["state"] == "excused"


def test_busy_may_be_said_until_two_hours_after_the_deadline_and_once(rt, row):
    key = secrets.token_hex(16)
    first = busy(rt, row, row.deadline + 2 * HOUR, key=key)
    created, again = busy(rt, row, row.deadline + 5 * HOUR, key=key)
    assert (created, again["receipt"], again["check"]["state"]) == (False, first[1]["receipt"], "busy")
    with pytest.raises(SpotClosed):
        busy(rt, row, row.deadline + 2 * HOUR + MINUTE)
    assert len(facts(rt, "spotcheck.busy")) == 1


def test_not_found_alone_raises_the_flag_in_the_fold(rt, row):
    fire(rt, "checkin.spot_lapse", row.deadline + 2 * HOUR)
    decide(rt, row, "not_found")
    outbox.drain(rt, JOBS, clock_now=row.deadline + 4 * HOUR)
    with rt.db.read() as session:
        fold = progress.day(session, row.posting_id, row.service_date)
    assert fold.halves[row.session].flags == ("spot_missed",)
    other = "pm" if row.session == "am" else "am"
    assert fold.halves[other].flags == ()


def test_a_result_is_replaced_only_by_name_and_from_the_same_level_up(rt, row):
    first = decide(rt, row, "not_found")
    with pytest.raises(SpotClosed):
        decide(rt, row, "present")
    entry = first["decision"]["entry_id"]
    second = decide(rt, row, "present", person="C1", role="county_officer", replaces=entry)
    assert (second["state"], second["decision"]["role"]) == ("present", "county_officer")
    with pytest.raises(SpotClosed):
        decide(rt, row, "not_found", replaces=second["decision"]["entry_id"])


def test_only_the_recipient_and_the_county_decide_and_never_on_themselves(rt, row):
    with pytest.raises(NotFound):
        decide(rt, row, "present", person="A1", role="supporter_admin")
    himself = Principal("x", doctor(rt).person_id, (Grant("recipient_admin", id_of(rt, "organisation", "SQ")),))
    with pytest.raises(SelfApproval), clock.at(row.deadline + HOUR):
        deciding.decide(rt, himself, row.id, {"result": "present", "method": "visit", "note": ""})
    with pytest.raises(InvalidBody):
        decide(rt, row, "not_found", note=" ")


def test_an_outside_check_is_not_decided_from_the_clinics_rota(rt, row):
    with rt.db.transaction() as session:
        session.get_one(SpotCheck, row.id).outside = True
        ledger.append(session, rt.keys, kind="clinic.rota_set", stream=ledger.Stream.clinic(row.clinic_id),
                      actor=ledger.Actor("x", "recipient_admin"), payload={"witnesses": [id_of(rt, "person", "R1")]})  # fmt: skip
    answered(rt, row, row.issued_at + MINUTE)
    with clock.at(row.deadline):
        assert reading.one(rt, principal(rt, "R1", "recipient_admin"), row.id)["needs_decision"] is True
    with pytest.raises(NotIndependent):
        decide(rt, row, "present")
    assert decide(rt, row, "present", person="C1", role="county_officer")["state"] == "present"


def own(rt, at, posting="P1", person="C1", role="county_officer"):
    with clock.at(wall(at)):
        return deciding.own_check(rt, principal(rt, person, role), id_of(rt, "posting", posting) if posting else None)


def free_monday(rt) -> str:
    """A workday of November in whose morning no check is drawn."""
    taken = {one.drawn.day for one in begun(rt)}
    return next(f"2026-11-{day:02d}" for day in range(2, 28) if dt.date(2026, 11, day).weekday() < 5
                and dt.date(2026, 11, day) not in taken)  # fmt: skip


def test_a_named_check_inside_a_duty_session_is_listed_apart(rt):
    day = free_monday(rt)
    made = own(rt, f"{day}T09:00")
    assert (made["origin"], made["state"], made["origin_words"]) == ("named", "issued", "指定")
    with pytest.raises(SpotNotNow) as second:
        own(rt, f"{day}T10:00", person="A1", role="supporter_admin")
    assert second.value.title_text() == "现在不能发起抽查:本半天已有抽查"
    (said,) = facts(rt, "spotcheck.issued")
    assert (said["origin"], said["actor"]["role"]) == ("named", "county_officer")
    assert checks.listed(rt) == []


@pytest.mark.parametrize("time", ["07:59", "11:31", "12:30", "20:00"])
def test_no_own_check_outside_a_session_or_in_its_last_half_hour(rt, time):
    day = free_monday(rt)
    with pytest.raises(SpotNotNow, match="no session"):
        own(rt, f"{day}T{time}")


def test_no_own_check_on_leave_or_without_duty(rt):
    day = free_monday(rt)
    with clock.at(wall("2026-11-01T09:00")):
        file_leave(rt, doctor(rt), leave_body(rt, day, day))
    with pytest.raises(SpotNotNow, match="leave"):
        own(rt, f"{day}T09:00")
    with pytest.raises(SpotNotNow, match="no_duty"):
        own(rt, f"{day}T09:00", posting="P2")


def test_a_random_check_records_the_seed_it_was_drawn_by(rt):
    day = free_monday(rt)
    made = own(rt, f"{day}T09:00", posting=None)
    (said,) = facts(rt, "spotcheck.issued")
    assert (made["origin"], len(said["seed"]), said["check_id"]) == ("random", 64, made["id"])
    with pytest.raises(SpotNotNow, match="nobody"):
        own(rt, f"{day}T09:30", posting=None)


def test_a_drawn_check_gives_way_to_an_own_one_of_its_half_day_and_is_not_betrayed(rt):
    one = begun(rt)[0]
    start = wall(f"{one.drawn.day}T08:00" if one.drawn.half == "am" else f"{one.drawn.day}T14:00")
    own(rt, f"{start:%Y-%m-%dT%H:%M}")
    assert (issued(rt, one).state, issued(rt, one).reason) == ("void", "other_check")


def test_own_checks_need_a_role_over_the_posting(rt):
    day = free_monday(rt)
    foreign = Principal("x", None, (Grant("county_officer", id_of(rt, "organisation", "YY")),))
    with pytest.raises(NotFound), clock.at(wall(f"{day}T09:00")):
        deciding.own_check(rt, foreign, id_of(rt, "posting", "P1"))


def test_lists_show_a_physician_only_what_was_issued_to_him(rt, row):
    with clock.at(row.issued_at + MINUTE):
        (mine,) = reading.listing(rt, doctor(rt), None, 20, own=True)
        assert (mine["id"], mine["seconds_left"], mine["may_say_busy"]) == (row.id, 29 * 60, True)
        (seen,) = reading.listing(rt, principal(rt, "A1", "supporter_admin"), None, 20, own=False)
        assert (seen["name"], seen["busy_share"], seen["needs_decision"]) == ("林知远", [0, 1], False)
        assert reading.listing(rt, doctor(rt, "D2"), None, 20, own=True) == []


def test_after_three_workdays_the_reviewer_reads_that_it_waits(rt, row):
    reviewer = principal(rt, "R1", "recipient_admin")
    busy(rt, row, row.issued_at + MINUTE)
    for days, overdue in ((0, False), (7, True)):
        with clock.at(row.deadline + 3 * HOUR + dt.timedelta(days=days)):
            shown = reading.one(rt, reviewer, row.id)
            assert (shown["overdue"], shown["busy_share"]) == (overdue, [1, 1])
