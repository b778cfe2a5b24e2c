"""Registrations, changes and applications, from their facts to what rules read, and what does not count."""

from __future__ import annotations

import datetime as dt

import pytest

from shared.progress.records import facts_of
from shared.rules.facts import Application, Change
from tests.shared.progress.test_records import DAY, OFFICER, record


def test_an_application_counts_until_it_is_withdrawn():
    filed = record("application.filed", "E1", person_id="D", gate="apply_senior", date="2026-11-05")
    withdrawn = record("application.withdrawn", "E2", target="E1", note="改为明年申报")
    assert facts_of([filed]).applications == (Application("D", "apply_senior", DAY, ("E1",)),)
    assert facts_of([filed, withdrawn]).applications == ()


def test_a_change_of_the_pair_waits_for_its_decision_and_names_who_took_it():
    asked = record("change.requested", "E1", change="pair_change_before_target", date="2026-11-05")
    assert facts_of([asked]).changes == (Change("pair_change_before_target", DAY, "pending", None, evidence=("E1",)),)
    for said in ("approved", "rejected"):
        decided = record("change.decided", "E2", target="E1", decision=said, actor=OFFICER)
        assert facts_of([decided, asked]).changes == (Change("pair_change_before_target", DAY, said, "county_officer", evidence=("E1", "E2")),)


@pytest.mark.parametrize("number", [None, "补充协议 1 号"])
def test_what_was_fixed_moves_by_an_amendment_or_without_one(number: str | None):
    moved = record("arrangement.changed", fixed="place", date="2026-11-05", agreement_no=number)
    assert facts_of([moved]).changes == (Change("place", DAY, amended=number is not None, evidence=("E1",)),)


def test_a_registration_says_who_the_physician_is_and_a_later_roster_does_not_unsay_it():
    form = record("posting.registered", "E1", posting_id="P", number="备 7 号", date="2026-10-30", flags=["dept_head"], role_type="nurse")
    roster = record("posting.amended", "E2", posting_id="P", registration_no="备 7 号")
    (found,) = facts_of([form, roster]).registrations
    assert (found.flags, found.role_type, found.acknowledged_on) == (("dept_head",), "nurse", dt.date(2026, 10, 30))
    later = record("posting.registered", "E3", posting_id="P", number="备 8 号", date="2026-11-20", flags=["senior_nurse"], role_type=None)
    (found,) = facts_of([form, roster, later]).registrations
    assert (found.flags, found.role_type, found.acknowledged_on) == (("senior_nurse",), "nurse", dt.date(2026, 10, 30))


def test_the_area_of_an_agreement_is_what_the_last_form_says():
    span = {"supporter_id": "S", "recipient_id": "R", "from": "2026-09-01", "to": None, "agreement_no": "1"}
    form, roster = record("agreement.recorded", "E1", area="东片区", **span), record("agreement.amended", "E2", **span)
    emptied = record("agreement.amended", "E3", area=None, **span)
    assert [one.area_id for one in facts_of([form]).agreements] == ["东片区"]
    assert [one.area_id for one in facts_of([form, roster]).agreements] == ["东片区"]
    assert [one.area_id for one in facts_of([form, roster, emptied]).agreements] == [None]
    assert [one.area_id for one in facts_of([roster]).agreements] == [None]


def test_a_tick_and_a_waiver_about_a_posting_keep_whose_they_are():
    tick = record("checklist.ticked", "E1", rule_id="ZZ-17", period="once", item="rules", yes=True, posting_id="P")
    waiver = record("obligation.waived", "E2", rule_id="ZZ-17", period="once", kind="waived", reason="停诊", posting_id="P")
    found = facts_of([tick, waiver])
    assert [(one.period, one.posting_id) for one in (*found.ticks, *found.waivers)] == [("", "P"), ("", "P")]
