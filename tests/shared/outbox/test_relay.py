"""The relay: asks the broker first, gives back what it could not publish, forgets nothing."""

import datetime as dt
import threading

import dramatiq
import pytest
from dramatiq.brokers.stub import StubBroker

from shared import clock
from shared.broker import bind, middleware
from shared.outbox import relay
from shared.outbox.lease import lease
from shared.service import Schedule, Service
from tests.shared.outbox.conftest import NOTE

QUEUES = {"test.note": "maintenance"}


class Flaky(StubBroker):
    """A broker that stops taking messages after `left`, or answers no ping at all."""

    def __init__(self, left: int = 1_000_000, away: bool = False) -> None:
        super().__init__(middleware=middleware())
        self.left, self.away, self.taken = left, away, []
        self.client = self

    def ping(self) -> bool:
        """As a Redis client does."""
        if self.away:
            raise ConnectionError
        return True

    def enqueue(self, message, *, delay=None):
        """Take the message, or fail as a lost connection does."""
        if not self.left:
            raise ConnectionError
        self.left -= 1
        self.taken.append(message)
        return message


def test_due_messages_are_published_by_id_with_their_consumer_and_queue(house, ask, row):
    broker, message = Flaky(), ask()
    assert relay.relay_once(house, broker, QUEUES) == 1
    (published,) = broker.taken
    assert (published.actor_name, published.queue_name, published.args) == (
        "test.note", "maintenance", ("test.note", message),
    )  # fmt: skip
    assert (row(message).state, row(message).attempts, row(message).queue) == ("open", 1, "maintenance")
    assert relay.relay_once(house, broker, QUEUES) == 0, "leased"


def test_a_lost_message_is_published_again_after_its_lease(house, ask, row):
    broker, message = Flaky(), ask()
    relay.relay_once(house, broker, QUEUES)
    with clock.at(clock.now() + dt.timedelta(seconds=house.settings.outbox_lease + 1)):
        assert relay.relay_once(house, broker, QUEUES) == 1
    assert [published.args[1] for published in broker.taken] == [message] * 2
    assert row(message).attempts == 2


def test_nothing_is_leased_and_no_attempt_counted_while_the_broker_is_away(house, ask, row):
    message = ask()
    assert relay.relay_once(house, Flaky(away=True), QUEUES) == 0
    assert (row(message).attempts, row(message).leased_until) == (0, None)


def test_what_could_not_be_published_is_given_back_without_an_attempt(house, ask, row):
    messages = [ask(str(number)) for number in range(5)]
    assert relay.relay_once(house, Flaky(left=2), QUEUES) == 2
    assert [row(message).attempts for message in messages] == [1, 1, 0, 0, 0]
    assert [row(message).leased_until is None for message in messages] == [False, False, True, True, True]
    again = Flaky()
    assert relay.relay_once(house, again, QUEUES) == 3


def test_a_message_no_job_consumes_fails_visibly_instead_of_circling(house, ask, row):
    message = ask()
    assert relay.relay_once(house, Flaky(), {}) == 0
    assert row(message).last_error == "no job is called test.note"
    assert row(message).leased_until is None


def test_relays_at_once_share_the_messages_and_publish_each_one_once(house, ask):
    messages = [ask(str(number)) for number in range(40)]
    brokers, started = [Flaky() for _ in range(4)], threading.Barrier(4)

    def run(broker):
        started.wait()
        relay.relay_once(house, broker, QUEUES)

    threads = [threading.Thread(target=run, args=(broker,)) for broker in brokers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    published = [message.args[1] for broker in brokers for message in broker.taken]
    assert sorted(published) == sorted(messages)


def test_oldest_messages_go_first_a_hundred_at_a_time(house, ask):
    early = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    for number in range(3):
        with clock.at(early + dt.timedelta(seconds=number)):
            ask(str(number))
    with house.db.transaction() as session:
        first = lease(session, clock.now(), 300, limit=2)
    with house.db.transaction() as session:
        second = lease(session, clock.now(), 300, limit=2)
    assert [message.attempts for message in first + second] == [1, 1, 1]
    assert [len(first), len(second)] == [2, 1]


def test_the_ticker_fires_relays_and_survives_a_database_that_is_away(house, ask, effects, monkeypatch):
    from sqlalchemy.exc import OperationalError

    broker = StubBroker(middleware=middleware())
    queues = bind(broker, house, [Service("test", jobs=(NOTE,))])
    assert queues == QUEUES
    worker, stop, failed = dramatiq.Worker(broker, worker_timeout=50, worker_threads=2), threading.Event(), []
    real = relay.relay_once

    def once_away(*args):
        if not failed:
            failed.append(True)
            raise OperationalError("SELECT 1", None, Exception("away"))
        return real(*args)

    monkeypatch.setattr(relay, "relay_once", once_away)
    names = [str(number) for number in range(10)]
    for name in names:
        ask(name)
    ticker = threading.Thread(
        target=relay.run,
        args=(house, broker, queues, [Schedule("test.note", "0 0 1 1 *")], stop, 0.02),
    )
    worker.start()
    ticker.start()
    wait_until(lambda: len(effects()) == 10)
    stop.set()
    ticker.join()
    worker.stop()
    assert failed
    assert effects() == sorted(names)


def wait_until(is_so, seconds=20.0):
    """Wait until is_so(), or fail."""
    until = threading.Event()
    for _ in range(int(seconds / 0.05)):
        if is_so():
            return
        until.wait(0.05)
    pytest.fail("waited in vain")
