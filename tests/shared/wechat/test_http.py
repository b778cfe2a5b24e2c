"""The HTTP client knows whether a failed call may have arrived."""

import socket
import time

import pytest

from shared.wechat.errors import Action
from shared.wechat.http import Http, NoAnswer, NotSent
from shared.wechat.tokens import Tokens, connect
from shared.wechat.wecom import WeCom
from tests.emulators.wechat.state import Fault, User

SEND = "/cgi-bin/message/send"
BODY = {"touser": "U-d", "msgtype": "text", "agentid": 1000002, "text": {"content": "x"}}


@pytest.fixture
def wecom(connected, wechat, redis_url, rt) -> WeCom:
    """A client with a short read time-out, and one member."""
    named = connected(HTTP_READ_TIMEOUT="0.4").settings.channels
    wechat.state.users.append(User("d", "o-d", "U-d"))
    return WeCom(named.wecom, named, Tokens(connect(redis_url), rt.keys))


@pytest.mark.parametrize(("do", "action", "arrived"), [
    ({}, Action.ACCEPTED, 1), ({"sleep": 1}, Action.UNKNOWN, 1), ({"cut": True}, Action.UNKNOWN, 1),
    ({"body": "<html>", "after": True}, Action.UNKNOWN, 1), ({"body": "[1]", "after": True}, Action.UNKNOWN, 1),
    ({"body": "{\"errcode\": \"0\"}", "after": True}, Action.UNKNOWN, 1), ({"status": 500}, Action.RETRY, 0),
    ({"status": 502, "body": "<html>"}, Action.RETRY, 0), ({"errcode": -1}, Action.RETRY, 0), ({"errcode": 6000}, Action.RETRY, 0),
    ({"errcode": 45033}, Action.RETRY, 0),
])  # fmt: skip
def test_every_fault_of_the_way_has_its_meaning(wecom, wechat, do, action, arrived):
    wechat.state.faults.append(Fault(SEND, 1, do))
    assert wecom.send(BODY).action is action
    assert len(wechat.state.messages) == arrived
    assert len(wechat.calls(SEND)) == 1


def test_nobody_listening_means_not_sent():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(NotSent):
            Http(f"http://127.0.0.1:{taken.getsockname()[1]}").call("GET", "/", {})


def test_a_redirect_is_not_followed(wechat):
    began = time.monotonic()
    with pytest.raises(NoAnswer) as lost:
        Http(wechat.url).call("GET", "/", {})
    assert lost.value.status == 302
    assert time.monotonic() - began < 3
