"""Drafts: made by the worker each night and when asked, served while nothing they stand on has changed."""

import datetime as dt

import pytest
import sqlalchemy as sa

from services.reports import actors, store
from services.reports.models import Report, ReportVersion
from services.reports.usecases import monthly
from shared import clock, outbox
from shared.calendar import Calendar
from shared.directory.models import Person
from shared.ledger.entry import jcs
from shared.outbox.models import OutboxMessage
from shared.problems import MonthNotBegun, NotFound
from tests.services.reports.places import MONTH, NOW, attend, build, fold, recipient, who

JOBS = {job.name: job for job in actors.JOBS}


@pytest.fixture(autouse=True)
def only_reports(world):
    quiet(world)


def quiet(rt):
    """Only what reports asks for is worked in these tests."""
    with rt.db.transaction() as session:
        session.execute(sa.delete(OutboxMessage))


def read(rt):
    return monthly.monthly(rt, who(rt, "R1", "recipient_admin"), recipient(rt), MONTH)


def ask(rt):
    monthly.ask_draft(rt, who(rt, "R1", "recipient_admin"), recipient(rt), MONTH)
    return outbox.drain(rt, JOBS)


def test_the_worker_makes_the_draft_that_is_then_served(world):
    before = read(world)
    assert before.stored is False
    assert ask(world) == 1
    after = read(world)
    assert (after.stored, after.sha256) == (True, before.sha256)


def test_the_draft_is_the_same_bytes_as_a_fresh_reading(world):
    before = read(world).report
    ask(world)
    after = read(world).report
    for report in (before, after):
        report["head"].pop("generated_at")
    assert jcs(before) == jcs(after)


def test_a_new_fact_makes_the_draft_old(world):
    ask(world)
    attended = read(world).report["summary"]["attended"]["value"]
    attend(world, dt.date(2026, 11, 5))
    fold(world)
    after = read(world)
    assert (after.stored, after.report["summary"]["attended"]["value"]) == (False, attended + 2)


def test_a_changed_name_makes_the_draft_old(world):
    ask(world)
    with world.db.transaction() as session:
        session.execute(sa.update(Person).where(Person.code == "D1").values(name="林知行"))
    assert (read(world).stored, read(world).report["presence"][0]["name"]) == (False, "林知行")


def test_an_hour_later_time_may_have_changed_figures_and_later_no_more(world):
    ask(world)
    assert read(world).stored
    with clock.at(NOW + dt.timedelta(hours=1)):
        assert not read(world).stored
    with clock.at(NOW + dt.timedelta(days=9)):
        ask(world)
    with clock.at(NOW + dt.timedelta(days=90)):
        assert read(world).stored


def test_asking_twice_keeps_one_report_and_one_draft(world):
    ask(world)
    ask(world)
    with world.db.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Report)) == 1
        row = session.scalars(sa.select(ReportVersion)).one()
        assert (row.version, row.sha256) == (0, read(world).sha256)
        assert [head[1:] for head in row.heads] == [[chain["seq"], chain["hash"]] for chain in row.figures["chains"]]


def test_a_job_that_was_overtaken_does_not_replace_the_newer_draft(world):
    late = actors.prepare_draft(world, job_payload(world))
    with clock.at(NOW + dt.timedelta(minutes=5)):
        newer = actors.prepare_draft(world, job_payload(world))
    with world.db.transaction() as session:
        assert monthly.store_draft(session, newer) is True
        assert monthly.store_draft(session, late) is False
    with world.db.read() as session:
        assert session.scalars(sa.select(ReportVersion.generated_at)).one() == newer.row["generated_at"]


def job_payload(rt):
    return {"programme_id": "zhongzhan-demo", "recipient_id": recipient(rt), "month": MONTH, "asked": "x"}


def nightly(rt, day):
    """The months the night of this date asks for."""
    quiet(rt)
    with clock.at(dt.datetime.combine(day, dt.time(6, 10), clock.SHANGHAI)), rt.db.transaction() as session:
        actors.nightly(rt, session, {"job": "reports.nightly", "fire_at": f"{day}"}, None)
    with rt.db.read() as session:
        return sorted(
            payload.partition('"month":"')[2][:7] for payload in session.scalars(sa.select(OutboxMessage.payload))
        )


def test_each_night_asks_for_every_recipient_with_postings(world):
    assert nightly(world, dt.date(2026, 11, 20)) == ["2026-11", "2026-11"]


def test_the_last_month_is_drafted_until_it_is_closed(world):
    with world.db.read() as session:
        from shared.directory import lookup

        calendar: Calendar = lookup.calendar(session)
    closing = calendar.add_workdays(dt.date(2026, 10, 31), 3)
    assert "2026-10" in nightly(world, closing)
    assert "2026-10" not in nightly(world, closing + dt.timedelta(days=1))


def test_the_night_makes_the_drafts_of_all(world):
    nightly(world, dt.date(2026, 11, 30))
    outbox.drain(world, JOBS)
    with world.db.read() as session:
        assert set(session.scalars(sa.select(Report.form_no))) == {
            "zhongzhan-demo-SQ-202611-01",
            "zhongzhan-demo-SQ9-202611-01",
        }


def test_the_schedule_fires_at_ten_past_six():
    assert [(schedule.job, schedule.cron) for schedule in actors.SCHEDULES] == [("reports.nightly", "10 6 * * *")]


def test_no_draft_of_a_month_that_has_not_begun_nor_of_a_foreign_hospital(world):
    with pytest.raises(MonthNotBegun):
        monthly.ask_draft(world, who(world, "R1", "recipient_admin"), recipient(world), "2027-02")
    with pytest.raises(NotFound):
        monthly.ask_draft(world, who(world, "R9", "recipient_admin"), recipient(world), MONTH)
    with world.db.read() as session:
        assert session.scalars(sa.select(OutboxMessage.id)).all() == []


def test_leave_of_the_months_before_uses_up_the_cap(rt):
    check_leave_before(rt)


def test_leave_of_the_months_before_uses_up_the_cap_on_postgresql(pg_rt):
    check_leave_before(pg_rt)


def check_leave_before(rt):
    from shared.progress import store as progress
    from tests.services.reports.monthly_world import fact

    rest = {"am": False, "pm": False}
    facts = [fact("p", dt.date(2026, 10, 8), "L", "L"), fact("p", dt.date(2026, 10, 9), "L", "A"),
             fact("p", dt.date(2026, 10, 10), "L", "L", duty=rest), fact("p", dt.date(2026, 11, 2), "L", "L")]  # fmt: skip
    with rt.db.transaction() as session:
        for item in facts:
            progress.put_day(session, item, as_of=clock.now(), rules_version="r", calendar_version="c", head_seq=0)
    with rt.db.read() as session:
        assert store.leave_before(session, ["p", "q"], dt.date(2026, 11, 1)) == {"p": 3}


def test_a_draft_is_stored_and_served_on_postgresql(pg_rt):
    build(pg_rt)
    quiet(pg_rt)
    with clock.at(NOW):
        before = read(pg_rt)
        assert ask(pg_rt) == 1
        after = read(pg_rt)
    assert (after.stored, after.sha256) == (True, before.sha256)
    assert monthly.figures_sha256(after.report) == before.sha256
