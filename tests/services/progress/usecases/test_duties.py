"""Obligations of physicians, teams, pairs, hospitals and authorities: judged when a record, a fold or time touches them."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
import sqlalchemy as sa

from services.progress import actors
from services.progress.service import SERVICE
from services.progress.usecases import duties, fold
from services.progress.usecases.rebuild import rebuild
from shared import clock, outbox
from shared.directory import subjects
from shared.directory.models import Posting
from shared.http.app import create_web
from shared.outbox.models import OutboxMessage
from shared.progress import lookup
from shared.progress.duties import WHOLE
from shared.progress.models import ObligationState
from shared.rules.load import shipped
from shared.service import Runtime
from tests.factories.directory import bearer, id_of
from tests.services.progress.test_fold import attend_morning, jobs, outpatient
from tests.services.records.conftest import records_world, rt
from tests.services.records.desk import NOON, PROGRAMME, about, body, decide, file, who

__all__ = ["records_world", "rt"]

SUMMARY = "ZZ-29"
MONDAY = dt.date(2026, 11, 16)
LATER = NOON + dt.timedelta(hours=1)


def drain(rt: Runtime, at: dt.datetime = LATER) -> int:
    return outbox.drain(rt, jobs(), clock_now=at)


def state(rt: Runtime, subject: str, rule: str, period: str) -> Any:
    with rt.db.read() as session:
        found = lookup.states(session, subjects=[subject], periods=[period])
    return next((one for one in found if one.rule_id == rule), None)


def summary(rt: Runtime) -> Any:
    """The pair's summary of the year and plan for the next, filed in November."""
    rule = shipped()[PROGRAMME].rule(SUMMARY)
    fields = {"programme_id": PROGRAMME, "rule_id": SUMMARY, "doc": rule.get("doc"), "period": "2026", "date": "2026-11-17",
              "to": rule.get("to"), "copies": list(rule.get("copies") or ())}  # fmt: skip
    return file(rt, who(rt, "A1", "supporter_admin"), "documents", body(about(rt, "pair"), **fields)).record


def judge_all(rt: Runtime, first: dt.date, last: dt.date, at: dt.datetime = NOON) -> None:
    with clock.at(at), rt.db.transaction() as session:
        duties.judge(session, fold.ground(session), PROGRAMME, subjects.of_programme(session, PROGRAMME, first), first, last)


def test_a_filed_document_is_judged_and_its_receipt_changes_the_judgement(rt):
    paper, pair = summary(rt), about(rt, "pair")
    drain(rt)
    waiting = state(rt, pair, SUMMARY, "2026")
    assert (waiting.value, waiting.evidence) == ("open", (paper.entry_id,))
    decide(rt, who(rt, "C1", "county_officer"), "documents", "acknowledgement", paper.id, decision="acknowledged", by="county",
           date="2026-11-17", number=None, seals=[], note=None)  # fmt: skip
    drain(rt)
    done = state(rt, pair, SUMMARY, "2026")
    assert done.value == "met"
    assert len(done.evidence) == 2
    assert done.detail["late_days"] == 0


def test_only_rules_of_the_kinds_that_read_the_record_are_judged(rt):
    summary(rt)
    drain(rt)
    with rt.db.read() as session:
        rules = {one.rule_id for one in lookup.states(session, subjects=[about(rt, "pair")])}
    assert rules == {"ZZ-27", "ZZ-29"}, "the documents of a pair, and none of its checklists, quotas or constraints"


def test_attendance_is_judged_for_everybody_around_the_posting_within_a_quarter_of_an_hour(rt):
    posting = id_of(rt, "posting", "P1")
    attend_morning(rt, posting, MONDAY)
    outpatient(rt, posting, MONDAY)
    at = dt.datetime(2026, 11, 16, 12, 31, tzinfo=clock.SHANGHAI)
    drain(rt, at)
    with rt.db.read() as session:
        asked = session.scalars(sa.select(OutboxMessage).where(OutboxMessage.consumer == "progress.judge_subject")).all()
        assert {one.run_after for one in asked} == {dt.datetime(2026, 11, 16, 4, 45, tzinfo=dt.UTC)}
    names = {outbox_subject(one).partition(":")[0] for one in asked}
    assert names == {"doctor", "team", "recipient"}, "no other rule of this programme reads attendance or logs"
    november = [outbox_subject(one) for one in asked if '"day_from":"2026-11-01"' in one.payload]
    assert len(november) == len(set(november)), "two facts of one morning are one asking"
    drain(rt, at + dt.timedelta(minutes=15))
    with rt.db.read() as session:
        row = session.get_one(Posting, posting)
    found = state(rt, f"team:{row.pair_id}/{row.mode}", "ZZ-09c", WHOLE)
    assert found is not None


def outbox_subject(message: OutboxMessage) -> str:
    return str(json.loads(message.payload)["subject"])


def test_one_fold_asks_for_no_more_however_many_postings_there_are(rt):
    postings = [id_of(rt, "posting", code) for code in ("P1", "P2")]
    for posting in postings:
        with clock.at(NOON), rt.db.transaction() as session:
            duties.touch(session, fold.ground(session), session.get_one(Posting, posting), [MONDAY])
    with rt.db.read() as session:
        asked = session.scalars(sa.select(OutboxMessage).where(OutboxMessage.consumer == "progress.judge_subject")).all()
    assert len(asked) <= 2 * len(subjects.KINDS)


def test_a_deadline_passes_in_the_night_without_anybody_doing_anything(rt):
    pair = about(rt, "pair")
    judge_all(rt, dt.date(2026, 11, 1), dt.date(2026, 12, 30), dt.datetime(2026, 12, 30, 12, tzinfo=clock.SHANGHAI))
    assert state(rt, pair, SUMMARY, "2026").value == "open"
    with clock.at(dt.datetime(2027, 1, 2, 2, 20, tzinfo=clock.SHANGHAI)):
        with rt.db.transaction() as session:
            actors.nightly(rt, session, {"fire_at": "2027-01-01T18:20:00.000Z"}, None)
        outbox.drain(rt, jobs())
    assert state(rt, pair, SUMMARY, "2026").value == "not_met"


def test_the_night_leaves_alone_whose_posting_ended_long_ago(rt):
    with rt.db.transaction() as session:
        ended = session.get_one(Posting, id_of(rt, "posting", "P1"))
        ended.end = dt.date(2025, 12, 31)
        gone = f"doctor:{ended.person_id}"
        assert gone in subjects.of_programme(session, PROGRAMME, dt.date(2025, 12, 31))
        assert gone not in subjects.of_programme(session, PROGRAMME, dt.date(2026, 1, 1))


def test_what_was_judged_from_days_and_what_from_records_leave_each_other_alone(rt):
    posting = id_of(rt, "posting", "P1")
    attend_morning(rt, posting, MONDAY)
    drain(rt)
    judge_all(rt, dt.date(2026, 11, 1), dt.date(2026, 11, 17), LATER)
    with rt.db.read() as session:
        before = {(one.subject, one.rule_id, one.period) for one in lookup.states(session)}
    assert {"ZZ-13", "ZZ-09a", "ZZ-37"} <= {rule for _, rule, _ in before}
    attend_morning(rt, posting, MONDAY + dt.timedelta(days=1))
    drain(rt, LATER + dt.timedelta(hours=1))
    judge_all(rt, dt.date(2026, 11, 1), dt.date(2026, 11, 17), LATER + dt.timedelta(hours=1))
    with rt.db.read() as session:
        assert {(one.subject, one.rule_id, one.period) for one in lookup.states(session)} >= before


def test_a_rebuild_changes_nothing_and_names_a_judgement_that_was_touched(rt):
    summary(rt)
    attend_morning(rt, id_of(rt, "posting", "P1"), MONDAY)
    drain(rt)
    drain(rt, LATER + dt.timedelta(hours=1))
    judge_all(rt, dt.date(2026, 10, 1), dt.date(2026, 11, 17), LATER + dt.timedelta(hours=1))
    with clock.at(LATER + dt.timedelta(hours=1)):
        assert rebuild(rt, "2026-11") == []
        with rt.db.transaction() as session:
            row = session.scalars(sa.select(ObligationState).where(ObligationState.rule_id == "ZZ-28")).one()
            row.state = {**row.state, "value": "met"}
            where = f"{row.rule_id} {row.period}"
        assert [(one.where, one.members) for one in rebuild(rt, "2026-11")] == [(where, ("value",))]
        assert rebuild(rt, "2026-11") == []


@pytest.fixture
def client(rt: Runtime) -> Any:
    judge_all(rt, dt.date(2026, 10, 1), dt.date(2026, 11, 17))
    with clock.at(NOON):
        yield create_web(rt, [SERVICE]).test_client()


def answer(client: Any, rt: Runtime, person: str, subject: str, **query: str) -> Any:
    return client.get("/api/progress/obligations", query_string={"subject": subject, **query}, headers=bearer(rt, person))


@pytest.mark.parametrize(("kind", "code", "seen_by", "not_by"), [
    ("pair", "", ("R1", "A1", "C1"), ("D1", "R9")),
    ("recipient", "SQ", ("R1", "A1", "C1"), ("D1", "R9")),
    ("supporter", "YY", ("A1", "C1"), ("D1", "R1", "R9")),
    ("county", "WJ", ("C1",), ("D1", "R1", "A1", "R9")),
])  # fmt: skip
def test_a_subject_is_seen_by_itself_its_partners_and_those_above(client, rt, kind, code, seen_by, not_by):
    subject = about(rt, kind, code)
    for person in seen_by:
        found = answer(client, rt, person, subject)
        assert found.status_code == 200, (person, found.text)
        assert found.json["items"]
        assert {(item["subject_kind"], item["subject_id"]) for item in found.json["items"]} == {tuple(subject.split(":", 1))}
    for person in not_by:
        assert answer(client, rt, person, subject).status_code == 404, person


def test_a_physician_sees_his_own_and_no_colleagues_obligations(client, rt):
    mine, other = f"doctor:{id_of(rt, 'person', 'D1')}", f"doctor:{id_of(rt, 'person', 'D2')}"
    found = answer(client, rt, "D1", mine)
    assert {"ZZ-03", "ZZ-17", "ZZ-21", "ZZ-26"} <= {item["rule_id"] for item in found.json["items"]}
    assert all(item["title"] and item["label"] and item["explanation"] for item in found.json["items"])
    assert answer(client, rt, "D1", other).status_code == 404
    assert answer(client, rt, "A1", other).status_code == 200


def test_one_period_can_be_asked_for(client, rt):
    found = answer(client, rt, "A1", about(rt, "pair"), period="2026-H2")
    assert {item["period"] for item in found.json["items"]} == {"2026-H2"}


@pytest.mark.parametrize("subject", ["pair", "pair:x", "clinic:01a21482-0000-7000-8000-000000000000", "team:01a21482-0000-7000-8000-000000000000"])
def test_a_subject_that_is_none_is_refused_in_words(client, rt, subject):
    found = answer(client, rt, "A1", subject)
    assert (found.status_code, found.json["slug"]) == (422, "invalid-body")
