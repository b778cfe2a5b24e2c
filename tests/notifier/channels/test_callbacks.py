"""What the platforms tell us: proven, stored once, and what follows from it."""

import threading

import pytest
import sqlalchemy as sa
from werkzeug.serving import make_server

from notifier.models import CallbackSeen
from notifier.service import SERVICE
from shared import clock
from shared.http.app import create_web
from tests.emulators.smtp.sink import Sink
from tests.emulators.wechat import callbacks
from tests.notifier.channels.conftest import Post

EVENT = "<xml><FromUserName>o-d</FromUserName><CreateTime>1</CreateTime><MsgType>event</MsgType><Event>{}</Event>{}</xml>"


@pytest.fixture
def door(post, wechat):
    """The product's door, at the test's time; the emulator knows its addresses."""
    app = create_web(post.rt, [SERVICE])

    def at_the_tests_time(environ, start_response):
        with clock.at(post.now):
            return app(environ, start_response)

    server = make_server("127.0.0.1", 0, at_the_tests_time, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}/api/notifier/callbacks"
    wechat.state.callbacks = {"oa": f"{base}/oa", "wecom": f"{base}/wecom/{wechat.state.agent}"}
    yield base
    server.shutdown()
    server.server_close()


def seen(post) -> list[dict]:
    with post.rt.db.read() as session:
        query = sa.select(CallbackSeen.event).where(CallbackSeen.platform.in_(("oa", "wecom")))
        return list(session.scalars(query.order_by(CallbackSeen.id)))


@pytest.mark.parametrize("platform", ["oa", "wecom"])
def test_the_address_is_proven_with_the_exact_bytes(door, wechat, platform):
    assert callbacks.verify(wechat.state, platform, "回声-1") == (200, "回声-1".encode())
    wechat.state.token = "other"
    assert callbacks.verify(wechat.state, platform) == (403, b"")


@pytest.mark.parametrize("wrong", [
    {"signature": "0" * 40}, {"timestamp": 1}, {"timestamp": "x"}, {"app": "wxother000000001"}, {"pad_with": 77},
])  # fmt: skip
@pytest.mark.parametrize("platform", ["oa", "wecom"])
def test_whatever_is_wrong_is_403_and_nothing_is_stored(door, post, wechat, platform, wrong):
    assert callbacks.post(wechat.state, platform, EVENT.format("subscribe", ""), **wrong) == (403, b"")
    assert seen(post) == []


def test_an_answer_is_what_the_platform_expects(door, post, wechat):
    assert callbacks.post(wechat.state, "oa", EVENT.format("subscribe", "")) == (200, b"success")
    assert callbacks.post(wechat.state, "wecom", EVENT.format("enter_agent", "")) == (200, b"")
    assert len(seen(post)) == 2


def test_a_replayed_nonce_is_refused_and_a_repeat_of_the_event_is_worked_once(door, post, wechat):
    xml = EVENT.format("subscribe", "")
    assert callbacks.post(wechat.state, "oa", xml, nonce="n1")[0] == 200
    assert callbacks.post(wechat.state, "oa", xml, nonce="n2")[0] == 200
    assert len(seen(post)) == 1


def test_a_document_type_is_never_read(door, post, wechat):
    xml = '<!DOCTYPE x [<!ENTITY a "b">]>' + EVENT.format("&a;", "")
    assert callbacks.post(wechat.state, "oa", xml)[0] == 403
    assert callbacks.fetch(f"{door}/oa?timestamp={int(post.now.timestamp())}", b"<xml/>" * 20_000)[0] == 403


def test_a_delivered_message_is_marked_and_whose_it_was_is_forgotten(door, post, wechat):
    post.person("d", "oa")
    post.remind("d")
    post.work()
    assert wechat.pump() == 1
    post.work(1)
    assert post.states() == {("oa_template", "delivered"): 1}
    assert seen(post) == [{"Event": "TEMPLATESENDJOBFINISH", "MsgID": "1", "Status": "success"}]


def test_accepted_and_then_blocked_goes_on_by_mail_once(door, connected, wechat, post):
    with Sink() as sink:
        rt = connected(SMTP_HOST="127.0.0.1", SMTP_PORT=str(sink.port), SMTP_TLS="none", SMTP_SENDER="zhudian@example.test")
        mailing = Post(rt, wechat)
        mailing.person("d", "oa", "mail", blocks=True)
        mailing.remind("d")
        mailing.work()
        assert mailing.states() == {("oa_template", "accepted"): 1}
        (event,) = wechat.state.events
        wechat.state.events.append(event)  # the platform says it twice
        wechat.pump()
        mailing.work(1)
        mailing.work(60)
        assert mailing.states() == {("oa_template", "failed"): 1, ("mail", "accepted"): 1}
        assert len(sink.letters) == 1
    assert mailing.address("d", "oa") == "blocked"
    assert post.arrived() == {}


def test_an_event_that_outran_its_answer_is_looked_at_again(door, post, wechat):
    callbacks.result_event(wechat.state, "o-d", "1", "success")
    wechat.pump()
    post.work(1)
    post.person("d", "oa")
    post.remind("d")
    post.work(1)
    assert post.states() == {("oa_template", "accepted"): 1}
    post.work(31)
    assert post.states() == {("oa_template", "delivered"): 1}


def test_an_event_of_nobody_is_stored_and_ignored(door, post, wechat):
    callbacks.result_event(wechat.state, "o-x", "999", "failed:system failed")
    wechat.pump()
    for after in (1, 31, 31, 31):
        post.work(after)
    assert post.open_messages() == 0
    assert len(seen(post)) == 1


def test_leaving_and_coming_back_moves_the_address(door, post, wechat):
    post.person("d", "oa")
    for name, state in (("unsubscribe", "unfollowed"), ("subscribe", "ok")):
        callbacks.event(wechat.state, "oa", "o-d", name, delay=-post.now.second)
        wechat.pump()
        post.work(1)
        assert post.address("d", "oa") == state
