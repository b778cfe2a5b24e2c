"""Objections: 15 days, parties and roles, decided once by somebody who took no part."""

from __future__ import annotations

import datetime as dt
import secrets

import pytest

from checkin.usecases import countersigns, objections
from checkin.usecases.objections import ObjectionLate
from checkin.usecases.spot.deciding import NotIndependent
from shared import clock, ledger, outbox
from shared.directory.models import Organisation
from shared.problems import AlreadyDecided, Forbidden, IdempotencyConflict, InvalidBody, NotFound, SelfApproval
from shared.progress import lookup as progress
from shared.roles import Grant, Principal
from tests.checkin.scene import MORNING, counts, doctor, id_of, new_rows, principal
from tests.checkin.usecases.checks import JOBS, quiet
from tests.checkin.usecases.tapping import proven

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
OFFICER = ("C1", "county_officer")


def said(rt, target, **more):
    return {"client_event_id": secrets.token_hex(16), "posting_id": id_of(rt, "posting", "P1"), "target_kind": "entry",
            "target": target, "reason_code": "not_present", "text": "当天没有见到本人", **more}  # fmt: skip


def file(rt, who, target, at=MORNING + 6 * HOUR, **more):
    with clock.at(at):
        return objections.file(rt, who, said(rt, target, **more))[1]


def decide(rt, who, objection, decision="rejected", at=MORNING + 7 * HOUR):
    with clock.at(at):
        return objections.decide(rt, who, objection["id"], {"decision": decision, "note": "已核对门诊登记"})


def status(rt):
    outbox.drain(rt, JOBS, clock_now=MORNING + 11 * HOUR)
    with rt.db.read() as session:
        return progress.day(session, id_of(rt, "posting", "P1"), MORNING.date()).halves["am"].status


def attended(rt) -> str:
    quiet(rt)
    came = proven(rt).entry.entry_id
    proven(rt, MORNING + 5 * HOUR, direction="out")
    return came


@pytest.mark.parametrize(("decision", "after"), [("rejected", "A"), ("upheld", "P")])
def test_a_disputed_presence_waits_until_it_is_decided(rt, decision, after):
    target = attended(rt)
    assert status(rt) == "A"
    filed = file(rt, principal(rt, "R1", "recipient_admin"), target)
    assert (filed["state_words"], filed["disputes_presence"], filed["due"]) == ("待处理", True, "2026-12-07")
    assert status(rt) == "P"
    decided = decide(rt, principal(rt, *OFFICER), filed, decision)
    assert decided["state"] == decision
    assert status(rt) == after
    with rt.db.read() as session:
        assert not ledger.verify(session, rt.keys)


def test_a_physicians_objection_against_a_low_grade_takes_nothing_away(rt):
    target = attended(rt)
    filed = file(rt, doctor(rt), target, target_kind="grade", reason_code="grade_low")
    assert (filed["filed_role"], filed["disputes_presence"]) == ("doctor", False)
    assert status(rt) == "A"
    with pytest.raises(InvalidBody):
        file(rt, doctor(rt), target)


def test_fifteen_days_and_not_one_more(rt):
    target, who = attended(rt), principal(rt, "A1", "supporter_admin")
    assert file(rt, who, target, at=MORNING + 15 * DAY)["state"] == "open"
    with pytest.raises(ObjectionLate):
        file(rt, who, target, at=MORNING + 16 * DAY)
    month = {"target_kind": "month", "reason_code": "figure_wrong"}
    assert file(rt, who, "2026-11", at=MORNING + 25 * DAY, **month)["target"] == "2026-11"
    with pytest.raises(ObjectionLate):
        file(rt, who, "2026-11", at=MORNING + 26 * DAY, **month)


def test_a_repeat_gives_the_first_and_another_body_a_conflict(rt):
    target, who = attended(rt), principal(rt, "R1", "recipient_admin")
    asked = said(rt, target)
    with clock.at(MORNING + HOUR):
        first = objections.file(rt, who, asked)
        before = counts(rt)
        assert objections.file(rt, who, asked) == (False, first[1])
        with pytest.raises(IdempotencyConflict):
            objections.file(rt, who, {**asked, "text": "另一段"})
    assert new_rows(before, counts(rt)) == {}


@pytest.mark.parametrize("wrong", [{"target": "missing"}, {"target_kind": "check", "target": "missing", "reason_code": "other"},
                                   {"posting_id": "missing"}])  # fmt: skip
def test_what_does_not_exist_cannot_be_objected_to(rt, wrong):
    target, before = attended(rt), counts(rt)
    with pytest.raises(NotFound):
        file(rt, principal(rt, "R1", "recipient_admin"), wrong.get("target", target), **{k: v for k, v in wrong.items() if k != "target"})
    assert new_rows(before, counts(rt)) == {}


def test_a_foreign_record_is_not_found(rt):
    target = attended(rt)
    with pytest.raises(NotFound):
        file(rt, doctor(rt, "D2"), target, reason_code="other")


def test_it_is_decided_once(rt):
    filed = file(rt, principal(rt, "R1", "recipient_admin"), attended(rt))
    decide(rt, principal(rt, *OFFICER), filed)
    with pytest.raises(AlreadyDecided) as second:
        decide(rt, principal(rt, *OFFICER), filed)
    assert second.value.title_text() == "已被 陆见川 于 11-23 14:52 处理"


def test_whoever_took_part_does_not_decide(rt):
    target = attended(rt)
    with clock.at(MORNING + HOUR):
        countersigns.sign(rt, principal(rt, *OFFICER), {"act": "confirm", "targets": [target], "statement": "visit"})
    filed = file(rt, principal(rt, "R1", "recipient_admin"), target)
    with pytest.raises(NotIndependent):
        decide(rt, principal(rt, *OFFICER), filed)


def test_the_city_decides_where_the_county_is_a_party(rt):
    target = attended(rt)
    with rt.db.transaction() as session:
        session.get_one(Organisation, id_of(rt, "organisation", "SQ")).city_id = "city"
    city = Principal("x", "mayor", (Grant("city_officer", "city"),))
    filed = file(rt, principal(rt, *OFFICER), target)
    with pytest.raises(SelfApproval):
        decide(rt, principal(rt, *OFFICER), filed)
    colleague = Principal("x", "colleague", principal(rt, *OFFICER).grants)
    with pytest.raises(Forbidden):
        decide(rt, colleague, filed)
    assert decide(rt, city, filed)["decision"]["role"] == "city_officer"
    other = file(rt, principal(rt, "R1", "recipient_admin"), target)
    with pytest.raises(Forbidden):
        decide(rt, city, other)


def test_everybody_concerned_reads_it_and_nobody_else(rt):
    filed = file(rt, principal(rt, "R1", "recipient_admin"), attended(rt))
    with clock.at(MORNING + 2 * HOUR):
        for who in (doctor(rt), principal(rt, "A1", "supporter_admin"), principal(rt, *OFFICER)):
            assert [one["id"] for one in objections.listing(rt, who, None, 20)] == [filed["id"]]
        assert objections.listing(rt, doctor(rt, "D2"), None, 20) == []
