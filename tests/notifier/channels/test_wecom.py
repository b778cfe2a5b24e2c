"""WeCom at the emulator: one call for many, partial failures, refreshes, limits, alarms."""

import json

import pytest

from notifier.channels.limits import Limits
from tests.emulators.wechat.state import Fault

SEND = "/cgi-bin/message/send"
TOKEN = "/cgi-bin/gettoken"


def test_equal_words_go_out_in_one_call(post, wechat):
    names = [f"d{n}" for n in range(20)]
    for name in names:
        post.person(name, "wecom")
    post.remind(*names)
    post.work()
    assert post.states() == {("wecom", "accepted"): 20}
    assert len(wechat.calls(SEND)) == 1
    assert set(post.arrived().values()) == {1}
    card = wechat.state.messages[0]
    assert (card.title, card.text) == ("上午还没有签到记录", "到院后扫门诊的码即可。")
    assert card.url.startswith("http://127.0.0.1:8000/app/inbox?m=")
    body = wechat.calls(SEND)[0]["body"]
    assert (body["enable_duplicate_check"], body["duplicate_check_interval"]) == (1, 14400)


def test_errcode_zero_can_hide_failures_of_some(post, wechat):
    post.person("well", "wecom")
    post.person("gone", "wecom", "mail")
    post.person("unlicensed", "wecom", licensed=False)
    wechat.state.users[:] = [user for user in wechat.state.users if user.name != "gone"]
    post.remind("well", "gone", "unlicensed")
    post.work()
    assert post.arrived() == {"U-well": 1}
    assert post.states() == {
        ("wecom", "accepted"): 1, ("wecom", "failed"): 2, ("mail", "skipped"): 1,
    }  # fmt: skip
    assert (post.address("gone", "wecom"), post.address("unlicensed", "wecom")) == ("blocked", "unlicensed")
    assert len(wechat.calls(SEND)) == 1


def test_a_token_that_ends_in_the_middle_is_fetched_once(post, wechat):
    names = [f"d{n}" for n in range(200)]
    for name in names:
        post.person(name, "wecom")
    post.remind(*names)
    wechat.state.faults += [Fault(SEND, 4, {}), Fault(SEND, 1, {"end_tokens": "wecom"})]
    post.work()
    refused = sum(1 for call in wechat.calls(SEND)) - 10
    assert refused == 1, "the fault hit one of ten calls"
    assert post.states() == {("wecom", "accepted"): 200}
    assert len(wechat.calls(TOKEN)) == 2
    assert sum(post.arrived().values()) == 200


@pytest.mark.parametrize("errcode", [42001, 40014])
def test_a_token_refused_again_is_an_alarm_and_no_loop(post, wechat, errcode):
    post.person("d", "wecom")
    post.remind("d")
    wechat.state.faults.append(Fault(SEND, 100, {"errcode": errcode}))
    post.work()
    assert len(wechat.calls(SEND)) == 2
    assert post.states() == {("wecom", "held"): 1}


@pytest.mark.parametrize(("errcode", "state", "calls"), [
    (60020, "held", 1), (40001, "held", 1), (60111, "failed", 1), (82001, "failed", 1), (99999, "failed", 1),
    (45009, "planned", 1), (45033, "planned", 1), (-1, "planned", 1), (47001, "held", 1),
])  # fmt: skip
def test_http_200_with_an_errcode_is_no_success(post, wechat, errcode, state, calls):
    post.person("d", "wecom")
    post.remind("d")
    wechat.state.faults.append(Fault(SEND, 100, {"errcode": errcode}))
    post.work()
    assert post.states() == {("wecom", state): 1}
    assert post.attempts()[0][2] == errcode
    assert len(wechat.calls(SEND)) == calls
    assert post.arrived() == {}


def test_an_alarm_closes_the_channel_and_nothing_is_lost(post, wechat):
    for name in ("a", "b", "c"):
        post.person(name, "wecom")
    wechat.state.trusted = False
    post.remind("a", title="上午还没有签到记录")
    post.work()
    post.remind("b", "c", title="下午还没有签退")
    post.work(60)
    assert len(wechat.calls(TOKEN)) == 1, "the second message waits for the channel, it does not knock again"
    assert post.states() == {("wecom", "held"): 3}
    wechat.state.trusted = True
    post.work(601)
    assert post.states() == {("wecom", "accepted"): 3}
    assert post.arrived() == {"U-a": 1, "U-b": 1, "U-c": 1}


def test_a_busy_platform_is_asked_three_times(post, wechat):
    post.person("d", "wecom")
    post.remind("d")
    wechat.state.faults.append(Fault(SEND, 3, {"status": 502}))
    for after in (0, 3, 10, 40):
        post.work(after)
    assert [action for _, action, _ in post.attempts()] == ["retry", "retry", "retry"]
    assert post.states() == {("wecom", "failed"): 1}
    assert len({json.dumps(call["body"], sort_keys=True) for call in wechat.calls(SEND)}) == 1


def test_our_limit_keeps_a_member_from_what_would_vanish(post, wechat):
    post.person("d", "wecom")
    post.remind(*["d"] * 40, minutes=60)
    for after in (0, *[30] * 10):
        post.work(after)
    assert wechat.state.dropped == 0
    assert post.arrived() == {"U-d": 40}


def test_without_our_limit_the_platform_drops_without_a_word(post, wechat, monkeypatch):
    monkeypatch.setattr(Limits, "take", lambda *_: None)
    post.person("d", "wecom")
    for number in range(40):
        post.remind("d", title=f"第 {number} 条", minutes=60)
    post.work()
    assert wechat.state.dropped == 10
    assert post.states() == {("wecom", "accepted"): 40}
