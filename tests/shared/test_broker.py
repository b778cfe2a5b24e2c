"""The broker's exact settings (reliability.md §3.1), and a real Valkey carrying ids to a real worker."""

import threading
from dataclasses import replace

import dramatiq
import pytest
from dramatiq.brokers.stub import StubBroker

from shared import outbox
from shared.broker import BrokerMissing, bind, make_broker, middleware
from shared.outbox import relay
from shared.service import Job, Service
from tests.shared.outbox.conftest import NOTE, note
from tests.shared.outbox.conftest import ask as ask
from tests.shared.outbox.conftest import effects as effects
from tests.shared.outbox.conftest import house as house
from tests.shared.outbox.conftest import row as row
from tests.shared.outbox.test_relay import wait_until

any_rt = pytest.fixture(lambda rt: rt)
"""The fixtures above on SQLite alone: the database is not what is tested here."""


@pytest.fixture
def settings(rt, redis_url):
    """Settings with a real, empty Valkey."""
    return replace(rt.settings, redis_url=redis_url)


def test_the_broker_has_exactly_these_settings(settings):
    broker = make_broker(settings)
    assert (broker.heartbeat_timeout, broker.maintenance_chance) == (60_000, 100_000)
    assert broker.dead_message_ttl == 7 * 24 * 3600 * 1000
    assert [type(one).__name__ for one in broker.middleware] == [
        "TimeLimit", "ShutdownNotifications", "CurrentMessage", "Measured",
    ]  # fmt: skip
    assert broker.middleware[0].time_limit == 240_000
    connection = broker.client.connection_pool.connection_kwargs
    assert (connection["socket_timeout"], connection["health_check_interval"]) == (5, 30)
    assert connection["retry"].get_retries() == 0
    broker.close()


def test_without_an_address_the_broker_says_what_to_do(rt):
    with pytest.raises(BrokerMissing, match="REDIS_URL"):
        make_broker(replace(rt.settings, redis_url=None))


def test_every_job_becomes_an_actor_on_its_queue_and_has_no_retries_of_its_own(rt):
    broker = StubBroker(middleware=middleware())
    jobs = (NOTE, Job("test.other", "fold", note))
    assert bind(broker, rt, [Service("one", jobs=jobs[:1]), Service("two", jobs=jobs[1:])]) == {
        "test.note": "maintenance", "test.other": "fold",
    }  # fmt: skip
    assert {"maintenance", "fold"} <= broker.get_declared_queues()
    assert "max_retries" not in broker.actor_options


def test_two_brokers_live_in_one_process(rt):
    first, second = (StubBroker(middleware=middleware()) for _ in range(2))
    bind(first, rt, [Service("one", jobs=(NOTE,))])
    bind(second, rt, [Service("one", jobs=(NOTE,))])
    assert first.get_actor("test.note").broker is first
    assert second.get_actor("test.note").broker is second


def test_ids_travel_through_a_real_valkey_and_a_failing_job_waits_in_the_outbox(house, settings, ask, effects, row):
    def apply(rt, session, payload, prepared):
        note(rt, session, payload, prepared)
        if payload["name"] == "bad":
            raise ValueError

    broker = make_broker(settings)
    queues = bind(broker, house, [Service("test", jobs=(Job("test.note", "maintenance", apply),))])
    good, bad = [ask(str(number)) for number in range(20)], ask("bad")
    worker = dramatiq.Worker(broker, worker_timeout=50, worker_threads=4)
    worker.start()
    try:
        assert relay.relay_once(house, broker, queues) == 21
        wait_until(lambda: len(effects()) == 20)
        wait_until(lambda: row(bad).last_error is not None)
    finally:
        worker.stop()
        broker.close()
    assert {row(message).state for message in good} == {"done"}
    assert (row(bad).state, row(bad).attempts, row(bad).leased_until) == ("open", 1, None)
    assert broker.client.dbsize() >= 0


def test_a_message_handed_out_twice_by_the_broker_has_one_effect(house, settings, ask, effects):
    """Hazards 3, 5 and 6 of reliability.md §4 end in this."""
    broker = make_broker(settings)
    bind(broker, house, [Service("test", jobs=(NOTE,))])
    message, worked = ask(), threading.Event()
    for _ in range(6):
        broker.enqueue(dramatiq.Message("maintenance", "test.note", ("test.note", message), {}, {}))
    worker = dramatiq.Worker(broker, worker_timeout=50, worker_threads=4)
    worker.start()
    try:
        broker.join("maintenance", timeout=20_000)
        worker.join()
    finally:
        worker.stop()
        broker.close()
    worked.set()
    assert effects() == ["a"]
    assert outbox.work(house, NOTE, message) is False
