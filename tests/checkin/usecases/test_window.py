"""Beacons and the window between the lower bound and the receipt (evidence.md §6.2, §6.3, E5, E6)."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from checkin.models import Attendance
from checkin.usecases import fact, history
from shared import clock, ledger
from shared.ledger import beacon
from shared.service import Runtime
from tests.checkin.scene import MORNING, doctor, item, shown_digits, shown_k, ticket, world
from tests.checkin.usecases.signed import fresh, sent, shown
from tests.checkin.usecases.tapping import HOUR, fact_of
from tests.factories.phone import Phone


@pytest.fixture
def rt(rt: Runtime) -> Runtime:
    world(rt)
    return rt


@pytest.fixture
def phone(rt: Runtime) -> Phone:
    """The phone of D1, enrolled with the invitation long ago."""
    found = Phone("D1")
    found.enrolled(rt, doctor(rt).person_id or "")
    return found


def beacon_id(rt: Runtime, at: dt.datetime, code: str = "D1") -> str:
    return beacon.make(rt.keys.beacon_signer, doctor(rt, code).person_id or "", at)["id"]


@pytest.mark.parametrize(("age", "window"), [
    (dt.timedelta(minutes=15), "w15"), (dt.timedelta(minutes=16), "w24"), (25 * HOUR, "w72"), (73 * HOUR, "over"),
])  # fmt: skip
def test_a_beacon_bounds_a_tap_without_a_code_from_below(rt: Runtime, phone: Phone, age: dt.timedelta, window: str) -> None:
    made = item(rt, doctor(rt), direction="in", beacon_id=beacon_id(rt, MORNING - age))
    told = fact_of(rt, sent(rt, phone.signed(made)))
    assert told["judged"]["window"] == window
    assert (told["proven_from"] is None) is (window == "over")


@pytest.mark.parametrize("name", ["AAAA", None])
def test_a_forged_beacon_or_that_of_another_is_a_red_flag(rt: Runtime, phone: Phone, name: str | None) -> None:
    made = fresh(rt, beacon_id=name or beacon_id(rt, MORNING, "D2"))
    said = shown(rt, sent(rt, phone.signed(made)))
    assert (said["flags"], said["grade"]) == (["beacon_bad"], "D")


@pytest.mark.parametrize(("minutes", "strength", "flags"), [(10, "kiosk", []), (12, "poster", ["code_unverified"])])
def test_a_beacon_later_than_the_offline_code_unverifies_it(
    rt: Runtime, phone: Phone, minutes: int, strength: str, flags: list[str]
) -> None:
    made = item(rt, doctor(rt), typed=shown_digits(rt, MORNING), online=False, direction="in",
                device_time=clock.iso(MORNING), beacon_id=beacon_id(rt, MORNING + dt.timedelta(minutes=minutes)))  # fmt: skip
    row = sent(rt, phone.signed(made), MORNING + HOUR).row
    assert (row.strength, row.flags) == (strength, flags)


def test_e5_a_ticket_that_waits_is_weaker_and_later_never_lost(rt: Runtime, phone: Phone) -> None:
    grades = {}
    for number, wait in enumerate((dt.timedelta(minutes=4, seconds=59), dt.timedelta(minutes=5, seconds=1), 24 * HOUR)):
        at = MORNING + number * dt.timedelta(minutes=20)
        made = item(rt, doctor(rt), ticket=ticket(rt, at), direction="in")
        recorded = sent(rt, phone.signed(made), at + wait)
        assert recorded.row.effective_at == at
        grades[wait] = (recorded.row.strength, shown(rt, recorded)["reason"])
    assert list(grades.values()) == [("fresh", "B-CODE"), ("kiosk", "B-KIOSK"), ("poster", "C-WEAK")]


def test_e6_an_offline_code_after_twenty_days_is_verified_and_weak(rt: Runtime, phone: Phone) -> None:
    made = item(rt, doctor(rt), k=shown_k(rt, MORNING), online=False, direction="in", device_time=clock.iso(MORNING))
    recorded = sent(rt, phone.signed(made), MORNING + dt.timedelta(days=20))
    said = shown(rt, recorded)
    assert (said["strength"], said["grade"], said["reason"]) == ("kiosk", "C", "C-WEAK")
    assert said["missing"] == ["window-72h", "no-countersign"]


def test_what_comes_later_shows_when_the_record_is_read_again(rt: Runtime, phone: Phone) -> None:
    who = doctor(rt)
    recorded = sent(rt, phone.signed(fresh(rt)))
    with clock.at(MORNING + HOUR):
        assert history.read_event(rt, who, recorded.row.id)["reason"] == "B-CODE"
        with rt.db.transaction() as session:
            ledger.append(
                session, rt.keys, kind="attendance.countersigned", stream=ledger.Stream.posting(recorded.row.posting_id),
                actor=ledger.Actor("W1", "witness", "somewhere"),
                payload={"posting_id": recorded.row.posting_id, "service_date": "2026-11-23", "targets": [recorded.row.id],
                         "independent": True, "off_rota": False, "statement": "saw_on_site"},
            )  # fmt: skip
        read = history.read_event(rt, who, recorded.row.id)
        assert (read["grade"], read["reason"]) == ("A", "A-CODE-SIGN")
        assert read["evidence_line"] == "证据充分:本人手机、现场当时的码、同事 24 小时内确认"
        assert history.own_events(rt, who, None, 10)[0]["grade"] == "A"


def test_a_record_from_before_grades_keeps_its_line(rt: Runtime) -> None:
    recorded = sent(rt, fresh(rt))
    with rt.db.transaction() as session:
        session.execute(sa.update(Attendance).values(judged=None))
    with rt.db.read() as session:
        old = fact.view(session.get_one(Attendance, recorded.row.id), "柳岸")
    assert (old["grade"], old["counts"], old["missing"]) == (None, None, [])
    assert old["evidence_line"] == "证据较充分:扫到的是现场当时的码"


def test_every_answer_brings_a_beacon_of_the_person(rt: Runtime, phone: Phone) -> None:
    with clock.at(MORNING):
        answer = history.answer(rt, doctor(rt), sent(rt, phone.signed(fresh(rt))))
    person = doctor(rt).person_id or ""
    assert answer["beacon"]["person"] == person
    assert beacon.hear(rt.keys.beacon_signer, answer["beacon"]["id"], person, MORNING).at == MORNING
