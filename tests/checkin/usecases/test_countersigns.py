"""Countersigns: at most 20 named records, independence, withdrawal; what waits, with what is weak first."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from checkin.domain.independence import ROLES, Relation
from checkin.models import Attendance, Countersign
from checkin.usecases import countersigns
from checkin.usecases.arrival import Sender
from checkin.usecases.leave import file_leave
from checkin.usecases.leave_decide import decide_leave
from checkin.usecases.record import record_event
from checkin.usecases.spot.deciding import NotIndependent
from shared import clock, ledger
from shared.problems import InvalidBody, MonthLocked, NotFound
from shared.progress import store as progress_store
from shared.roles import Grant, Principal
from tests.checkin.scene import MORNING, counts, doctor, id_of, item, new_rows, principal, shown_k
from tests.checkin.usecases.tapping import tapped
from tests.checkin.usecases.test_leave import body as leave_body

HOUR = dt.timedelta(hours=1)


def witness(rt, code="R1") -> Principal:
    """A colleague of the clinic's hospital."""
    return Principal("w", id_of(rt, "person", code), (Grant("witness", id_of(rt, "organisation", "SQ")),))


def sign(rt, who, *targets, act="confirm", at=MORNING + HOUR, install=None, **more):
    said = {"act": act, "targets": list(targets), "shown_at": clock.iso(at), **more}
    if act == "confirm":
        said.setdefault("statement", "saw_on_site" if who.has("witness") else "visit")
    with clock.at(at):
        return countersigns.sign(rt, who, said, install)


def facts(rt, kind="attendance.countersigned"):
    with rt.db.read() as session:
        found = ledger.facts(session, id_of(rt, "posting", "P1"), MORNING.date(), MORNING.date())
    return [fact.payload for fact in found if fact.kind == kind]


def test_a_witness_confirms_and_the_fact_names_the_records_and_no_coordinates(rt):
    came, left = tapped(rt).entry.entry_id, tapped(rt, MORNING + 5 * HOUR, direction="out").entry.entry_id
    assert sign(rt, witness(rt), came, left, at=MORNING + 6 * HOUR) == [{"target": one, "state": "confirmed"} for one in (came, left)]
    (said,) = facts(rt)
    assert (said["targets"], said["statement"], said["relation"], said["independent"], said["off_rota"]) == (
        [came, left], "saw_on_site", "rota", True, False,
    )  # fmt: skip
    assert not {"lat_e6", "lon_e6", "location"} & set(said)
    before = counts(rt)
    sign(rt, witness(rt), came)
    assert new_rows(before, counts(rt)) == {}
    with rt.db.read() as session:
        assert not ledger.verify(session, rt.keys)


@pytest.mark.parametrize(("person", "role", "independent"), [
    ("R1", "recipient_admin", False), ("A1", "supporter_admin", True), ("C1", "county_officer", True),
])  # fmt: skip
def test_an_officer_signs_from_outside_and_names_what_he_bases_it_on(rt, person, role, independent):
    target, who = tapped(rt).entry.entry_id, principal(rt, person, role)
    for wrong in ("saw_on_site", None, "hearsay"):
        with pytest.raises(InvalidBody):
            sign(rt, who, target, statement=wrong)
    sign(rt, who, target, statement="phone_call")
    (said,) = facts(rt)
    assert (said["off_rota"], said["independent"], said["relation"], said["actor"]["role"]) == (True, independent, "outside", role)


def test_nobody_signs_for_himself(rt):
    target = tapped(rt).entry.entry_id
    himself = Principal("x", doctor(rt).person_id, (Grant("witness", id_of(rt, "organisation", "SQ")),))
    with pytest.raises(NotIndependent):
        sign(rt, himself, target)


def test_who_decided_on_the_physicians_leave_is_not_independent(rt):
    target = tapped(rt).entry.entry_id
    with clock.at(MORNING - dt.timedelta(days=3)):
        leave = file_leave(rt, doctor(rt), leave_body(rt, "2026-11-30", "2026-11-30"))[1]
        decide_leave(rt, principal(rt, "R1", "recipient_admin"), leave.id, "approved")
    with pytest.raises(NotIndependent):
        sign(rt, witness(rt), target)
    assert sign(rt, principal(rt, "R1", "recipient_admin"), target)[0]["state"] == "confirmed"  # from outside, on a basis


def test_who_shares_the_physicians_phone_is_not_independent(rt):
    with clock.at(MORNING):
        done = record_event(rt, doctor(rt), item(rt, doctor(rt)), install="one-browser")[1]
    target = done.entry.entry_id
    for who in (witness(rt), principal(rt, "C1", "county_officer")):
        with pytest.raises(NotIndependent):
            sign(rt, who, target, install="one-browser")
    assert sign(rt, witness(rt), target, install="another")[0]["state"] == "confirmed"
    assert Sender().install is None


def test_an_officer_on_the_clinics_rota_does_not_sign_from_outside(rt):
    with rt.db.transaction() as session:
        ledger.append(session, rt.keys, kind="clinic.rota_set", stream=ledger.Stream.clinic(id_of(rt, "clinic", "SQ1")),
                      actor=ledger.Actor("x", "recipient_admin"),
                      payload={"witnesses": [id_of(rt, "person", code) for code in ("R1", "C1")]})  # fmt: skip
    target = tapped(rt).entry.entry_id
    with pytest.raises(NotIndependent):
        sign(rt, principal(rt, "R1", "recipient_admin"), target)
    sign(rt, principal(rt, "C1", "county_officer"), target, statement="saw_on_site")
    assert (facts(rt)[0]["off_rota"], facts(rt)[0]["independent"], facts(rt)[0]["relation"]) == (False, True, "rota")


def test_outside_the_scope_there_is_no_record(rt):
    target, before = tapped(rt).entry.entry_id, counts(rt)
    stranger = Principal("x", "someone", (Grant("witness", id_of(rt, "organisation", "YY")),))
    for who, targets in ((stranger, [target]), (witness(rt), ["missing"]), (witness(rt), [target, "missing"])):
        with pytest.raises(NotFound):
            sign(rt, who, *targets)
    assert new_rows(before, counts(rt)) == {}


def test_a_decline_closes_the_task_and_a_withdrawal_takes_a_confirmation_back(rt):
    first, second = tapped(rt).entry.entry_id, tapped(rt, MORNING + 5 * HOUR, direction="out").entry.entry_id
    later = MORNING + 6 * HOUR
    with pytest.raises(InvalidBody):
        sign(rt, witness(rt), first, act="decline")
    assert sign(rt, witness(rt), first, act="decline", reason_code="not_seen")[0]["state"] == "declined"
    assert sign(rt, witness(rt), second, act="withdraw", reason_code="mistaken", at=later)[0]["state"] == "none"
    sign(rt, witness(rt), second, at=later)
    with clock.at(later):
        assert [one["id"] for one in countersigns.signed(rt, witness(rt))] == [second]
    assert sign(rt, witness(rt), second, act="withdraw", reason_code="mistaken", at=later)[0]["state"] == "withdrawn"
    assert len(facts(rt, "attendance.countersign_declined")) == len(facts(rt, "attendance.countersign_withdrawn")) == 1
    with clock.at(later):
        assert countersigns.signed(rt, witness(rt)) == []
        assert countersigns.waiting(rt, witness(rt)) == []


def test_a_closed_month_takes_no_signature(rt):
    target = tapped(rt).entry.entry_id
    with rt.db.transaction() as session:
        progress_store.lock_month(session, "zhongzhan-demo", id_of(rt, "organisation", "SQ"), "2026-11")
    with pytest.raises(MonthLocked):
        sign(rt, witness(rt), target)


def test_what_waits_is_what_lacks_a_signature_weak_records_first(rt):
    strong = tapped(rt, k=shown_k(rt, MORNING)).entry.entry_id
    weak = tapped(rt, MORNING + 5 * HOUR, direction="out").entry.entry_id
    with clock.at(MORNING + 6 * HOUR):
        first, second = countersigns.waiting(rt, witness(rt))
        assert countersigns.waiting(rt, Principal("d", doctor(rt).person_id, witness(rt).grants)) == []
    assert (first["id"], first["needed"], first["code"], second["id"], second["needed"], second["code"]) == (
        weak, True, "固定海报码", strong, False, "屏幕动态码",
    )  # fmt: skip
    assert first["until"] == clock.iso(MORNING + 29 * HOUR)
    assert not {"lat_e6", "lon_e6"} & set(first)
    with clock.at(MORNING + 80 * HOUR):
        assert [(one["id"], one["in_time"]) for one in countersigns.waiting(rt, witness(rt))] == [(weak, False)]
    sign(rt, witness(rt), weak, at=MORNING + 6 * HOUR)
    with clock.at(MORNING + 6 * HOUR):
        assert [one["id"] for one in countersigns.waiting(rt, principal(rt, "C1", "county_officer"))] == [strong]


def test_a_page_holds_at_most_twenty(rt):
    for number in range(23):
        tapped(rt, MORNING + number * 2 * dt.timedelta(minutes=1), direction="in" if number % 2 else "out")
    with rt.db.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Attendance)) == 23
        assert session.scalar(sa.select(sa.func.count()).select_from(Countersign)) == 0
    with clock.at(MORNING + 2 * HOUR):
        assert len(countersigns.waiting(rt, witness(rt))) == 20


@pytest.mark.parametrize("role", ROLES)
def test_nothing_makes_one_independent_of_oneself_or_of_a_shared_phone(role):
    for on_rota in (True, False):
        for approver in (True, False):
            assert not Relation(role, True, on_rota, approver, False).admitted
            assert not Relation(role, False, on_rota, approver, True).admitted
            assert Relation(role, False, on_rota, True, False).independent is False
