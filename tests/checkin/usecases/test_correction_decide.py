"""Decisions on corrections: by another, at the right level, once; a second one names the first."""

from __future__ import annotations

import datetime as dt

import pytest

from checkin.usecases.corrections import (
    CorrectionQuotaUsed,
)
from checkin.usecases.deciding import NotYourTurn
from shared import clock, ledger
from shared.problems import AlreadyDecided, InvalidBody, NotFound, SelfApproval
from shared.progress import store
from shared.roles import Grant, Principal
from shared.service import Runtime
from tests.checkin.scene import MONDAY, counts, doctor, id_of, new_rows
from tests.checkin.usecases.asking import (
    DAY,
    EVENING,
    asked,
    facts_of,
    folded,
    office,
    ruled,
    with_accounts,
)

THURSDAY_NIGHT = dt.datetime(2026, 11, 26, 23, 59, 59, tzinfo=clock.SHANGHAI)
"""The last moment of the third workday after Monday."""


def lock(rt: Runtime, month: str = "2026-11") -> None:
    """Close the month of the small world's recipient."""
    with rt.db.transaction() as session:
        store.lock_month(session, "zhongzhan-demo", id_of(rt, "organisation", "SQ"), month)


def days_of_november(rt: Runtime, count: int) -> list[str]:
    """Requests for Monday and the days after, each in its window."""
    return [asked(rt, EVENING + n * DAY, service_date=(MONDAY + n * DAY).isoformat()).id for n in range(count)]


@pytest.mark.parametrize("decision", ["rejected", "returned"])
def test_a_refusal_wants_a_reason(rt: Runtime, decision: str) -> None:
    row, before = asked(rt), counts(rt)
    with pytest.raises(InvalidBody):
        ruled(rt, row, decision, " ")
    assert new_rows(before, counts(rt)) == {}


def test_nobody_decides_about_himself(rt: Runtime) -> None:
    who = doctor(rt)
    both = Principal(who.account_id, who.person_id, (*who.grants, Grant("recipient_admin", id_of(rt, "organisation", "SQ"))))
    row, before = asked(rt), counts(rt)
    with pytest.raises(SelfApproval):
        ruled(rt, row, who=both)
    assert new_rows(before, counts(rt)) == {}


@pytest.mark.parametrize(("person", "role"), [
    ("A1", "recipient_admin"), ("A1", "supporter_admin"), ("R1", "county_officer"), ("D2", "doctor"),
])  # fmt: skip
def test_outside_the_scope_nothing_is_found(rt: Runtime, person: str, role: str) -> None:
    row = asked(rt)
    with pytest.raises(NotFound):
        ruled(rt, row, who=office(rt, person, role))


def test_the_county_decides_after_five_workdays_or_for_a_vacant_post(rt: Runtime) -> None:
    county = office(rt, "C1", "county_officer")
    vacant = asked(rt)
    assert ruled(rt, vacant, who=county).state == "approved", "nobody at the recipient has an account"
    with_accounts(rt)
    waiting = asked(rt, service_date="2026-11-20")
    last = dt.datetime(2026, 11, 30, 23, 59, tzinfo=clock.SHANGHAI)
    with pytest.raises(NotYourTurn) as refused:
        ruled(rt, waiting, who=county, at=last)
    assert refused.value.title_text() == "请先由受援医院医务科处理"
    assert ruled(rt, waiting, who=county, at=last + dt.timedelta(minutes=1)).state == "approved"


def test_the_county_decides_where_everybody_at_the_recipient_is_on_the_clinics_rota(rt: Runtime) -> None:
    with_accounts(rt)
    clinic = id_of(rt, "clinic", "SQ1")
    with clock.at(EVENING), rt.db.transaction() as session:
        ledger.append(
            session, rt.keys, kind="clinic.rota_set", stream=ledger.Stream.clinic(clinic), days=(MONDAY, MONDAY + 365 * DAY),
            actor=ledger.Actor(id_of(rt, "person", "R1"), "recipient_admin", id_of(rt, "organisation", "SQ")),
            payload={"clinic_id": clinic, "witnesses": [id_of(rt, "person", "R1")], "valid_from": MONDAY.isoformat()},
        )  # fmt: skip
    assert ruled(rt, asked(rt), who=office(rt, "C1", "county_officer")).state == "approved"


def test_a_second_decision_is_refused_unless_it_names_the_first(rt: Runtime) -> None:
    row = ruled(rt, asked(rt), "rejected", "没有依据")
    first = row.decision["entry_id"]
    with pytest.raises(AlreadyDecided) as refused:
        ruled(rt, row)
    assert refused.value.title_text() == "已被 苏文简 于 11-23 20:00 处理"
    with pytest.raises(AlreadyDecided):
        ruled(rt, row, replaces="another")
    changed = ruled(rt, row, replaces=first)
    assert (changed.state, changed.decision["history"][0]["decision"]) == ("approved", "rejected")
    assert [fact.payload["replaces"] for fact in facts_of(rt, "correction.decided")] == [None, first]
    assert folded(rt).halves["am"].status == "A"


def test_a_lower_level_replaces_nothing_and_nobody_after_the_close(rt: Runtime) -> None:
    row = ruled(rt, asked(rt), "rejected", "没有依据", who=office(rt, "C1", "county_officer"))
    with pytest.raises(AlreadyDecided):
        ruled(rt, row, replaces=row.decision["entry_id"])
    own = ruled(rt, asked(rt), "rejected", "没有依据")
    lock(rt)
    with pytest.raises(AlreadyDecided):
        ruled(rt, own, replaces=own.decision["entry_id"])


def test_a_refusal_does_not_turn_into_an_approval_over_the_limit(rt: Runtime) -> None:
    first = ruled(rt, asked(rt), "rejected", "没有依据")
    days_of_november(rt, 3)
    with pytest.raises(CorrectionQuotaUsed):
        ruled(rt, first, replaces=first.decision["entry_id"])


def test_the_chain_still_verifies(rt: Runtime) -> None:
    ruled(rt, asked(rt), shown_at=clock.iso(EVENING), together=7)
    assert facts_of(rt, "correction.decided")[-1].payload["blanket"] == 7
    with rt.db.read() as session:
        assert not ledger.verify(session, rt.keys)
