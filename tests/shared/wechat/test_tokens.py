"""The token manager: one fetch for twenty threads, one refresh, a brake, and nothing readable in Valkey."""

import datetime as dt
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis

from shared import clock
from shared.wechat.errors import Action
from shared.wechat.official import OfficialAccount
from shared.wechat.tokens import Fetched, Tokens, TokenTrouble, connect
from shared.wechat.wecom import WeCom

NOW = dt.datetime(2026, 10, 12, 0, 0, tzinfo=dt.UTC)


@pytest.fixture
def tokens(rt, redis_url) -> Tokens:
    """On an empty Valkey."""
    return Tokens(connect(redis_url), rt.keys)


def test_twenty_threads_and_an_empty_cache_make_one_fetch(connected, wechat, redis_url):
    rt = connected()
    together = threading.Barrier(20)

    def ask(_):
        account = OfficialAccount(rt.settings.channels.oa, rt.settings.channels, Tokens(connect(redis_url), rt.keys))
        together.wait()
        return account.ticket()

    with ThreadPoolExecutor(20) as pool:
        assert len(set(pool.map(ask, range(20)))) == 1
    assert len(wechat.calls("/cgi-bin/stable_token")) == 1
    assert len(wechat.calls("/cgi-bin/ticket/getticket")) == 1


def test_a_token_ends_five_minutes_early(tokens):
    numbers = iter("abc")
    fetch = lambda: Fetched(next(numbers), 7200)  # noqa: E731
    with clock.at(NOW):
        assert tokens.get("k", fetch) == "a"
    with clock.at(NOW + dt.timedelta(seconds=6899)):
        assert tokens.get("k", fetch) == "a"
    with clock.at(NOW + dt.timedelta(seconds=6901)):
        assert tokens.get("k", fetch) == "b"


def test_a_short_life_counts_by_half(tokens):
    numbers = iter("ab")
    fetch = lambda: Fetched(next(numbers), 100)  # noqa: E731
    with clock.at(NOW):
        tokens.get("k", fetch)
    with clock.at(NOW + dt.timedelta(seconds=51)):
        assert tokens.get("k", fetch) == "b"


def test_whoever_comes_second_with_a_refused_token_takes_the_new_one(tokens):
    numbers = iter("abc")
    fetch = lambda: Fetched(next(numbers), 7200)  # noqa: E731
    assert tokens.get("k", fetch) == "a"
    assert tokens.replace("k", "a", fetch) == "b"
    assert tokens.replace("k", "a", fetch) == "b", "the first has been replaced already"


def test_the_brake_holds_after_five_fetches(tokens):
    fetched = []

    def fetch():
        fetched.append(len(fetched))
        return Fetched(f"t{len(fetched)}", 7200)

    value = tokens.get("k", fetch)
    for _ in range(4):
        value = tokens.replace("k", value, fetch)
    with pytest.raises(TokenTrouble) as braked:
        tokens.replace("k", value, fetch)
    assert (len(fetched), braked.value.action) == (5, Action.CONFIG)


def test_nothing_in_valkey_can_be_read_without_the_key_file(tokens, redis_url):
    tokens.get("k", lambda: Fetched("very-secret-token", 7200))
    client = redis.Redis.from_url(redis_url)
    values = [client.get(key) for key in client.keys("wechat:token:*")]
    assert len(values) == 1
    assert b"very-secret-token" not in values[0]


def test_with_valkey_away_a_call_is_tried_again_later(rt, tmp_path):
    away = Tokens(connect(f"unix://{tmp_path}/nobody.sock"), rt.keys)
    with pytest.raises(TokenTrouble) as trouble:
        away.get("k", lambda: Fetched("t", 7200))
    assert trouble.value.action is Action.RETRY


def test_whoever_waits_too_long_for_the_other_one_gives_up(tokens, redis_url, monkeypatch):
    monkeypatch.setattr("shared.wechat.tokens.PATIENCE", 0.2)
    redis.Redis.from_url(redis_url).set("wechat:lock:k", "somebody")
    began = time.monotonic()
    with pytest.raises(TokenTrouble) as trouble:
        tokens.get("k", lambda: Fetched("t", 7200))
    assert trouble.value.action is Action.RETRY
    assert time.monotonic() - began < 3


def test_two_secrets_never_share_a_token(connected, wechat, redis_url, rt):
    both = [connected(WECOM_AGENTID=agent).settings.channels for agent in ("1000002", "1000003")]
    keys = {WeCom(one.wecom, one, Tokens(connect(redis_url), rt.keys)).calls.key("token") for one in both}
    assert len(keys) == 2
