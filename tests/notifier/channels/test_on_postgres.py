"""The same on PostgreSQL: row locks, advisory locks and upserts are its own dialect's."""

import dataclasses

import pytest

from notifier.store import addresses, credit
from shared import clock
from shared.settings import Settings
from tests.notifier.channels.conftest import Post


@pytest.fixture
def post(pg_rt, wechat, redis_url) -> Post:
    """The post office on PostgreSQL."""
    environ = {"ZHUDIAN_ENV": "test", "ZHUDIAN_VAR": str(pg_rt.settings.var), "REDIS_URL": redis_url, **wechat.settings(),
               "OA_SUBSCRIBE_TEMPLATES": wechat.settings()["OA_TEMPLATES"]}  # fmt: skip
    return Post(dataclasses.replace(pg_rt, settings=Settings.from_env(environ)), wechat)


def test_from_the_first_channel_to_the_last_that_reaches(post, wechat):
    person = post.person("d", "wecom", "oa", licensed=False, follows=False, consents=1)
    post.person("e", "wecom")
    with clock.at(post.now), post.rt.db.transaction() as session:
        credit.change(session, person, 1, "tap", post.now)
    post.remind("d", "e")
    post.work()
    post.work(61)
    assert post.arrived() == {"U-e": 1}
    assert post.states() == {("wecom", "failed"): 1, ("wecom", "accepted"): 1, ("oa_template", "failed"): 1}
    assert post.address("d", "oa") == "unfollowed"


def test_a_new_address_takes_the_place_of_the_old_one(post):
    person = post.person("d", "oa")
    other = post.person("e")
    with post.rt.db.transaction() as session:
        addresses.put(session, other, "oa", "o-d", post.now)
        addresses.put(session, person, "oa", "o-new", post.now)
    assert (post.address("e", "oa"), post.address("d", "oa")) == ("ok", "ok")
    with post.rt.db.transaction() as session:
        assert addresses.mark(session, "oa", "o-new", "unfollowed", None, post.now) == person
        assert addresses.mark(session, "oa", "nobody", "ok", None, post.now) is None
