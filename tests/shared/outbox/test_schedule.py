"""The scheduler: Shanghai time, each firing once, what was missed made up for as each job asks."""

import datetime as dt
import json
import threading

import pytest
import sqlalchemy as sa

from shared import clock, outbox
from shared.outbox.models import OutboxMessage, SchedFire
from shared.outbox.schedule import missed
from shared.service import Schedule

EVERY_MINUTE = Schedule("test.minute", "* 7-18 * * *", "skip", 1800)
NIGHTLY = Schedule("test.nightly", "20 2 * * *", "last")
MONTHLY = Schedule("test.month", "0 18 1 * *", "all")


def at(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI).astimezone(dt.UTC)


def messages(rt):
    with rt.db.read() as session:
        query = sa.select(OutboxMessage.payload, OutboxMessage.consumer, OutboxMessage.expires_at)
        return session.execute(query.order_by(OutboxMessage.dedupe_key)).all()


@pytest.mark.parametrize(("schedule", "since", "now", "times"), [
    (NIGHTLY, "2026-11-22T02:20", "2026-11-23T02:19", []),
    (NIGHTLY, "2026-11-22T02:20", "2026-11-23T02:20", ["2026-11-23T02:20"]),
    (NIGHTLY, "2026-11-10T02:20", "2026-11-23T12:00", ["2026-11-23T02:20"]),
    (MONTHLY, "2026-08-15T00:00", "2026-11-23T00:00", ["2026-09-01T18:00", "2026-10-01T18:00", "2026-11-01T18:00"]),
    (EVERY_MINUTE, "2026-11-22T18:59", "2026-11-23T07:01", ["2026-11-23T07:00", "2026-11-23T07:01"]),
    (EVERY_MINUTE, "2026-11-23T07:30", "2026-11-23T07:30", []),
])  # fmt: skip
def test_missed_firings_are_made_up_for_in_shanghai_time(schedule, since, now, times):
    assert list(missed(schedule, at(since), at(now))) == [at(time) for time in times]


def test_a_skipping_job_makes_up_for_no_more_than_its_grace():
    found = list(missed(EVERY_MINUTE, at("2026-11-23T08:00"), at("2026-11-23T12:00")))
    assert (len(found), found[0]) == (30, at("2026-11-23T11:31"))


def test_a_new_schedule_marks_its_beginning_and_fires_from_then_on(house):
    assert outbox.tick(house, [NIGHTLY], at("2026-11-23T02:20")) == 0
    assert outbox.tick(house, [NIGHTLY], at("2026-11-23T12:00")) == 0
    assert outbox.tick(house, [NIGHTLY], at("2026-11-24T02:20:00.500")) == 1
    assert outbox.tick(house, [NIGHTLY], at("2026-11-24T02:20:01.500")) == 0
    (found,) = messages(house)
    assert found.consumer == "test.nightly"
    assert json.loads(found.payload) == {"job": "test.nightly", "fire_at": "2026-11-23T18:20:00.000Z"}
    assert found.expires_at is None


def test_a_beginning_at_the_very_minute_of_a_firing_does_not_swallow_the_next(house):
    outbox.tick(house, [EVERY_MINUTE], at("2026-11-23T08:00"))
    assert outbox.tick(house, [EVERY_MINUTE], at("2026-11-23T08:01")) == 1


def test_a_firing_that_may_be_skipped_expires_with_its_grace(house):
    outbox.tick(house, [EVERY_MINUTE], at("2026-11-23T08:00"))
    outbox.tick(house, [EVERY_MINUTE], at("2026-11-23T08:01"))
    assert messages(house)[0].expires_at == at("2026-11-23T08:31")


def test_tickers_that_fire_at_once_write_one_message_per_firing(house):
    schedules = [EVERY_MINUTE, NIGHTLY]
    outbox.tick(house, schedules, at("2026-11-23T06:00"))
    started, fired = threading.Barrier(4), []

    def run():
        started.wait()
        fired.extend(outbox.tick(house, schedules, at(f"2026-11-24T07:{minute:02d}")) for minute in range(15))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(fired) == 16, "15 minutes and one night"
    assert len(messages(house)) == 16
    with house.db.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(SchedFire)) == 18


def test_a_firing_whose_transaction_fails_is_made_again(house, monkeypatch):
    outbox.tick(house, [NIGHTLY], at("2026-11-23T02:00"))
    with monkeypatch.context() as patched:
        patched.setattr("shared.outbox.schedule.message", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            outbox.tick(house, [NIGHTLY], at("2026-11-23T02:21"))
    assert messages(house) == []
    assert outbox.tick(house, [NIGHTLY], at("2026-11-23T02:21")) == 1
