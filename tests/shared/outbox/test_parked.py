"""Parked messages: listed, tried again by hand or in the morning, counted."""

import datetime as dt

from shared import clock, outbox
from shared.outbox.lease import fail, lease


def park(rt, message, now):
    with rt.db.transaction() as session:
        for _ in range(12):
            lease(session, now, 300)
            fail(session, message, "ValueError", now)
            now += dt.timedelta(hours=5)
    return now


def test_a_parked_message_is_listed_and_retried_by_hand(house, ask, row):
    message, other = ask("a"), ask("b")
    park(house, message, clock.now())
    assert row(message).state == "parked"
    with house.db.transaction() as session:
        assert [found.id for found in outbox.listing(session, "parked")] == [message]
        assert {found.id for found in outbox.listing(session)} == {message, other}
        assert outbox.retry(session, [message, "unknown"]) == [message]
    assert (row(message).state, row(message).attempts) == ("open", 0)


def test_a_worked_message_is_not_retried(house, ask, row):
    from tests.shared.outbox.conftest import NOTE

    message = ask()
    outbox.work(house, NOTE, message)
    with house.db.transaction() as session:
        assert outbox.retry(session, [message]) == []
        assert outbox.listing(session) == []
    assert row(message).state == "done"


def test_the_morning_gives_one_more_try_and_stops_after_a_week(house, ask, row):
    message, made = ask(), clock.now()
    now = park(house, message, made)
    with clock.at(now), house.db.transaction() as session:
        assert outbox.redrive(session) == [message]
        lease(session, now, 300)
        fail(session, message, "ValueError", now)
    assert (row(message).state, row(message).attempts) == ("parked", 12)
    with clock.at(made + dt.timedelta(days=9)), house.db.transaction() as session:
        assert outbox.redrive(session) == []


def test_the_numbers_say_how_far_behind_the_outbox_is(house, ask):
    with house.db.read() as session:
        assert outbox.stats(session) == outbox.Stats(0, 0, 0.0)
    message = ask("a")
    ask("b")
    park(house, message, clock.now())
    with clock.at(clock.now() + dt.timedelta(minutes=2)), house.db.read() as session:
        found = outbox.stats(session)
    assert (found.open, found.parked) == (1, 1)
    assert 119 < found.oldest_seconds < 130
