"""From ledger payloads of records to the values rules read: every kind, and what no longer counts."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

import pytest

from shared.progress.facts import FactRecord
from shared.progress.records import ITEMS_OF_ACTIVITY, facts_of, recipient_level
from shared.rules.accumulate import Credit
from shared.rules.coverage import Substitution
from shared.rules.facts import (
    Agreement,
    Arrival,
    Disclosure,
    Document,
    Facts,
    Figure,
    Finding,
    Inspection,
    Item,
    Payment,
    Registration,
    Stay,
    Tick,
    Waiver,
)
from shared.rules.schema import METRICS

DAY = dt.date(2026, 11, 5)
_at = count()
OFFICER = {"person": "U1", "role": "county_officer", "organisation": "C"}


def record(event: str, entry: str = "E1", /, **payload: Any) -> FactRecord:
    """A fact; each later than the one before."""
    number = next(_at)
    at = dt.datetime(2026, 11, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=number)
    return FactRecord(entry, event, number + 1, at, {"supersedes": None, **payload})


ONE_EACH = [
    (record("stay.recorded", person="郑晚舟", **{"from": "2026-09-01", "to": "2026-11-30"}, recipient_id="R", clinic=None, department="内科"),
     "stays", Stay("E1", "郑晚舟", dt.date(2026, 9, 1), dt.date(2026, 11, 30), None, "R", "内科", ("E1",))),
    (record("figure.reported", metric="outpatient_emergency_visits", period="2026-10", value=None),
     "figures", Figure("outpatient_emergency_visits", "2026-10", None, ("E1",))),
    (record("figure.reported", metric="beds_managed", period="2026-11-05", value=6, person_id="D"),
     "items", Item("E1", "beds_managed", DAY, 6, person_id="D", evidence=("E1",))),
    (record("checklist.ticked", rule_id="ZZ-17", period="once", item="rules", yes=False),
     "ticks", Tick("ZZ-17", "", "rules", False, ("E1",))),
    (record("payment.recorded", posting_id="P", amount=2000, use="allowance", date="2026-11-05"),
     "payments", Payment("P", 2000, "allowance", DAY, ("E1",))),
    (record("disclosure.recorded", person_id="D", gate="apply_senior", **{"from": "2026-11-05", "to": "2026-11-12"}),
     "disclosures", Disclosure("D", "apply_senior", DAY, dt.date(2026, 11, 12), ("E1",))),
    (record("obligation.waived", rule_id="ZZ-28", period="2026-H2", kind="not_applicable", reason="无病床"),
     "waivers", Waiver("ZZ-28", "2026-H2", "not_applicable", "无病床", ("E1",))),
    (record("agreement.recorded", pair_id="A", supporter_id="S", recipient_id="R", agreement_no="1", targets={"lectures": 12},
            **{"from": "2026-09-01", "to": None}),
     "agreements", Agreement("A", "R", dt.date(2026, 9, 1), None, targets={"lectures": 12}, evidence=("E1",))),
    (record("substitution.recorded", seat="S", who="D2", half_days=[{"date": "2026-11-05", "session": "am"}], **{"for": "D1"}),
     "substitutions", Substitution("S", "D2", "D1", (DAY, "am"), (DAY, "am"), ("E1",))),
    (record("posting.arrival_confirmed", posting_id="P", date="2026-11-05"), "arrivals", Arrival("P", DAY, ("E1",))),
    (record("posting.registered", posting_id="P", number="登字1", date="2026-11-05"),
     "registrations", Registration("P", acknowledged_on=DAY, evidence=("E1",))),
    (record("finding.opened", trigger="poor_work", person_id=None), "findings", Finding("poor_work", "suspected", evidence=("E1",))),
    (record("inspection.recorded", metric="county_checks", date="2026-11-05", recipient_id="R", inspection_id="I"),
     "items", Item("E1", "county_checks", DAY, recipient_id="R", evidence=("E1",))),
    (record("document.filed", rule_id="ZZ-27", period="2026-Q3", date="2026-11-05", copies=["paper"], text="小结", attachment_sha256=["a"]),
     "documents", Document("E1", "ZZ-27", "2026-Q3", None, DAY, copies=("paper",), photos=1, chars=2, evidence=("E1",))),
]  # fmt: skip


@pytest.mark.parametrize(("told", "name", "value"), ONE_EACH, ids=lambda one: one if isinstance(one, str) else "")
def test_each_kind_is_read_into_its_value_and_nothing_else(told, name, value):
    assert facts_of([told]) == Facts(**{name: (value,)})


@pytest.mark.parametrize("kind", ITEMS_OF_ACTIVITY)
def test_every_activity_counts_for_metrics_of_the_language(kind):
    told = record("activity.recorded", kind=kind, date="2026-11-05", group="名称", channel="onsite", value=6000)
    found = facts_of([told]).items
    assert {(one.metric, one.group) for one in found} >= set(ITEMS_OF_ACTIVITY[kind])
    assert {one.metric for one in found} <= set(METRICS)
    assert {one.date for one in found} == {DAY}


def test_a_free_clinic_with_medicine_is_a_donation_too_and_without_gave_none():
    with_value, without = (facts_of([record("activity.recorded", kind="free_clinic", date="2026-11-05", value=value, session="am")])
                           for value in (6000, None))  # fmt: skip
    assert [(one.metric, one.value, one.half) for one in with_value.items] == [("free_clinics", 6000, "am"), ("donated_drug_value", 6000, "am")]
    assert [(one.metric, one.value) for one in without.items] == [("free_clinics", 0)]


def test_referrals_count_for_no_rule():
    assert facts_of([record("activity.recorded", kind="referral_up", date="2026-11-05")]) == Facts()


def test_a_replaced_figure_counts_no_more_in_whatever_order_the_facts_come():
    old = record("figure.reported", "E1", metric="centres_level2", period="2026", value=1)
    new = record("figure.reported", "E2", metric="centres_level2", period="2026", value=2, supersedes="E1")
    assert facts_of([new, old]).figures == facts_of([old, new]).figures == (Figure("centres_level2", "2026", 2, ("E2",)),)


def test_a_document_is_acknowledged_by_each_addressee_and_a_returned_one_is_none():
    filed = record("document.filed", "E1", rule_id="ZZ-26", period=None, posting_id="P", date="2026-11-05")
    county = record("document.acknowledged", "E2", target="E1", by="county", date="2026-11-09", seals=["county"])
    supporter = record("document.acknowledged", "E3", target="E1", by="supporter", date="2026-11-07", seals=["supporter"])
    [read] = facts_of([supporter, filed, county]).documents
    assert read.acknowledged == {"county": dt.date(2026, 11, 9), "supporter": dt.date(2026, 11, 7)}
    assert (read.posting_id, sorted(read.seals), read.evidence) == ("P", ["county", "supporter"], ("E1", "E2", "E3"))
    assert facts_of([filed, county, record("document.returned", "E4", target="E1", by="city", date="2026-11-10")]).documents == ()


def test_a_credit_counts_only_when_accepted():
    filed = record("credit.filed", "E1", counts="aid_tibet", doc_no="3号", **{"from": "2025-01-01", "to": "2025-06-30"})
    accepted = Credit("E1", "aid_tibet", dt.date(2025, 1, 1), dt.date(2025, 6, 30), doc_no="3号")
    assert facts_of([filed]).credits == ()
    assert facts_of([filed, record("credit.decided", "E2", target="E1", decision="rejected")]).credits == ()
    assert facts_of([filed, record("credit.decided", "E2", target="E1", decision="accepted")]).credits == (accepted,)


def test_a_finding_is_what_the_last_officer_said_of_it():
    opened = record("finding.opened", "E1", trigger="falsification_confirmed", person_id="D")
    review = record("finding.decided", "E2", target="E1", state="under_review", date="2026-11-06", actor=OFFICER)
    confirmed = record("finding.decided", "E3", target="E1", state="confirmed", date="2026-11-09", actor=OFFICER)
    assert facts_of([opened, review]).findings[0] == Finding("falsification_confirmed", "under_review", person_id="D", evidence=("E1", "E2"))
    assert facts_of([opened, review, confirmed]).findings[0] == Finding(
        "falsification_confirmed", "confirmed", dt.date(2026, 11, 9), "county_officer", "U1", "D", ("E1", "E2", "E3"),
    )  # fmt: skip


def test_results_are_read_with_their_draw_and_without_it():
    drawn = record("inspection.drawn", "E1", inspection_id="I", seed="ab", sample=["P", "Q"], method="phone", date="2026-11-05")
    result = record("inspection.recorded", "E2", inspection_id="I", seed="ab", method="phone", drawn_date="2026-11-05",
                    date="2026-11-06", posting_id="P")  # fmt: skip
    assert facts_of([drawn, result]).inspections == (Inspection("I", DAY, 2, 1, "phone", "ab", ("E1", "E2")),)
    assert facts_of([result]).inspections == (Inspection("I", DAY, 1, 1, "phone", "ab", ("E2",)),)


def test_the_newest_word_on_an_agreement_counts_whoever_brought_it():
    span = {"from": "2026-09-01", "to": "2027-08-31"}
    roster = record("agreement.recorded", "E1", agreement_no="1", supporter_id="S", recipient_id="R", targets={}, **span)
    form = record("agreement.recorded", "E2", agreement_no="1", pair_id="A", supporter_id="S", recipient_id="R", targets={"lectures": 4}, **span)
    assert [one.evidence for one in facts_of([roster, form]).agreements] == [("E2",)]


def test_a_recipient_has_the_level_of_its_newest_date_not_in_the_future():
    first = record("figure.reported", "E1", metric="recipient_level", period="2026-01-01", value="below_basic")
    later = record("figure.reported", "E2", metric="recipient_level", period="2026-11-06", value="basic")
    assert [recipient_level([later, first], day) for day in (dt.date(2025, 12, 31), DAY, dt.date(2026, 11, 6))] == [None, "below_basic", "basic"]
    assert facts_of([first]) == Facts()


def test_a_roster_with_a_number_registers_from_the_day_it_was_filed_and_the_first_day_stands():
    opened = record("posting.opened", "E1", posting_id="P", registration_no=None)
    amended = record("posting.amended", "E2", posting_id="P", registration_no="登字1")
    later = record("posting.registered", "E3", posting_id="P", number="登字1", date="2026-11-20")
    (found,) = facts_of([later, amended, opened]).registrations
    assert (found.acknowledged_on, found.evidence) == (dt.date(2026, 11, 1), ("E1", "E2", "E3"))
    (open_,) = facts_of([opened]).registrations
    assert open_.acknowledged_on is None


def test_a_substitute_of_a_posting_without_a_seat_fills_nothing():
    one = record("substitution.recorded", seat=None, who="D2", half_days=[{"date": "2026-11-05", "session": "am"}], **{"for": "D1"})
    assert facts_of([one]).substitutions == ()


def test_a_waiver_may_spare_one_group():
    one = record("obligation.waived", rule_id="ZZ-18", period="2026-Q4", kind="not_applicable", reason="无手术室", group="guided")
    assert facts_of([one]).waivers == (Waiver("ZZ-18", "2026-Q4", "not_applicable", "无手术室", ("E1",), "guided"),)
