"""The worker shell: the effect happens once, failures are written down and tried again, the twelfth parks."""

import datetime as dt
import threading
from dataclasses import replace

import pytest
import sqlalchemy as sa
from dramatiq.middleware import TimeLimitExceeded
from sqlalchemy.exc import OperationalError

from shared import clock, outbox
from shared.outbox.lease import delay, lease
from shared.outbox.models import OutboxReceipt
from shared.problems import MonthLocked
from shared.service import Job
from tests.shared.outbox.conftest import NOTE, Asked, note

NOW = dt.datetime(2026, 11, 23, 0, 0, tzinfo=dt.UTC)


def raising(error, job="test.note"):
    def apply(rt, session, payload, prepared):
        note(rt, session, payload, prepared)
        raise error

    return Job(job, "maintenance", apply)


def receipts(rt):
    with rt.db.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(OutboxReceipt))


def test_a_message_is_worked_once_however_often_it_is_handed_out(house, ask, effects, row):
    message = ask()
    assert [outbox.work(house, NOTE, message) for _ in range(3)] == [True, False, False]
    assert effects() == ["a"]
    assert (row(message).state, receipts(house)) == ("done", 1)


def test_workers_with_the_same_message_at_once_make_one_effect(house, ask, effects):
    message, started, done = ask(), threading.Barrier(8), []

    def work():
        started.wait()
        done.append(outbox.work(house, NOTE, message))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False] * 7 + [True]
    assert effects() == ["a"]


def test_an_unknown_message_is_nothing_to_do(house, effects):
    assert outbox.work(house, NOTE, "00000000-0000-7000-8000-000000000000") is False
    assert effects() == []


def test_what_was_prepared_reaches_the_effect_and_preparing_holds_no_transaction(house, ask, effects):
    def prepare(rt, payload):
        with rt.db.transaction() as session:  # would wait for ever inside another writing transaction of SQLite
            session.execute(sa.text("INSERT INTO effect (name) VALUES ('prepared')"))
        return payload["name"] * 2

    def apply(rt, session, payload, prepared):
        session.execute(sa.text("INSERT INTO effect (name) VALUES (:name)"), {"name": prepared})

    assert outbox.work(house, Job("test.note", "maintenance", apply, prepare), ask("x"))
    assert effects() == ["prepared", "xx"]


@pytest.mark.parametrize("where", ["prepare", "apply"])
def test_a_failure_leaves_no_part_of_the_effect_and_no_receipt(house, ask, effects, row, where):
    def fail(*_):
        raise ValueError("张三 13800000000")

    message = ask()
    job = Job("test.note", "maintenance", note, fail) if where == "prepare" else raising(ValueError("张三 1380"))
    with pytest.raises(outbox.JobFailed):
        outbox.work(house, job, message)
    assert effects() == []
    assert receipts(house) == 0
    assert (row(message).state, row(message).leased_until) == ("open", None)
    assert "ValueError" in row(message).last_error
    assert "1380" not in row(message).last_error, "the text of an exception may quote somebody's data"
    assert outbox.work(house, NOTE, message)
    assert row(message).last_error is None


def test_a_refusal_is_written_down_by_its_slug(house, ask, row):
    message = ask()
    with pytest.raises(outbox.JobFailed):
        outbox.work(house, raising(MonthLocked()), message)
    assert "month-locked" in row(message).last_error


def test_an_interrupted_job_is_written_down_and_the_interrupt_goes_on(house, ask, effects, row):
    message = ask()
    with pytest.raises(TimeLimitExceeded):
        outbox.work(house, raising(TimeLimitExceeded()), message)
    assert effects() == []
    assert "TimeLimitExceeded" in row(message).last_error


def test_twelve_failures_over_five_hours_park_a_message_and_the_others_go_on(house, ask, effects, row, monkeypatch):
    monkeypatch.setattr("random.uniform", lambda low, high: 1.0)
    poison, good, began, tries = ask("poison"), ask("good"), clock.now(), []

    def apply(rt, session, payload, prepared):
        note(rt, session, payload, prepared)
        if payload["name"] == "poison":
            raise ValueError

    jobs, at = {"test.note": Job("test.note", "maintenance", apply)}, began
    while row(poison).state == "open":
        at = max(at, row(poison).run_after)
        outbox.drain(house, jobs, clock_now=at, strict=False)
        tries.append(round((at - began).total_seconds()))
    assert len(tries) == 12
    assert tries[-1] == pytest.approx(20_470, abs=2), "about 5 h 41 min after the first (reliability O10)"
    assert (row(poison).state, row(poison).attempts, row(good).state) == ("parked", 12, "done")
    assert effects() == ["good"]
    assert outbox.drain(house, jobs, clock_now=at + dt.timedelta(days=1)) == 0


def test_a_message_whose_worker_always_dies_is_parked_too(house, ask, row):
    message, at = ask(), clock.now()
    for _ in range(12):
        with house.db.transaction() as session:
            assert len(lease(session, at, 300)) == 1
        at += dt.timedelta(seconds=301)
    with house.db.transaction() as session:
        assert lease(session, at, 300) == []
    assert (row(message).state, row(message).attempts) == ("parked", 12)


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 10), (2, 20), (5, 160), (11, 10_240), (12, 14_400), (40, 14_400)]
)
def test_the_wait_doubles_from_ten_seconds_up_to_four_hours(attempts, seconds):
    waits = [delay(attempts) for _ in range(200)]
    assert 0.8 * seconds <= min(waits) < max(waits) <= 1.2 * seconds


def test_a_message_past_its_use_expires_unworked(house, ask, effects, row):
    with clock.at(NOW):
        message, handed_out = (ask(name, expires_at=NOW + dt.timedelta(minutes=30)) for name in "ab")
    with clock.at(NOW + dt.timedelta(minutes=31)):
        assert outbox.work(house, NOTE, handed_out) is False
        assert outbox.drain(house, {"test.note": NOTE}) == 0
    assert [row(message).state, row(handed_out).state] == ["expired", "expired"]
    assert effects() == []


def test_a_message_for_later_waits(house, ask, effects):
    with clock.at(NOW):
        ask(run_after=NOW + dt.timedelta(hours=1))
        assert outbox.drain(house, {"test.note": NOTE}) == 0
    assert outbox.drain(house, {"test.note": NOTE}, clock_now=NOW + dt.timedelta(hours=1)) == 1
    assert effects() == ["a"]


def test_a_drain_goes_on_with_what_its_effects_put_and_stops_at_the_first_failure(house, ask, effects):
    def chain(rt, session, payload, prepared):
        note(rt, session, payload, prepared)
        if len(payload["name"]) < 4:
            outbox.put(session, Asked(payload["name"] + "a"))

    ask()
    assert outbox.drain(house, {"test.note": Job("test.note", "maintenance", chain)}) == 4
    assert effects() == ["a", "aa", "aaa", "aaaa"]
    ask("bad")
    with pytest.raises(outbox.JobFailed):
        outbox.drain(house, {"test.note": raising(ValueError())})
    ask("nobody's")
    with pytest.raises(outbox.JobFailed, match="LookupError"):
        outbox.drain(house, {})


@pytest.mark.parametrize("any_rt", ["postgresql"], indirect=True)
def test_a_job_the_database_broke_a_deadlock_by_runs_again_at_once(house, ask, effects, row):
    """SQLite has one writer at a time and knows no deadlock."""
    with house.db.transaction() as session:
        session.execute(sa.text("CREATE TABLE place (name varchar(10) PRIMARY KEY, visits int)"))
        session.execute(sa.text("INSERT INTO place VALUES ('x', 0), ('y', 0)"))
    meeting, runs = threading.Barrier(2), []

    def visit(rt, session, payload, prepared):
        runs.append(payload["name"])
        order = ["x", "y"] if payload["name"] == "forth" else ["y", "x"]
        for number, place in enumerate(order):
            if number and runs.count(payload["name"]) == 1:
                meeting.wait(20)
            session.execute(sa.text("UPDATE place SET visits = visits + 1 WHERE name = :name"), {"name": place})
        note(rt, session, payload, prepared)

    job, messages = Job("test.note", "maintenance", visit), [ask("forth"), ask("back")]
    threads = [threading.Thread(target=outbox.work, args=(house, job, message)) for message in messages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(runs) >= 3, "the deadlock happened, and its victim ran again"
    assert effects() == ["back", "forth"]
    assert [row(message).state for message in messages] == ["done", "done"]
    with house.db.read() as session:
        assert session.execute(sa.text("SELECT sum(visits) FROM place")).scalar() == 4


def test_a_database_that_breaks_every_try_lets_the_failure_be_written_down(house, ask, effects, row):
    message, runs = ask(), []

    def unlucky(rt, session, payload, prepared):
        runs.append(1)
        raise OperationalError("UPDATE", None, Deadlock())

    with pytest.raises(outbox.JobFailed):
        outbox.work(house, Job("test.note", "maintenance", unlucky), message)
    assert len(runs) == 3
    assert "OperationalError" in row(message).last_error


def test_another_error_of_the_database_is_not_tried_again_at_once(house, ask, row):
    message, runs = ask(), []

    def broken(rt, session, payload, prepared):
        runs.append(1)
        raise OperationalError("UPDATE", None, Exception("disk full"))

    with pytest.raises(outbox.JobFailed):
        outbox.work(house, Job("test.note", "maintenance", broken), message)
    assert len(runs) == 1


class Deadlock(Exception):
    """What the driver raises to the victim of a deadlock."""

    sqlstate = "40P01"


def test_a_late_failure_of_a_message_another_worker_finished_changes_nothing(house, ask, effects, row):
    """The slow twin fails after the fast one has committed: the receipt stands."""
    message = ask()

    def prepare(rt, payload):
        assert outbox.work(house, NOTE, message)
        raise ValueError("too late")

    with pytest.raises(outbox.JobFailed):
        outbox.work(house, Job("test.note", "maintenance", note, prepare), message)
    assert (row(message).state, row(message).last_error) == ("done", None)
    assert effects() == ["a"]


def test_a_failpoint_stops_a_job_at_its_last_line_before_commit(house, ask, effects, row):
    message, faulty = ask(), replace(house, settings=replace(house.settings, failpoint="job.before_commit:raise"))
    with pytest.raises(outbox.JobFailed, match="FailpointRaised"):
        outbox.work(faulty, NOTE, message)
    assert effects() == []
    assert outbox.work(house, NOTE, message)
    assert effects() == ["a"]
