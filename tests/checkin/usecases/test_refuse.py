"""Refusals of a tap: each has its slug, and is evidence itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from checkin.models import AttendanceRefused
from checkin.usecases.record import record_event
from checkin.usecases.refuse import CodeLocked, CodeWrong, NoOpenPosting, UnknownCode
from shared import clock, ledger
from shared.problems import Problem
from shared.service import Runtime
from tests.checkin.scene import (
    MORNING,
    counts,
    doctor,
    end_posting,
    id_of,
    item,
    new_rows,
    shown_digits,
)  # fmt: skip

SECOND = dt.timedelta(seconds=1)
KEPT = {"attendance_refused": 1, "ledger_entry": 1, "ledger_payload": 1}


def refused(rt: Runtime, sent: dict[str, Any], at: dt.datetime = MORNING, code: str = "D1") -> Problem:
    with pytest.raises(Problem) as caught, clock.at(at):
        record_event(rt, doctor(rt, code), sent)
    return caught.value


def wrong(rt: Runtime, at: dt.datetime, code: str = "D1", digits: str = "") -> Problem:
    """A wrong typed code at SQ1."""
    right = shown_digits(rt, at)
    typed = digits or f"{(int(right) + 1) % 10**8:08d}"
    return refused(rt, item(rt, doctor(rt, code), typed=typed), at, code)


def kept(rt: Runtime) -> list[AttendanceRefused]:
    with rt.db.read() as session:
        rows = list(session.scalars(sa.select(AttendanceRefused).order_by(AttendanceRefused.at)))
        session.expunge_all()
    return rows


def test_no_posting_today_is_refused_and_kept_in_the_persons_stream(rt: Runtime) -> None:
    end_posting(rt, "P1", dt.date(2026, 11, 22))
    before, sent = counts(rt), item(rt, doctor(rt))
    problem = refused(rt, sent)
    assert (problem.status, problem.slug) == (409, "no-open-posting")
    assert problem.title_text() == "您当前没有派驻任务,未能签到(已留下扫码记录)"
    grown = new_rows(before, counts(rt))
    assert grown.pop("ledger_head", 1) == 1
    assert grown == KEPT
    row = kept(rt)[0]
    with rt.db.read() as session:
        fact = ledger.fact(session, row.id)
        assert fact is not None
        assert ledger.head(session, rt.keys, ledger.Stream.person(row.person_id)) is not None
        assert not ledger.verify(session, rt.keys)
    assert (fact.kind, fact.payload["reason_code"], fact.payload["http_status"]) == ("attendance.refused", row.reason, 409)
    assert fact.payload["body"] == sent["body"]
    assert fact.payload["actor"] == "system"


def test_the_last_day_of_a_posting_still_counts(rt: Runtime) -> None:
    end_posting(rt, "P1", dt.date(2026, 11, 23))
    with clock.at(MORNING):
        assert record_event(rt, doctor(rt), item(rt, doctor(rt)))[0]


def test_a_refused_id_is_accepted_once_the_reason_is_gone(rt: Runtime) -> None:
    end_posting(rt, "P1", dt.date(2026, 11, 22))
    sent = item(rt, doctor(rt))
    assert isinstance(refused(rt, sent), NoOpenPosting)
    end_posting(rt, "P1", dt.date(2026, 12, 31))
    with clock.at(MORNING):
        assert record_event(rt, doctor(rt), sent)[0]


def test_the_same_refused_request_is_kept_once(rt: Runtime) -> None:
    end_posting(rt, "P1", dt.date(2026, 11, 22))
    sent = item(rt, doctor(rt))
    for _ in range(3):
        assert isinstance(refused(rt, sent), NoOpenPosting)
    assert len(kept(rt)) == 1


@pytest.mark.parametrize("body", [{"site_token": "x" * 32}, {"site_token": None, "clinic_id": "no-such-clinic"}])
def test_an_unknown_clinic_is_not_found_and_kept(rt: Runtime, body: dict[str, Any]) -> None:
    problem = refused(rt, item(rt, doctor(rt), site=None, **body))
    assert isinstance(problem, UnknownCode)
    assert (problem.status, problem.title_text()) == (404, "没有找到这个码对应的医疗点,请扫门诊现场的码")
    assert [(row.reason, row.posting_id) for row in kept(rt)] == [("unknown-code", id_of(rt, "posting", "P1"))]


def test_wrong_digits_online_are_refused_and_kept(rt: Runtime) -> None:
    before = counts(rt)
    problem = wrong(rt, MORNING)
    assert isinstance(problem, CodeWrong)
    assert problem.status == 422
    grown = new_rows(before, counts(rt))
    assert grown.pop("ledger_head", 1) == 1
    assert grown == KEPT
    assert kept(rt)[0].clinic_id == id_of(rt, "clinic", "SQ1")


def test_five_wrong_codes_lock_a_physician_for_ten_minutes(rt: Runtime) -> None:
    for n in range(5):
        assert isinstance(wrong(rt, MORNING + n * SECOND), CodeWrong)
    right = item(rt, doctor(rt), typed=shown_digits(rt, MORNING + 60 * SECOND))
    locked = refused(rt, right, MORNING + 60 * SECOND)
    assert isinstance(locked, CodeLocked)
    assert (locked.status, locked.headers["Retry-After"]) == (429, "540")
    assert locked.title_text() == "8 位码连续输错,9 分钟后再试,或直接扫码"
    with clock.at(MORNING + 60 * SECOND):  # another physician, and a tap without digits, go on
        assert record_event(rt, doctor(rt, "D2"), item(rt, doctor(rt, "D2"), typed=right["body"]["typed"]))[0]
        assert record_event(rt, doctor(rt), item(rt, doctor(rt)))[0]
    after = MORNING + 600 * SECOND
    with clock.at(after):
        assert record_event(rt, doctor(rt), item(rt, doctor(rt), typed=shown_digits(rt, after)))[0]


def test_a_thousand_tries_of_a_locked_physician_leave_one_record(rt: Runtime) -> None:
    for n in range(5):
        wrong(rt, MORNING + n * SECOND)
    for n in range(6, 12):
        assert isinstance(wrong(rt, MORNING + n * SECOND), CodeLocked)
    assert [row.reason for row in kept(rt)] == ["code-wrong"] * 5 + ["code-locked"]


def test_a_repeated_wrong_code_counts_once_but_other_digits_under_one_id_count_each(rt: Runtime) -> None:
    sent = item(rt, doctor(rt), typed="00000000")
    for _ in range(6):
        assert isinstance(refused(rt, sent), CodeWrong)
    for digit in range(1, 5):
        assert isinstance(refused(rt, {"body": {**sent["body"], "typed": f"0000000{digit}"}}), CodeWrong)
    assert isinstance(refused(rt, {"body": {**sent["body"], "typed": "00000009"}}), CodeLocked)


def test_thirty_wrong_codes_lock_a_clinic(rt: Runtime) -> None:
    with rt.db.transaction() as session:
        for n in range(30):
            session.add(AttendanceRefused(
                id=f"r{n}", person_id=f"p{n}", posting_id=None, clinic_id=id_of(rt, "clinic", "SQ1"), reason="code-wrong",
                status=422, at=MORNING - n * SECOND, client_event_id=bytes([n]), body_hash=bytes([n]),
            ))  # fmt: skip
    assert isinstance(wrong(rt, MORNING + SECOND), CodeLocked)


def test_wrong_digits_kept_offline_are_recorded_and_marked(rt: Runtime) -> None:
    with clock.at(MORNING):
        sent = item(rt, doctor(rt), typed="00000000", online=False, device_time=clock.iso(MORNING))
        _, recorded = record_event(rt, doctor(rt), sent)
    assert "code_unverified" in recorded.row.flags
    assert recorded.row.strength == "poster"
    assert kept(rt) == []
