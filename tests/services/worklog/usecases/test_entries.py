"""Half-days and diaries: what is written, marked, refused; repeats, races, and whose they are."""

from __future__ import annotations

import datetime as dt
import json
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from checkin.usecases.record import record_event
from services.worklog.models import Activity, Diary, HalfDay
from services.worklog.usecases.diaries import TextEmpty, own_diaries, submit_diary
from services.worklog.usecases.filing import DateInFuture
from services.worklog.usecases.half_days import own_half_days, record_half_day
from shared import clock, ledger
from shared.outbox.models import OutboxMessage
from shared.problems import (
    DateOutsidePosting,
    Forbidden,
    IdempotencyConflict,
    InvalidBody,
    MonthLocked,
    NotYourRecord,
    Problem,
)
from shared.progress import lookup as progress_lookup
from shared.progress import store as progress_store
from shared.service import Runtime
from tests.checkin.scene import MORNING, counts, doctor, id_of, item, new_rows, principal, world

NOON = MORNING.replace(hour=12, minute=5)
Write = Callable[..., tuple[bool, dict[str, Any]]]


def half_day(rt: Runtime, code: str = "D1", **change: Any) -> dict[str, Any]:
    body = {
        "client_event_id": secrets.token_hex(16), "person": doctor(rt, code).person_id, "service_date": "2026-11-23",
        "session": "am", "department": "内科", "visits": 12, "record_ref": ["MZ20261"], "notes": "", **change,
    }  # fmt: skip
    return {"body": body}


def diary(rt: Runtime, code: str = "D1", **change: Any) -> dict[str, Any]:
    body = {
        "client_event_id": secrets.token_hex(16), "person": doctor(rt, code).person_id, "service_date": "2026-11-23",
        "text": "上午出门诊,下午带教查房。", "activities": [{"kind": "ward_round", "count": 1, "people": 3, "record_ref": []}],
        "photo_sha256": ["ab" * 32], "declaration": True, **change,
    }  # fmt: skip
    return {"body": body}


BOTH = pytest.mark.parametrize(("write", "make"), [(record_half_day, half_day), (submit_diary, diary)], ids=["half-day", "diary"])


def written(rt: Runtime, write: Write, sent: dict[str, Any], at: dt.datetime = NOON, code: str = "D1") -> dict[str, Any]:
    with clock.at(at):
        return write(rt, doctor(rt, code), sent)[1]


def fact(rt: Runtime, answer: dict[str, Any]) -> ledger.Fact:
    with rt.db.read() as session:
        found = ledger.fact(session, answer["receipt"]["event"])
        assert not ledger.verify(session, rt.keys)
    assert found is not None
    return found


def tap(rt: Runtime, at: dt.datetime, direction: str, site: str = "SQ1", code: str = "D1") -> None:
    with clock.at(at):
        record_event(rt, doctor(rt, code), item(rt, doctor(rt, code), site=site, direction=direction))


def test_a_half_day_is_a_fact_of_the_posting(rt: Runtime) -> None:
    before, sent = counts(rt), half_day(rt)
    answer = written(rt, record_half_day, sent)
    grown = new_rows(before, counts(rt))
    assert grown.pop("ledger_head", 1) == 1
    assert grown == {"half_day": 1, "ledger_entry": 1, "ledger_payload": 1, "outbox_message": 1}
    found = fact(rt, answer)
    assert found.kind == "worklog.recorded"
    assert {name: found.payload[name] for name in (
        "posting_id", "type", "service_date", "session", "clinic_id", "department", "counts", "record_ref", "unattended", "body",
    )} == {
        "posting_id": id_of(rt, "posting", "P1"), "type": "outpatient", "service_date": "2026-11-23", "session": "am",
        "clinic_id": id_of(rt, "clinic", "SQ1"), "department": "内科", "counts": {"visits": 12}, "record_ref": ["MZ20261"],
        "unattended": True, "body": sent["body"],
    }  # fmt: skip
    with rt.db.read() as session:
        message = session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
        assert message is not None
        assert json.loads(message.payload)["day_from"] == "2026-11-23"


def test_a_diary_is_a_fact_with_its_activities(rt: Runtime) -> None:
    before = counts(rt)
    answer = written(rt, submit_diary, diary(rt))
    grown = new_rows(before, counts(rt))
    assert (grown["diary"], grown["activity"], grown["ledger_entry"]) == (1, 1, 1)
    payload = fact(rt, answer).payload
    assert payload["activities"] == [{"kind": "ward_round", "count": 1, "people": 3, "record_ref": []}]
    assert (payload["photo_sha256"], payload["declaration"]) == (["ab" * 32], "no_patient_face")
    assert payload["filed_at"] == clock.iso(NOON)


@pytest.mark.parametrize(("session", "unattended"), [("am", False), ("pm", True)])
def test_a_half_day_without_attendance_is_kept_and_marked(rt: Runtime, session: str, unattended: bool) -> None:
    tap(rt, MORNING, "in")
    tap(rt, NOON, "out")
    answer = written(rt, record_half_day, half_day(rt, session=session), NOON + dt.timedelta(hours=6))
    assert answer["half_day"]["unattended"] is unattended
    assert fact(rt, answer).payload["unattended"] is unattended


def test_a_half_day_stands_at_the_clinic_of_its_presence_unless_said(rt: Runtime) -> None:
    tap(rt, MORNING, "in", "SQ2", "D2")
    assert written(rt, record_half_day, half_day(rt, "D2"), code="D2")["half_day"]["clinic"]["name"] == "柳岸东站"
    said = half_day(rt, "D2", clinic_id=id_of(rt, "clinic", "SQ1"))
    elsewhere = written(rt, record_half_day, said, code="D2")["half_day"]
    assert (elsewhere["clinic"]["name"], elsewhere["unattended"]) == ("柳岸社区卫生服务中心", True)


def test_a_missing_number_stays_missing(rt: Runtime) -> None:
    answer = written(rt, record_half_day, half_day(rt, visits=None))
    assert answer["half_day"]["visits"] is None
    assert fact(rt, answer).payload["counts"] == {"visits": None}
    zero = written(rt, record_half_day, half_day(rt, visits=0))
    assert fact(rt, zero).payload["counts"] == {"visits": 0}


def test_other_work_is_counted_in_times(rt: Runtime) -> None:
    answer = written(rt, record_half_day, half_day(rt, type="ward_round", visits=None, times=2))
    assert (answer["half_day"]["visits"], answer["half_day"]["times"]) == (None, 2)
    assert fact(rt, answer).payload["counts"] == {"times": 2}


@BOTH
def test_a_repeat_gets_the_same_answer_and_writes_nothing(rt: Runtime, write: Write, make: Callable[..., Any]) -> None:
    sent = make(rt)
    first = written(rt, write, sent)
    before = counts(rt)
    with clock.at(NOON + dt.timedelta(hours=3)):
        created, second = write(rt, doctor(rt), {**sent, "sent": {"attempt": 2}})
    assert not created
    assert json.dumps(first) == json.dumps(second)
    assert new_rows(before, counts(rt)) == {}


@BOTH
def test_another_body_under_the_id_is_a_conflict(rt: Runtime, write: Write, make: Callable[..., Any]) -> None:
    sent = make(rt)
    written(rt, write, sent)
    before = counts(rt)
    with pytest.raises(IdempotencyConflict):
        written(rt, write, {"body": {**sent["body"], "service_date": "2026-11-20"}})
    assert new_rows(before, counts(rt)) == {}


@BOTH
@pytest.mark.parametrize(("change", "error"), [
    ({"person": "another"}, NotYourRecord), ({"service_date": "2026-11-24"}, DateInFuture),
    ({"service_date": "2027-01-04"}, DateInFuture), ({"service_date": "2026-08-31"}, DateOutsidePosting),
    ({"service_date": "2026-02-30"}, InvalidBody),
])  # fmt: skip
def test_refusals_write_nothing(
    rt: Runtime, write: Write, make: Callable[..., Any], change: dict[str, Any], error: type[Problem]
) -> None:
    before = counts(rt)
    with pytest.raises(error):
        written(rt, write, make(rt, **change))
    assert new_rows(before, counts(rt)) == {}


@BOTH
def test_a_locked_month_is_refused(rt: Runtime, write: Write, make: Callable[..., Any]) -> None:
    with rt.db.transaction() as session:
        progress_store.lock_month(session, "zhongzhan-demo", id_of(rt, "organisation", "SQ"), "2026-10")
    before = counts(rt)
    with pytest.raises(MonthLocked) as refused:
        written(rt, write, make(rt, service_date="2026-10-30"))
    assert (refused.value.status, refused.value.slug) == (409, "month-locked")
    assert new_rows(before, counts(rt)) == {}
    assert written(rt, write, make(rt, service_date="2026-11-02"))["receipt"]["code"]


@BOTH
def test_only_a_physician_writes(rt: Runtime, write: Write, make: Callable[..., Any]) -> None:
    with pytest.raises(Forbidden):
        write(rt, principal(rt, "D1", "recipient_admin"), make(rt))


@BOTH
def test_a_body_outside_the_canonical_profile_is_refused(rt: Runtime, write: Write, make: Callable[..., Any]) -> None:
    for bad in ("e\u0301", "\ud800"):
        with pytest.raises(InvalidBody):
            written(rt, write, make(rt, note=bad))


@pytest.mark.parametrize("text", ["", "   ", "👍👍👍", "🎉 ❤️", "1️⃣"])
def test_a_diary_without_words_is_refused(rt: Runtime, text: str) -> None:
    before = counts(rt)
    with pytest.raises(TextEmpty) as refused:
        written(rt, submit_diary, diary(rt, text=text))
    assert (refused.value.status, refused.value.slug, refused.value.title_text()) == (422, "text-empty", "请用文字写几句")
    assert new_rows(before, counts(rt)) == {}


@pytest.mark.parametrize(("change", "field"), [
    ({"visits": 501}, "visits"), ({"record_ref": ["张三 12"]}, "record_ref"), ({"clinic_id": "elsewhere"}, "clinic_id"),
])  # fmt: skip
def test_a_half_day_names_its_wrong_field(rt: Runtime, change: dict[str, Any], field: str) -> None:
    before = counts(rt)
    with pytest.raises(InvalidBody) as refused:
        written(rt, record_half_day, half_day(rt, **change))
    assert refused.value.extra["field"] == field
    assert new_rows(before, counts(rt)) == {}


def test_a_name_in_place_of_a_number_is_told_in_words(rt: Runtime) -> None:
    with pytest.raises(InvalidBody) as refused:
        written(rt, record_half_day, half_day(rt, record_ref=["张三"]))
    assert refused.value.extra["hint"] == "只填编号,不要填患者姓名"


def test_what_the_phone_still_holds_is_remembered(rt: Runtime) -> None:
    sent = {**half_day(rt), "sent": {"unsent": {"count": 3, "oldest_at": clock.iso(MORNING), "sessions": ["2026-11-23 am"]}}}
    written(rt, record_half_day, sent)
    with rt.db.read() as session:
        contact = progress_lookup.contact(session, doctor(rt).person_id or "")
        assert contact is not None
        assert (contact.unsent, contact.oldest_at) == (3, MORNING)


def test_own_lists_are_paged_and_nobody_elses(rt: Runtime) -> None:
    mine = [written(rt, record_half_day, half_day(rt), NOON + dt.timedelta(minutes=n))["half_day"]["id"] for n in range(3)]
    days = [written(rt, submit_diary, diary(rt), NOON + dt.timedelta(minutes=n))["diary"]["id"] for n in range(3)]
    written(rt, record_half_day, half_day(rt, "D2"), code="D2")
    written(rt, submit_diary, diary(rt, "D2"), code="D2")
    assert [row["id"] for row in own_half_days(rt, doctor(rt), None, 10)] == mine[::-1]
    assert [row["id"] for row in own_half_days(rt, doctor(rt), (mine[2],), 10)] == mine[1::-1]
    listed = own_diaries(rt, doctor(rt), None, 2)
    assert [row["id"] for row in listed] == days[::-1]
    assert listed[0]["activities"] == [{"kind": "ward_round", "count": 1, "people": 3, "record_ref": []}]


@pytest.mark.parametrize("database", ["rt", "pg_rt"])
@BOTH
def test_fifty_identical_entries_at_once_are_one(
    request: pytest.FixtureRequest, database: str, write: Write, make: Callable[..., Any]
) -> None:
    rt: Runtime = request.getfixturevalue(database)
    if database == "pg_rt":
        world(rt)
    sent, who, gate = make(rt), doctor(rt), threading.Barrier(50)

    def send(_: int) -> tuple[bool, str]:
        with clock.at(NOON):
            gate.wait()
            created, answer = write(rt, who, sent)
            return created, json.dumps(answer)

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(send, range(50)))
    assert sum(created for created, _ in answers) == 1
    assert len({text for _, text in answers}) == 1
    with rt.db.read() as session:
        rows = [session.scalar(sa.select(sa.func.count()).select_from(table)) for table in (HalfDay, Diary, Activity)]
        assert sum(number or 0 for number in rows) in (1, 2)  # a diary has one activity
        assert not ledger.verify(session, rt.keys)
