"""Mail at a relay on loopback: one letter, refusals by address, a relay that is dead or falls silent."""

import socket

import pytest

from tests.emulators.smtp.sink import Sink
from tests.notifier.channels.conftest import Post


@pytest.fixture
def sink():
    """A relay."""
    with Sink() as running:
        yield running


def mailing(connected, wechat, port: int) -> Post:
    """The post office with this relay."""
    return Post(connected(SMTP_HOST="127.0.0.1", SMTP_PORT=str(port), SMTP_TLS="none", SMTP_SENDER="zhudian@example.test"), wechat)


def test_a_letter_names_its_delivery_and_links_to_the_inbox(connected, wechat, sink):
    post = mailing(connected, wechat, sink.port)
    post.person("d", "mail")
    post.remind("d")
    post.work()
    assert post.states() == {("mail", "accepted"): 1}
    (letter,) = sink.letters
    text = letter.get_payload()[0].get_payload(decode=True).decode()
    assert letter["To"] == "d@example.test"
    assert "到院后扫门诊的码即可。" in text
    assert "/app/inbox?m=" in text
    assert letter["Message-ID"].endswith("@example.test>")


@pytest.mark.parametrize(("name", "state", "address"), [("4xx", "planned", "ok"), ("5xx", "failed", "blocked")])
def test_a_refused_address(connected, wechat, sink, name, state, address):
    post = mailing(connected, wechat, sink.port)
    post.person(name, "mail")
    post.remind(name)
    post.work()
    assert post.states() == {("mail", state): 1}
    assert post.address(name, "mail") == address
    assert sink.letters == []


def test_a_dead_relay_is_tried_again_and_nothing_is_lost(connected, wechat, sink):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        post = mailing(connected, wechat, taken.getsockname()[1])
        post.person("d", "mail")
        post.remind("d")
        post.work()
        assert post.attempts() == [(1, "retry", None)], "the relay was dead"
    alive = mailing(connected, wechat, sink.port)
    post.work(3, alive.rt)
    assert post.states() == {("mail", "accepted"): 1}
    assert len(sink.letters) == 1


def test_a_relay_that_refuses_ourselves_is_an_alarm(connected, wechat):
    with Sink("554 not you") as closed:
        post = mailing(connected, wechat, closed.port)
        post.person("d", "mail")
        post.remind("d")
        post.work()
    assert post.states() == {("mail", "held"): 1}
    assert post.address("d", "mail") == "ok", "nobody is blamed"


def test_silence_after_the_letter_is_unknown_and_repeated_with_the_same_id(connected, wechat, sink):
    post = mailing(connected, wechat, sink.port)
    post.person("d", "mail")
    sink.silent = True
    post.remind("d")
    post.work()
    assert post.states() == {("mail", "unknown"): 1}
    sink.silent = False
    post.work(32)
    assert post.states() == {("mail", "accepted"): 1}
    assert len(sink.letters) == 2
    assert len({letter["Message-ID"] for letter in sink.letters}) == 1


def test_blocked_at_wecom_and_mail_takes_it_once(connected, wechat, sink):
    post = mailing(connected, wechat, sink.port)
    post.person("d", "wecom", "mail", licensed=False)
    post.remind("d")
    post.work()
    post.work(60)
    assert post.states() == {("wecom", "failed"): 1, ("mail", "accepted"): 1}
    assert len(sink.letters) == 1
