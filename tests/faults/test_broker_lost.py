"""F7, F8: the broker is a hint. Flushed, killed or away, it takes nothing with it."""

import datetime as dt
import random
import time

import pytest
import redis

from tests.faults.conftest import DAY, gone, wait_until


def days(number):
    """Consecutive dates of October."""
    return [DAY + dt.timedelta(days=count) for count in range(number)]


def test_a_flushed_broker_loses_nothing(site):
    messages = [site.tap(day) for day in days(8)]
    assert site.relay() == len(messages)
    with site.client() as client:
        assert client.dbsize() > 0, "the broker held them"
        client.flushall()
        assert client.dbsize() == 0
    assert [state for state, _ in site.messages(messages).values()] == ["open"] * 8, "while rows were open"
    site.stack.start("worker")
    site.stack.start("ticker")
    wait_until(lambda: site.all_done(messages), "every message was worked")
    assert site.receipts(messages) == 8
    assert site.folded() == days(8)
    assert site.told() == 8
    assert all(attempts >= 2 for _, attempts in site.messages(messages).values()), "all were handed out again"


def test_while_the_broker_is_away_facts_are_stored_and_no_attempt_is_counted(small_site):
    site = small_site
    site.stack.start("ticker")
    pid = site.stack.pids["valkey"]
    assert site.stack.kill("valkey") == -9
    assert gone(pid)
    messages = [site.tap(day) for day in days(3)]
    with pytest.raises(redis.ConnectionError), site.client() as client:
        client.ping()
    wait_until(lambda: "relay.broker_away" in site.log("ticker"), "the ticker asked the broker")
    assert site.messages(messages) == dict.fromkeys(messages, ("open", 0))
    site.stack.start("valkey")
    site.stack.start("worker")
    wait_until(lambda: site.all_done(messages), "the backlog was worked after the broker came back")
    assert site.receipts(messages) == 3
    assert site.told() == 3


@pytest.mark.slow_fault
def test_a_broker_flushed_and_killed_again_and_again_under_load_loses_nothing(site):
    seed = int(time.time())
    print("seed", seed)
    dice, messages, faults = random.Random(seed), [], 0
    site.stack.start("worker")
    site.stack.start("ticker")
    for round_ in range(20):
        messages += [site.tap(day, hour=round_ % 9) for day in days(10)]
        time.sleep(dice.uniform(0, 1))
        if round_ % 4 == 3:
            assert site.stack.kill("valkey") == -9
            site.stack.start("valkey")
        else:
            with site.client() as client:
                client.flushall()
        faults += 1
    wait_until(lambda: site.all_done(messages), "every message was worked", 360)
    assert faults == 20
    assert site.receipts(messages) == 200
