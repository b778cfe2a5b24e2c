"""Tokens and tickets in Valkey, encrypted: one fetch at a time per key, refreshed once, with a brake (channels.md §4).

They are lost with the broker and fetched again. Life is counted on the product's clock; Valkey's own expiry only tidies.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from shared import clock
from shared.keys import Keys, KeysError
from shared.wechat.errors import Action

EARLY = 300
LOCK_MILLISECONDS, PATIENCE, PAUSE = 15_000, 5.0, 0.05
MOST_FETCHES, BRAKE_SECONDS = 5, 600
_UNLOCK = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"


class TokenTrouble(Exception):
    """No token: what follows (retry, config, ...) and the platform's number, if it gave one."""

    def __init__(self, action: Action, errcode: int | None = None) -> None:
        super().__init__(f"{action} {errcode}")
        self.action, self.errcode = action, errcode


@dataclass(frozen=True)
class Fetched:
    """A new token or ticket and its life in seconds."""

    value: str
    expires_in: int


@functools.lru_cache(maxsize=4)
def connect(redis_url: str) -> Any:
    """The client of this process. It gives up quickly: a send can wait, a worker's thread cannot."""
    return Redis.from_url(redis_url, socket_timeout=5, socket_connect_timeout=2, retry=Retry(NoBackoff(), 0))


class Tokens:
    """The tokens of an installation."""

    def __init__(self, client: Any, keys: Keys) -> None:
        self.client, self.keys = client, keys

    def get(self, key: str, fetch: Callable[[], Fetched]) -> str:
        """The living token of this key, fetched when there is none. Raises TokenTrouble."""
        try:
            return self._read(key) or self._fetched(key, fetch)
        except RedisError as error:
            raise TokenTrouble(Action.RETRY) from error

    def replace(self, key: str, failed: str, fetch: Callable[[], Fetched]) -> str:
        """A token other than the one the platform refused; whoever comes second takes the first one's. Raises TokenTrouble."""
        try:
            if self._read(key) == failed:
                self.client.delete(_name("token", key))
            return self._read(key) or self._fetched(key, fetch)
        except RedisError as error:
            raise TokenTrouble(Action.RETRY) from error

    def _fetched(self, key: str, fetch: Callable[[], Fetched]) -> str:
        owner, until = secrets.token_hex(16), time.monotonic() + PATIENCE
        while not self.client.set(_name("lock", key), owner, nx=True, px=LOCK_MILLISECONDS):
            if time.monotonic() > until:
                raise TokenTrouble(Action.RETRY)
            time.sleep(PAUSE)
            if value := self._read(key):
                return value
        try:
            return self._read(key) or self._store(key, fetch)
        finally:
            self.client.eval(_UNLOCK, 1, _name("lock", key), owner)

    def _store(self, key: str, fetch: Callable[[], Fetched]) -> str:
        if self.client.incr(_name("fetches", key)) > MOST_FETCHES:
            raise TokenTrouble(Action.CONFIG)
        self.client.expire(_name("fetches", key), BRAKE_SECONDS, nx=True)
        new = fetch()
        life = new.expires_in - EARLY if new.expires_in > EARLY else new.expires_in / 2
        until = clock.now() + dt.timedelta(seconds=life)
        text = json.dumps([new.value, clock.iso(until)]).encode()
        self.client.set(_name("token", key), self.keys.wrap(text, key.encode()), ex=max(int(life), 1))
        return new.value

    def _read(self, key: str) -> str | None:
        kept = self.client.get(_name("token", key))
        if kept is None:
            return None
        try:
            value, until = json.loads(self.keys.unwrap(kept, key.encode()))
        except KeysError:
            return None
        return str(value) if clock.parse_iso(until) > clock.now() else None


def _name(kind: str, key: str) -> str:
    return f"wechat:{kind}:{key}"
