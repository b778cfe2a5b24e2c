"""The emulator itself, against the platforms' tables: what it must refuse it refuses, what it must hide it hides."""

import json
import urllib.request

import pytest

from tests.emulators.wechat.app import Emulator
from tests.emulators.wechat.state import State, User


class Platform:
    """Calls of a client that knows no product."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator, self.state = emulator, emulator.state
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def call(self, path: str, body=None, **query: str) -> dict:
        url = f"{self.emulator.url}{path}?" + "&".join(f"{name}={value}" for name, value in query.items())
        data = None if body is None else json.dumps(body).encode()
        with self.opener.open(urllib.request.Request(url, data, {"Content-Type": "application/json"})) as answer:
            return json.loads(answer.read())

    def wecom_token(self) -> str:
        return self.call("/cgi-bin/gettoken", corpid=self.state.corpid, corpsecret=self.state.corpsecret)["access_token"]

    def stable(self, **other) -> dict:
        body = {"grant_type": "client_credential", "appid": self.state.appid, "secret": self.state.appsecret, **other}
        return self.call("/cgi-bin/stable_token", body)

    def card(self, touser: str = "U-1", **other) -> dict:
        card = {"title": "t", "description": "d", "url": "http://x/", "btntxt": "b", **other.pop("card", {})}
        return {"touser": touser, "msgtype": "textcard", "agentid": self.state.agent, "textcard": card, **other}

    def send(self, body: dict) -> dict:
        return self.call("/cgi-bin/message/send", body, access_token=self.wecom_token())

    def template(self, **other) -> dict:
        data = {name: {"value": "v"} for name in self.state.fields}
        body = {"touser": "o-1", "template_id": self.state.template, "url": "http://x/", "data": data, **other}
        return self.call("/cgi-bin/message/template/send", body, access_token=self.stable()["access_token"])


@pytest.fixture
def platform():
    """Two people, time standing still."""
    with Emulator(State(frozen=1_790_000_000.0)) as emulator:
        emulator.state.users += [User("一", "o-1", "U-1"), User("二", "o-2", "U-2", licensed=False)]
        yield Platform(emulator)


def test_tokens_of_wecom(platform):
    state = platform.state
    assert platform.call("/cgi-bin/gettoken", corpid="x", corpsecret="y")["errcode"] == 40013
    assert platform.call("/cgi-bin/gettoken", corpid=state.corpid, corpsecret="y")["errcode"] == 40001
    first = platform.wecom_token()
    state.shift += 7100
    assert platform.wecom_token() == first
    state.shift += 200
    assert platform.call("/cgi-bin/message/send", platform.card(), access_token=first)["errcode"] == 42001
    assert platform.wecom_token() != first
    state.trusted = False
    assert platform.call("/cgi-bin/gettoken", corpid=state.corpid, corpsecret=state.corpsecret)["errcode"] == 60020


def test_the_stable_token(platform):
    first = platform.stable()
    platform.state.shift += 600
    again = platform.stable()
    assert (again["access_token"], again["expires_in"]) == (first["access_token"], first["expires_in"] - 600)
    platform.state.shift += 6400
    renewed = platform.stable()["access_token"]
    assert renewed != first["access_token"], "renewed five minutes before its end"
    ticket = platform.call("/cgi-bin/ticket/getticket", access_token=first["access_token"], type="jsapi")
    assert ticket["errcode"] == 0, "and the one before still works"
    assert platform.stable(secret="x")["errcode"] == 40125
    assert platform.stable(appid="x")["errcode"] == 40013
    platform.call("/cgi-bin/token")
    assert platform.call("/cgi-bin/ticket/getticket", access_token=renewed, type="jsapi")["errcode"] == 42001


@pytest.mark.parametrize(("change", "errcode"), [
    ({}, 0), ({"agentid": "1000002"}, 301002), ({"agentid": 1}, 301002), ({"mystery": 1}, 40058), ({"touser": ""}, 82001),
    ({"msgtype": "markdown"}, 40058), ({"card": {"title": "诊" * 43}}, 40058), ({"card": {"title": "诊" * 42}}, 0),
    ({"card": {"description": "a" * 513}}, 40058), ({"card": {"url": ""}}, 40058), ({"touser": "|".join(["U-1"] * 1001)}, 40058),
    ({"touser": "nobody"}, 81013),
])  # fmt: skip
def test_what_wecom_takes(platform, change, errcode):
    assert platform.send(platform.card(**change))["errcode"] == errcode


def test_partial_failures_hide_behind_zero_and_ids_lose_their_case(platform):
    said = platform.send(platform.card("u-1|U-2|Nobody"))
    assert (said["errcode"], said["invaliduser"], said["unlicenseduser"]) == (0, "nobody", "u-2")
    assert [message.user for message in platform.state.messages] == ["U-1"]


def test_equal_requests_are_suppressed_for_their_interval(platform):
    card = platform.card(enable_duplicate_check=1, duplicate_check_interval=14400)
    for shift, arrived in ((0, 1), (14399, 1), (2, 2)):
        platform.state.shift += shift
        platform.send(card)
        assert len(platform.state.messages) == arrived
    platform.send({**card, "enable_duplicate_check": 0})
    assert len(platform.state.messages) == 3


def test_too_much_vanishes_without_an_error(platform):
    answers = [platform.send(platform.card(card={"title": str(n)}))["errcode"] for n in range(35)]
    assert (set(answers), len(platform.state.messages), platform.state.dropped) == ({0}, 30, 5)


@pytest.mark.parametrize(("change", "user", "errcode"), [
    ({}, {}, 0), ({"touser": "o-x"}, {}, 40003), ({"template_id": "x"}, {}, 40037), ({"mystery": 1}, {}, 47001),
    ({"data": {"thing1": {"value": "v"}}}, {}, 47003), ({}, {"follows": False}, 43004), ({}, {"rejects": True}, 43019),
    ({"data": {"thing1": {"value": "字" * 21}, "thing2": {"value": "v"}, "time3": {"value": "v"}}}, {}, 47003),
])  # fmt: skip
def test_what_the_official_account_takes(platform, change, user, errcode):
    vars(platform.state.users[0]).update(user)
    assert platform.template(**change)["errcode"] == errcode


def test_a_repeat_named_by_its_client_id_is_one_message_and_results_come_later(platform):
    first, second = platform.template(client_msg_id="c"), platform.template(client_msg_id="c")
    assert first["msgid"] == second["msgid"]
    assert len(platform.state.messages) == 1
    assert [platform_name for _, platform_name, _ in platform.state.events] == ["oa"]
    assert [platform.template()["errcode"] for _ in range(5)] == [0, 0, 0, 0, 43117]


def test_a_token_nobody_gave(platform):
    for token, errcode in (("", 41001), ("x", 40014)):
        assert platform.call("/cgi-bin/message/send", platform.card(), access_token=token)["errcode"] == errcode
