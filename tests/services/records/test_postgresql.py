"""The same on PostgreSQL: migrated tables, JSON columns, one record for a slot whatever the order of two writers."""

from __future__ import annotations

import threading

import sqlalchemy as sa

from services.records.domain import catalogue
from services.records.models import Record
from services.records.usecases import filing, reading
from shared import clock
from tests.factories.directory import directory
from tests.services.records.desk import NOON, about, body, file, rows, who


def test_filing_listing_and_replacing_work_on_postgresql(pg_rt):
    directory(pg_rt, rows())
    me = who(pg_rt, "R1", "recipient_admin")
    sent = {"metric": "outpatient_emergency_visits", "period": "2026-10"}
    old = file(pg_rt, me, "figures", body(about(pg_rt, "recipient", "SQ"), **sent, value=1)).record
    new = file(pg_rt, me, "figures", body(about(pg_rt, "recipient", "SQ"), **sent, value=2)).record
    listed = reading.listing(pg_rt, who(pg_rt, "C1", "county_officer"), catalogue.BY_SLUG["figures"], None, None, 10)
    assert [(one["id"], one["state"]) for one in listed] == [(new.id, "recorded"), (old.id, "superseded")]
    assert reading.listing(pg_rt, who(pg_rt, "D2", "team_leader"), None, None, None, 10) == []


def test_two_writers_of_one_slot_leave_one_record_that_stands(pg_rt):
    directory(pg_rt, rows())
    me, subject = who(pg_rt, "R1", "recipient_admin"), about(pg_rt, "recipient", "SQ")
    bodies = [body(subject, metric="outpatient_emergency_visits", period="2026-10", value=value) for value in range(6)]
    failures: list[BaseException] = []

    def write(sent: dict) -> None:
        try:
            with clock.at(NOON):
                filing.file_record(pg_rt, me, catalogue.BY_SLUG["figures"], sent)
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=write, args=(sent,)) for sent in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with pg_rt.db.read() as session:
        states = sorted(session.scalars(sa.select(Record.state)))
    assert states == ["recorded", *["superseded"] * 5]
