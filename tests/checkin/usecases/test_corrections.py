"""Corrections: asked for in time and within the month's count, decided by another, filed again, withdrawn; refusals write
nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from checkin.usecases.correction_decide import decide_correction
from checkin.usecases.corrections import (
    CorrectionQuotaUsed,
    CorrectionWindowOver,
    DateInFuture,
    NoOutage,
    request_correction,
    withdraw,
)
from checkin.usecases.deciding import Ruling
from shared import clock
from shared.problems import (
    AlreadyDecided,
    DateOutsidePosting,
    IdempotencyConflict,
    InvalidBody,
    NotFound,
    NotYourRecord,
    SelfApproval,
)
from shared.progress import store
from shared.service import Runtime
from tests.checkin.scene import MONDAY, MORNING, counts, doctor, id_of, new_rows
from tests.checkin.usecases.asking import (
    DAY,
    EVENING,
    asked,
    correction,
    facts_of,
    folded,
    office,
    outage,
    ruled,
)
from tests.checkin.usecases.tapping import proven

THURSDAY_NIGHT = dt.datetime(2026, 11, 26, 23, 59, 59, tzinfo=clock.SHANGHAI)
"""The last moment of the third workday after Monday."""


def lock(rt: Runtime, month: str = "2026-11") -> None:
    """Close the month of the small world's recipient."""
    with rt.db.transaction() as session:
        store.lock_month(session, "zhongzhan-demo", id_of(rt, "organisation", "SQ"), month)


def test_a_request_writes_fact_row_and_message_and_waits(rt: Runtime) -> None:
    before = counts(rt)
    row = asked(rt, sessions=["pm", "am"])
    grown = new_rows(before, counts(rt))
    assert (grown["correction"], grown["ledger_entry"], grown["outbox_message"]) == (1, 1, 1)
    assert (row.state, row.sessions) == ("requested", ["am", "pm"])
    fact = facts_of(rt, "correction.requested")[-1].payload
    assert (fact["correction_id"], fact["sessions"], fact["outage"]) == (row.id, ["am", "pm"], False)
    assert folded(rt).halves["am"].status == "P"


def test_the_approved_request_makes_both_half_days_attended_and_corrected(rt: Runtime) -> None:
    row = ruled(rt, asked(rt, sessions=["am", "pm"]))
    fact = folded(rt)
    assert row.state == "approved"
    assert [(fact.halves[half].status, fact.halves[half].corrected) for half in ("am", "pm")] == [("A", True), ("A", True)]
    assert fact.corrections == 1, "one request, however many half-days"


def test_a_missing_check_out_is_supplied_with_its_time(rt: Runtime) -> None:
    proven(rt, MORNING)
    noon = dt.datetime(2026, 11, 23, 12, 5, tzinfo=clock.SHANGHAI)
    ruled(rt, asked(rt, what="missing_out", claimed_out=clock.iso(noon)))
    half = folded(rt).halves["am"]
    assert (half.status, half.minutes, half.corrected) == ("A", 240, True)


def test_a_wrong_direction_names_its_tap(rt: Runtime) -> None:
    tap = proven(rt, MORNING, direction="out")
    proven(rt, MORNING + dt.timedelta(hours=4, minutes=10), direction="out")
    ruled(rt, asked(rt, what="wrong_direction", supersedes=[tap.entry.entry_id]))
    assert folded(rt).halves["am"].status == "A"


def test_a_repeat_gets_the_first_receipt_and_another_body_a_conflict(rt: Runtime) -> None:
    item = correction(rt)
    with clock.at(EVENING):
        created, row, receipt = request_correction(rt, doctor(rt), item)
        before = counts(rt)
        again, same, twice = request_correction(rt, doctor(rt), item)
        with pytest.raises(IdempotencyConflict):
            request_correction(rt, doctor(rt), {"body": {**item["body"], "reason_code": "device_dead"}})
    assert (created, again, row.id, receipt) == (True, False, same.id, twice)
    assert receipt["code"]
    assert new_rows(before, counts(rt)) == {}


@pytest.mark.parametrize(("change", "error"), [
    ({"person": "another"}, NotYourRecord), ({"service_date": "soon"}, InvalidBody), ({"service_date": "2026-11-24"}, DateInFuture),
    ({"service_date": "2026-08-31"}, DateOutsidePosting), ({"clinic_id": "elsewhere"}, InvalidBody),
    ({"reason_code": "rescue"}, InvalidBody), ({"reason_code": "other", "text": "  "}, InvalidBody),
    ({"claimed_in": "2026-11-22T08:00:00+08:00"}, InvalidBody), ({"claimed_in": "2026-11-23T20:30:00+08:00"}, InvalidBody),
    ({"claimed_in": "2026-11-23T12:00:00+08:00", "claimed_out": "2026-11-23T08:00:00+08:00"}, InvalidBody),
    ({"what": "wrong_time"}, InvalidBody), ({"what": "wrong_direction"}, InvalidBody), ({"supersedes": ["nothing"]}, InvalidBody),
    ({"attachment_sha256": ["0" * 64]}, InvalidBody), ({"text": "\ud800"}, InvalidBody),
])  # fmt: skip
def test_a_bad_request_is_refused_and_nothing_is_written(rt: Runtime, change: dict[str, Any], error: type[Exception]) -> None:
    before = counts(rt)
    with pytest.raises(error), clock.at(EVENING):
        request_correction(rt, doctor(rt), correction(rt, **change))
    assert new_rows(before, counts(rt)) == {}


def test_a_half_day_that_has_not_begun_is_not_corrected(rt: Runtime) -> None:
    with pytest.raises(InvalidBody) as refused:
        asked(rt, MORNING, sessions=["pm"])
    assert refused.value.extra["hint"] == "这个半天还没有开始"


def test_the_window_ends_at_midnight_of_the_third_workday(rt: Runtime) -> None:
    assert asked(rt, THURSDAY_NIGHT).state == "requested"
    with pytest.raises(CorrectionWindowOver) as refused:
        asked(rt, THURSDAY_NIGHT + dt.timedelta(seconds=1))
    assert refused.value.title_text() == "已超过 3 个工作日,不能补签"


def test_a_closed_month_takes_requests_inside_the_window_and_decisions_for_ever(rt: Runtime) -> None:
    lock(rt)
    row = asked(rt)
    assert ruled(rt, row, at=EVENING + 30 * DAY).state == "approved"
    assert folded(rt, EVENING + 30 * DAY).halves["am"].status == "A"


def days_of_november(rt: Runtime, count: int) -> list[str]:
    """Requests for Monday and the days after, each in its window."""
    return [asked(rt, EVENING + n * DAY, service_date=(MONDAY + n * DAY).isoformat()).id for n in range(count)]


def test_the_fourth_request_of_a_month_is_one_too_many(rt: Runtime) -> None:
    days_of_november(rt, 3)
    before = counts(rt)
    with pytest.raises(CorrectionQuotaUsed):
        asked(rt, EVENING + 3 * DAY, service_date="2026-11-26")
    assert new_rows(before, counts(rt)) == {}
    assert asked(rt, EVENING + 8 * DAY, service_date="2026-12-01").state == "requested", "another month counts anew"


@pytest.mark.parametrize("free", ["rejected", "withdrawn", "returned"])
def test_refused_and_withdrawn_requests_do_not_use_up_the_count(rt: Runtime, free: str) -> None:
    first, *_ = (asked(rt, EVENING, sessions=["am"]) for _ in range(3))
    if free == "withdrawn":
        with clock.at(EVENING):
            withdraw(rt, doctor(rt), first.id)
    else:
        ruled(rt, first, free, "没有依据")
    assert asked(rt, EVENING).state == "requested"


def test_a_declared_outage_does_not_use_up_the_count(rt: Runtime) -> None:
    outage(rt)
    assert [asked(rt).outage for _ in range(3)] == [True] * 3
    days_later = [asked(rt, EVENING + DAY, service_date="2026-11-24").outage for _ in range(3)]
    assert days_later == [False] * 3
    rows = [asked(rt, EVENING) for _ in range(1)]
    ruled(rt, rows[0])
    assert folded(rt).halves["am"].status == "A", "the fold counts as the use case does"


def test_the_recipient_asks_after_a_declared_outage_only(rt: Runtime) -> None:
    who = office(rt)
    item = correction(rt, person=who.person_id, posting_id=id_of(rt, "posting", "P1"), reason_code="code_display_down")
    with clock.at(EVENING):
        with pytest.raises(NoOutage):
            request_correction(rt, who, item)
        outage(rt)
        _, row, _ = request_correction(rt, who, item)
        with pytest.raises(SelfApproval):
            decide_correction(rt, who, row.id, Ruling("approved"))
        with pytest.raises(NotFound):
            request_correction(rt, office(rt, "A1", "recipient_admin"), {"body": {**correction(rt)["body"],
                "person": office(rt, "A1").person_id, "posting_id": id_of(rt, "posting", "P1")}})  # fmt: skip
    assert (row.asked_by, row.person_id) == (who.person_id, doctor(rt).person_id)


def test_a_returned_request_is_filed_again_and_the_first_filing_counts(rt: Runtime) -> None:
    first = asked(rt)
    ruled(rt, first, "returned", "请补充说明")
    late = THURSDAY_NIGHT + 2 * DAY
    again = asked(rt, late, supersedes=[first.id], text="门诊登记本可查")
    assert again.filed_at == first.filed_at
    ruled(rt, again, at=late)
    assert folded(rt, late).halves["am"].status == "A"
    with pytest.raises(InvalidBody):
        asked(rt, late, supersedes=[first.id])


def test_an_open_or_foreign_request_is_not_filed_again(rt: Runtime) -> None:
    first = asked(rt)
    with pytest.raises(InvalidBody):
        asked(rt, supersedes=[first.id])
    with pytest.raises(InvalidBody):
        asked(rt, code="D2", supersedes=[first.id])


def test_withdrawing_is_the_requesters_and_ends_with_the_decision(rt: Runtime) -> None:
    row = asked(rt)
    with clock.at(EVENING):
        with pytest.raises(NotFound):
            withdraw(rt, doctor(rt, "D2"), row.id)
        assert withdraw(rt, doctor(rt), row.id).state == "withdrawn"
        with pytest.raises(AlreadyDecided):
            withdraw(rt, doctor(rt), row.id)
    assert folded(rt, THURSDAY_NIGHT + DAY).halves["am"].status == "X"
    decided = ruled(rt, asked(rt))
    with pytest.raises(AlreadyDecided), clock.at(EVENING):
        withdraw(rt, doctor(rt), decided.id)
