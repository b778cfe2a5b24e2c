"""Our own limits, kept in Valkey for all workers together and asked before a call (channels.md §6).

Exact windows, no buckets that fill up: a platform drops what comes too fast without saying so.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from redis.exceptions import RedisError

from shared import clock
from shared.ids import new_id

AWAY = dt.timedelta(minutes=1)
_TAKE = """
local now = tonumber(ARGV[1])
local free = now
for i, key in ipairs(KEYS) do
  local most, span = tonumber(ARGV[2 * i + 1]), tonumber(ARGV[2 * i + 2])
  redis.call('zremrangebyscore', key, '-inf', now - span)
  if redis.call('zcard', key) >= most then
    local oldest = redis.call('zrange', key, -most, -most, 'withscores')
    free = math.max(free, tonumber(oldest[2]) + span)
  end
end
if free > now then return free end
for i, key in ipairs(KEYS) do
  redis.call('zadd', key, now, ARGV[2])
  redis.call('pexpire', key, ARGV[2 * i + 2])
end
return 0
"""


@dataclass(frozen=True)
class Limit:
    """At most `most` in any `span`, counted under `scope`."""

    scope: str
    most: int
    span: dt.timedelta


class Limits:
    """The counters of one channel."""

    def __init__(self, client: Any, channel: str) -> None:
        self.client, self.channel = client, channel

    def take(self, limits: Sequence[Limit], now: dt.datetime) -> dt.datetime | None:
        """None, and one is counted in every limit; or when to ask again, and nothing is counted."""
        keys = [f"limit:{self.channel}:{_hidden(one.scope)}:{int(one.span.total_seconds())}" for one in limits]
        numbers = [number for one in limits for number in (one.most, int(one.span.total_seconds() * 1000))]
        try:
            free = int(self.client.eval(_TAKE, len(keys), *keys, int(now.timestamp() * 1000), new_id(), *numbers))
        except RedisError:
            return now + AWAY
        return dt.datetime.fromtimestamp(free / 1000, clock.SHANGHAI).astimezone(dt.UTC) if free else None


def _hidden(scope: str) -> str:
    """Nobody's userid or openid stands in a key."""
    return hashlib.sha256(scope.encode()).hexdigest()[:32]
