"""One tap: what is written, what a repeat gets, what is marked and what is already there."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from checkin.models import Attendance
from checkin.usecases.record import record_event
from checkin.usecases.repeat import AlreadyRecorded
from shared import clock, ledger
from shared.ledger.models import LedgerPayload
from shared.outbox.models import OutboxMessage
from shared.problems import Forbidden, IdempotencyConflict, InvalidBody, NotYourRecord
from shared.service import Runtime
from tests.checkin.scene import (
    MONDAY,
    MORNING,
    counts,
    doctor,
    id_of,
    item,
    new_rows,
    principal,
    shown_k,
    ticket,
)  # fmt: skip
from tests.checkin.usecases.tapping import HOUR, fact_of, tapped


def test_a_tap_writes_fact_message_and_row_in_one_go(rt: Runtime) -> None:
    before = counts(rt)
    recorded = tapped(rt, ticket=ticket(rt, MORNING))
    assert new_rows(before, counts(rt)) == {
        "attendance": 1, "ledger_entry": 1, "ledger_payload": 1, "outbox_message": 1,
        **({"ledger_head": 1} if recorded.entry.seq == 1 else {}),
    }  # fmt: skip
    with rt.db.read() as session:
        message = session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
        payload = session.get_one(LedgerPayload, recorded.entry.entry_id)
        assert message is not None
        assert message.consumer == "progress.fold_day"
        assert recorded.entry.entry_id in message.payload
        assert (payload.day_from, payload.day_to) == (MONDAY, MONDAY)
        assert not ledger.verify(session, rt.keys)


def test_the_fact_holds_what_the_fold_and_a_later_grade_need(rt: Runtime) -> None:
    with clock.at(MORNING):
        sent = item(rt, doctor(rt), ticket=ticket(rt, MORNING), device_time=clock.iso(MORNING), device_seq=7)
        sent |= {"sent": {"sent_at": clock.iso(MORNING - dt.timedelta(milliseconds=300)), "attempt": 1}}
        _, recorded = record_event(rt, doctor(rt), sent, install="browser-1", address="203.0.113.77")
    fact = fact_of(rt, recorded)
    assert fact["posting_id"] == id_of(rt, "posting", "P1")
    assert fact["actor"] == {"person": doctor(rt).person_id, "role": "doctor",
                             "organisation": id_of(rt, "organisation", "YY")}  # fmt: skip
    assert {name: fact[name] for name in (
        "direction", "direction_source", "session", "service_date", "effective_at", "method", "strength", "code_check",
        "skew_ms", "online", "device_seq", "flags", "loc_failure", "body",
    )} == {
        "direction": "in", "direction_source": "derived", "session": "am", "service_date": "2026-11-23",
        "effective_at": clock.iso(MORNING), "method": "rotating", "strength": "fresh", "code_check": "ok",
        "skew_ms": 300, "online": True, "device_seq": 7, "flags": [], "loc_failure": "not_asked", "body": sent["body"],
    }  # fmt: skip
    assert fact["install_id_hash"] != "browser-1"
    assert "203.0.113" not in str(fact)


def test_same_id_and_body_gets_the_same_receipt(rt: Runtime) -> None:
    sent = item(rt, doctor(rt))
    with clock.at(MORNING):
        created, first = record_event(rt, doctor(rt), sent)
    before = counts(rt)
    with clock.at(MORNING + HOUR):
        again, second = record_event(rt, doctor(rt), {**sent, "sent": {"sent_at": clock.iso(MORNING), "attempt": 2}})
    assert (created, again) == (True, False)
    assert ledger.jcs(first.entry.receipt) == ledger.jcs(second.entry.receipt)
    assert first.entry.receipt["client"] == sent["body"]["client_event_id"]
    assert first.entry.receipt["body_hash"] == ledger.body_hash(sent["body"]).hex()
    assert new_rows(before, counts(rt)) == {}


@pytest.mark.parametrize("change", [{"direction": "out"}, {"device_seq": 2}])
def test_same_id_with_another_body_is_a_conflict_and_changes_nothing(rt: Runtime, change: dict[str, Any]) -> None:
    sent = item(rt, doctor(rt))
    with clock.at(MORNING):
        record_event(rt, doctor(rt), sent)
        before = counts(rt)
        with pytest.raises(IdempotencyConflict) as refused:
            record_event(rt, doctor(rt), {"body": {**sent["body"], **change}})
    assert new_rows(before, counts(rt)) == {}
    assert refused.value.extra == {}


def test_same_id_from_another_person_is_a_conflict_that_discloses_nothing(rt: Runtime) -> None:
    sent = item(rt, doctor(rt))
    other = doctor(rt, "D2")
    with clock.at(MORNING):
        record_event(rt, doctor(rt), sent)
        with pytest.raises(IdempotencyConflict) as refused:
            record_event(rt, other, {"body": {**sent["body"], "person": other.person_id}})
    assert refused.value.extra == {}


def test_a_record_of_another_person_is_refused(rt: Runtime) -> None:
    before = counts(rt)
    with pytest.raises(NotYourRecord):
        record_event(rt, doctor(rt, "D2"), item(rt, doctor(rt)))
    assert new_rows(before, counts(rt)) == {}


def test_only_a_physician_records(rt: Runtime) -> None:
    admin = principal(rt, "R1", "recipient_admin")
    with pytest.raises(Forbidden):
        record_event(rt, admin, item(rt, admin))


def test_a_body_outside_the_canonical_profile_is_refused(rt: Runtime) -> None:
    with pytest.raises(InvalidBody), clock.at(MORNING):
        record_event(rt, doctor(rt), item(rt, doctor(rt), beacon_id="e\u0301"))


def test_u24_a_scan_at_six_neither_refuses_nor_weakens_the_scan_at_eight(rt: Runtime) -> None:
    early = tapped(rt, MORNING.replace(hour=6), direction="in")
    later = tapped(rt, ticket=ticket(rt, MORNING), direction="in")
    assert [(row.row.direction, row.row.strength) for row in (early, later)] == [("in", "poster"), ("in", "fresh")]


def test_two_physicians_use_one_slot(rt: Runtime) -> None:
    k = shown_k(rt, MORNING)
    first, second = tapped(rt, code="D1", k=k), tapped(rt, code="D2", k=k)
    assert first.row.slot == second.row.slot is not None
    assert (first.row.strength, second.row.strength) == ("fresh", "fresh")


def test_one_physician_uses_a_slot_once_and_gets_the_earlier_receipt(rt: Runtime) -> None:
    k = shown_k(rt, MORNING)
    first = tapped(rt, k=k)
    before = counts(rt)
    with pytest.raises(AlreadyRecorded) as refused:
        tapped(rt, MORNING + dt.timedelta(seconds=5), k=k, direction="out")
    assert refused.value.extra["receipt"] == first.entry.receipt
    assert refused.value.title_text() == f"这次签到之前已收到,回执 {first.entry.receipt['code']}"
    assert new_rows(before, counts(rt)) == {}


def test_a_used_ticket_is_found_also_from_another_day(rt: Runtime) -> None:
    held = ticket(rt, MORNING)
    first = tapped(rt, ticket=held)
    with pytest.raises(AlreadyRecorded) as refused:
        tapped(rt, MORNING + 24 * HOUR, ticket=held)
    assert refused.value.extra["receipt"] == first.entry.receipt


@pytest.mark.parametrize(("seconds", "direction", "recorded"), [
    (59, "in", False), (60, "in", True), (5, "out", True),
])  # fmt: skip
def test_without_a_slot_the_same_action_counts_once_a_minute(
    rt: Runtime, seconds: int, direction: str, recorded: bool
) -> None:
    tapped(rt, direction="in")
    later = MORNING + dt.timedelta(seconds=seconds)
    if recorded:
        assert tapped(rt, later, direction=direction).row.direction == direction
    else:
        with pytest.raises(AlreadyRecorded):
            tapped(rt, later, direction=direction)


def test_events_of_one_upload_are_told_apart_by_their_own_times(rt: Runtime) -> None:
    evening = MORNING.replace(hour=18)
    taps = [tapped(rt, evening, online=False, direction="in", device_time=clock.iso(MORNING.replace(hour=hour)))
            for hour in (8, 14)]  # fmt: skip
    assert [clock.local(tap.row.effective_at).hour for tap in taps] == [8, 14]


def test_a_clock_ten_years_off_is_recorded_with_the_servers_time(rt: Runtime) -> None:
    for years, at in ((-10, MORNING), (10, MORNING + HOUR)):
        claimed = clock.iso(at.replace(year=at.year + years))
        recorded = tapped(rt, at, device_time=claimed)
        assert (recorded.row.flags, recorded.row.effective_at) == (["claim_range"], at)
        assert fact_of(rt, recorded)["device_time"] == claimed


def test_coordinates_are_dropped_with_a_reason(rt: Runtime) -> None:
    with clock.at(MORNING):
        place = {"salt": "s", "lat_e6": 35_244_000, "lon_e6": 113_236_000}
        _, recorded = record_event(rt, doctor(rt), {**item(rt, doctor(rt)), "location": place})
    assert recorded.row.loc_failure == "no_consent"
    assert "35244000" not in str(fact_of(rt, recorded))


def test_a_code_key_ages_but_an_offline_code_is_verified_20_days_later(rt: Runtime) -> None:
    k = shown_k(rt, MORNING)
    recorded = tapped(rt, MORNING + 480 * HOUR, k=k, online=False, device_time=clock.iso(MORNING), direction="in")
    assert (recorded.row.strength, recorded.row.service_date, recorded.row.flags) == ("kiosk", MONDAY, ["late_sync"])


def test_the_row_says_what_the_fact_says(rt: Runtime) -> None:
    recorded = tapped(rt, k=shown_k(rt, MORNING))
    fact = fact_of(rt, recorded)
    with rt.db.read() as session:
        row = session.get_one(Attendance, recorded.entry.entry_id)
        shown = (row.direction, row.session, row.service_date.isoformat(), clock.iso(row.effective_at), row.strength)
    assert shown == tuple(fact[name] for name in ("direction", "session", "service_date", "effective_at", "strength"))
