"""The Official Account at the emulator: template messages, results that come later, credits."""

import pytest

from notifier.store import credit
from shared import clock
from tests.emulators.wechat.state import Fault
from tests.notifier.channels.conftest import Post

SEND = "/cgi-bin/message/template/send"


def test_a_follower_gets_a_template_message(post, wechat):
    post.person("d", "oa")
    post.remind("d")
    post.work()
    assert post.states() == {("oa_template", "accepted"): 1}
    assert wechat.state.messages[0].title == "上午还没有签到记录"
    assert wechat.calls("/cgi-bin/token") == [], "the token that ends others is never fetched"
    assert len(wechat.calls("/cgi-bin/stable_token")) == 1


@pytest.mark.parametrize("user", [{"follows": False}, {"rejects": True}])
def test_whoever_cannot_be_reached_gets_mail_if_there_is_any(post, user):
    post.person("d", "oa", **user)
    post.remind("d")
    post.work()
    assert post.states() == {("oa_template", "failed"): 1}
    assert post.address("d", "oa") == "unfollowed"


def test_wecom_first_then_the_official_account(post, wechat):
    post.person("d", "wecom", "oa", licensed=False)
    post.remind("d")
    post.work()
    assert post.states() == {("wecom", "failed"): 1, ("oa_template", "accepted"): 1}
    assert post.arrived() == {"o-d": 1}


def test_a_persistent_40001_ends_after_one_refresh(post, wechat):
    post.person("d", "oa")
    post.remind("d")
    wechat.state.faults.append(Fault(SEND, 1000, {"errcode": 40001}))
    post.work()
    assert len(wechat.calls(SEND)) == 2
    assert len(wechat.calls("/cgi-bin/stable_token")) <= 2
    assert post.states() == {("oa_template", "held"): 1}


def test_a_second_message_within_a_minute_waits(post, wechat):
    post.person("d", "oa")
    post.remind("d", "d")
    post.work()
    assert post.arrived() == {"o-d": 1}
    post.work(61)
    assert post.arrived() == {"o-d": 2}


def test_one_credit_is_one_message(connected, wechat):
    post = Post(connected(OA_TEMPLATES="", OA_SUBSCRIBE_TEMPLATES=wechat.settings()["OA_TEMPLATES"]), wechat)
    person = post.person("d", "oa", consents=1)
    with clock.at(post.now), post.rt.db.transaction() as session:
        credit.change(session, person, 1, "tap", post.now)
    post.remind("d", "d")
    for after in (0, 61):
        post.work(after)
    assert post.arrived() == {"o-d": 1}
    assert post.states() == {("oa_template", "skipped"): 2, ("oa_subscribe", "accepted"): 1, ("oa_subscribe", "skipped"): 1}
    with post.rt.db.read() as session:
        assert credit.balance(session, person) == 0


def test_a_credit_the_platform_does_not_know_is_forgotten(connected, wechat):
    post = Post(connected(OA_TEMPLATES="", OA_SUBSCRIBE_TEMPLATES=wechat.settings()["OA_TEMPLATES"]), wechat)
    person = post.person("d", "oa", consents=0)
    with clock.at(post.now), post.rt.db.transaction() as session:
        credit.change(session, person, 3, "tap", post.now)
    post.remind("d")
    post.work()
    assert post.attempts() == [(1, "message", 43101)]
    with post.rt.db.read() as session:
        assert credit.balance(session, person) == 0
