"""Decisions: by whom the rule names, never by the filer, once; a refusal appends nothing."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest

from services.records.usecases import deciding
from services.records.usecases.attachments import store_attachment
from shared.problems import Forbidden, InvalidBody, LevelTooLow, NotFound
from shared.progress.facts import FactRecord
from shared.progress.records import facts_of
from tests.services.records.desk import PDF, PROGRAMME, about, body, decide, entries, fact, file, who


def attachment(rt, person) -> list[str]:
    sha256 = hashlib.sha256(PDF).hexdigest()
    store_attachment(rt, person, sha256, PDF)
    return [sha256]


def credit(rt, person):
    sent = {"counts": "aid_tibet", "from": "2025-01-01", "to": "2025-06-30", "doc_no": "援藏〔2025〕3号"}
    return file(rt, person, "credits", body(about(rt, "person", "D1"), **sent, attachment_sha256=attachment(rt, person)))


def read_back(rt, *entry_ids):
    """The facts of these entries, as rules read them."""
    found = [fact(rt, entry_id) for entry_id in entry_ids]
    return facts_of(FactRecord(one.entry_id, one.kind, one.seq, one.at, one.payload) for one in found)


def test_a_credit_counts_once_the_personnel_office_has_accepted_it(rt):
    filed = credit(rt, who(rt, "D1", "doctor")).record
    assert read_back(rt, filed.entry_id).credits == ()
    done = decide(rt, who(rt, "H1", "hr_officer"), "credits", "decision", filed.id, decision="accepted")
    assert done.state == "accepted"
    [counted] = read_back(rt, filed.entry_id, done.decisions[0]["entry_id"]).credits
    assert (counted.counts, counted.first, counted.last, counted.doc_no) == (
        "aid_tibet", dt.date(2025, 1, 1), dt.date(2025, 6, 30), "援藏〔2025〕3号",
    )  # fmt: skip


def test_nobody_decides_the_credit_he_filed(rt):
    officer = who(rt, "H1", "hr_officer")
    filed = credit(rt, officer).record
    before = entries(rt)
    with pytest.raises(deciding.SelfApproval):
        decide(rt, officer, "credits", "decision", filed.id, decision="accepted")
    assert entries(rt) == before


def test_a_refusal_says_why_and_a_decision_is_taken_once(rt):
    filed, officer = credit(rt, who(rt, "D1", "doctor")).record, who(rt, "H1", "hr_officer")
    with pytest.raises(InvalidBody) as refused:
        decide(rt, officer, "credits", "decision", filed.id, decision="rejected")
    assert refused.value.extra["errors"] == {"note": "请写明原因"}
    decide(rt, officer, "credits", "decision", filed.id, decision="rejected", note="证明没有盖章")
    before = entries(rt)
    with pytest.raises(deciding.AlreadyDecided):
        decide(rt, officer, "credits", "decision", filed.id, decision="accepted")
    assert entries(rt) == before


def test_a_credit_without_a_document_is_refused(rt):
    sent = {"counts": "aid_tibet", "from": "2025-01-01", "to": "2025-06-30", "doc_no": "1号"}
    with pytest.raises(InvalidBody) as refused:
        file(rt, who(rt, "D1", "doctor"), "credits", body(about(rt, "person", "D1"), **sent))
    assert list(refused.value.extra["errors"]) == ["attachment_sha256"]


def test_a_physician_files_no_credit_for_a_colleague(rt):
    with pytest.raises(NotFound):
        file(rt, who(rt, "D2", "doctor"), "credits", body(about(rt, "person", "D1")))


DOC = {"doc": "quarterly_stats", "programme_id": PROGRAMME, "rule_id": "ZZ-27", "period": "2026-Q3", "date": "2026-10-08",
       "to": ["county"], "copies": ["paper"]}  # fmt: skip


def test_a_document_is_acknowledged_by_its_addressee_with_date_and_seal(rt):
    filed = file(rt, who(rt, "A1", "supporter_admin"), "documents", body(about(rt, "pair"), **DOC)).record
    with pytest.raises(NotFound):
        decide(rt, who(rt, "C2", "county_officer"), "documents", "acknowledgement", filed.id)
    with pytest.raises(Forbidden):
        decide(rt, who(rt, "R1", "recipient_admin"), "documents", "acknowledgement", filed.id,
               decision="acknowledged", by="county", date="2026-10-10")  # fmt: skip
    done = decide(rt, who(rt, "C1", "county_officer"), "documents", "acknowledgement", filed.id,
                  decision="acknowledged", by="county", date="2026-10-10", number="青卫收〔2026〕12号", seals=["county"])  # fmt: skip
    assert done.state == "acknowledged"
    [read] = read_back(rt, filed.entry_id, done.decisions[0]["entry_id"]).documents
    assert (read.rule_id, read.period, read.acknowledged, read.seals, read.copies) == (
        "ZZ-27", "2026-Q3", {"county": dt.date(2026, 10, 10)}, ("county",), ("paper",),
    )  # fmt: skip


def test_a_returned_document_counts_no_more(rt):
    filed = file(rt, who(rt, "A1", "supporter_admin"), "documents", body(about(rt, "pair"), **DOC)).record
    done = decide(rt, who(rt, "C1", "county_officer"), "documents", "acknowledgement", filed.id,
                  decision="returned", by="county", date="2026-10-10", note="缺少第 3 行")  # fmt: skip
    assert done.state == "returned"
    assert read_back(rt, filed.entry_id, done.decisions[0]["entry_id"]).documents == ()


@pytest.mark.parametrize(
    ("change", "field"),
    [({"doc": "annual_plan"}, "doc"), ({"to": ["province"]}, "to"), ({"period": "nonsense"}, "period"), ({"date": "2026-12-01"}, "date")],
)
def test_a_document_fits_its_rule(rt, change, field):
    with pytest.raises(InvalidBody) as refused:
        file(rt, who(rt, "A1", "supporter_admin"), "documents", body(about(rt, "pair"), **(DOC | change)))
    assert list(refused.value.extra["errors"]) == [field]


def finding(rt, person):
    sent = {"programme_id": PROGRAMME, "rule_id": "ZZ-42", "trigger": "falsification_confirmed", "date": "2026-11-10",
            "note": "签到与门诊记录不一致"}  # fmt: skip
    return file(rt, person, "findings", body(about(rt, "posting", "P1"), **sent)).record


def test_a_finding_is_suspected_until_a_named_officer_of_the_rules_level_confirms_it(rt):
    filed = finding(rt, who(rt, "R1", "recipient_admin"))
    assert filed.state == "suspected"
    assert read_back(rt, filed.entry_id).findings[0].decision == "suspected"
    with pytest.raises(LevelTooLow):
        decide(rt, who(rt, "A1", "supporter_admin"), "findings", "decision", filed.id,
               decision="confirmed", date="2026-11-12", note="核实")  # fmt: skip
    officer = who(rt, "C1", "county_officer")
    first = decide(rt, officer, "findings", "decision", filed.id, decision="under_review", date="2026-11-11")
    assert first.state == "under_review"
    done = decide(rt, officer, "findings", "decision", filed.id, decision="confirmed", date="2026-11-12", note="核实无误")
    [read] = read_back(rt, filed.entry_id, *(one["entry_id"] for one in done.decisions)).findings
    assert (read.decision, read.confirmed_on, read.by_role, read.officer) == (
        "confirmed", dt.date(2026, 11, 12), "county_officer", officer.person_id,
    )  # fmt: skip


def change(rt):
    sent = {"change": "pair_change_before_target", "date": "2026-12-01", "reason": "两院科室调整"}
    return file(rt, who(rt, "A1", "supporter_admin"), "changes", body(about(rt, "pair"), **sent)).record


def test_a_change_of_the_pair_waits_for_the_county(rt):
    filed = change(rt)
    assert (filed.state, read_back(rt, filed.entry_id).changes[0].decision) == ("filed", "pending")
    done = decide(rt, who(rt, "C1", "county_officer"), "changes", "decision", filed.id, decision="approved", number="青卫〔2026〕8号")
    [read] = read_back(rt, filed.entry_id, done.decisions[0]["entry_id"]).changes
    assert (done.state, read.kind, read.decision, read.by_role) == ("approved", "pair_change_before_target", "approved", "county_officer")


def test_a_change_is_refused_with_a_reason_and_by_nobody_else(rt):
    filed, county = change(rt), who(rt, "C1", "county_officer")
    with pytest.raises(NotFound):
        decide(rt, who(rt, "R1", "recipient_admin"), "changes", "decision", filed.id, decision="approved")
    with pytest.raises(InvalidBody):
        decide(rt, county, "changes", "decision", filed.id, decision="rejected")
    assert decide(rt, county, "changes", "decision", filed.id, decision="rejected", note="目标还没有完成").state == "rejected"


def test_an_application_is_withdrawn_by_the_personnel_office(rt):
    filed = file(rt, who(rt, "D1", "doctor"), "applications", body(about(rt, "person", "D1"), gate="apply_senior", date="2027-03-01")).record
    assert read_back(rt, filed.entry_id).applications[0].date == dt.date(2027, 3, 1)
    done = decide(rt, who(rt, "H1", "hr_officer"), "applications", "withdrawal", filed.id, decision="withdrawn", note="明年再报")
    assert (done.state, read_back(rt, filed.entry_id, done.decisions[0]["entry_id"]).applications) == ("withdrawn", ())
