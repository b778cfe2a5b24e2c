"""The broker: a hint that may vanish at any moment. Exact settings of reliability.md §3.1 and §3.2, and their reasons there.

Actors are the jobs of the services, bound here at start; an actor receives (consumer, id of the outbox message).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import dramatiq
from dramatiq.middleware import CurrentMessage, Middleware, ShutdownNotifications, TimeLimit

from shared import logs, outbox
from shared.service import Job, Runtime, Service
from shared.settings import Settings

TIME_LIMIT = 240_000
HEARTBEAT = 60_000
MAINTENANCE_CHANCE = 100_000
SOCKET_SECONDS, CONNECT_SECONDS, HEALTH_SECONDS = 5, 2, 30

log = logs.get("broker")


class BrokerMissing(Exception):
    """No REDIS_URL: the operator names a Redis or Valkey, or starts everything with run.py, which brings one."""


class Measured(Middleware):
    """One log line per handed-out message: how long it took, and whether the actor raised."""

    def before_process_message(self, broker: dramatiq.Broker, message: Any) -> None:
        """Note the start; `broker_seconds` counts from here."""
        message.options["began"] = time.monotonic()

    def after_process_message(
        self, broker: dramatiq.Broker, message: Any, *, result: Any = None, exception: BaseException | None = None
    ) -> None:
        """Say how it ended; the outbox row says what it did."""
        seconds = round(time.monotonic() - message.options.pop("began", time.monotonic()), 3)
        names = {"job": message.actor_name, "broker_seconds": seconds, "attempt": message.message_id}
        if exception is None:
            log.info("broker.message", **names)
        else:
            log.error("broker.message_failed", error=type(exception).__name__, **names)


def middleware() -> list[Middleware]:
    """The explicit list: no Retries (the outbox retries), no AgeLimit (it drops silently), no Callbacks, no Pipelines."""
    return [TimeLimit(time_limit=TIME_LIMIT), ShutdownNotifications(), CurrentMessage(), Measured()]


def make_broker(settings: Settings) -> dramatiq.Broker:
    """A broker on the Redis or Valkey of the settings; connects at first use. Raises BrokerMissing without REDIS_URL."""
    from dramatiq.brokers.redis import RedisBroker
    from redis import Redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    if settings.redis_url is None:
        raise BrokerMissing("REDIS_URL names no Redis or Valkey; `python3 run.py` starts one of its own")
    client = Redis.from_url(
        settings.redis_url, socket_timeout=SOCKET_SECONDS, socket_connect_timeout=CONNECT_SECONDS,
        health_check_interval=HEALTH_SECONDS, retry=Retry(NoBackoff(), 0),
    )  # fmt: skip
    return RedisBroker(  # type: ignore[no-untyped-call]
        client=client, middleware=middleware(), heartbeat_timeout=HEARTBEAT, maintenance_chance=MAINTENANCE_CHANCE
    )


def bind(broker: dramatiq.Broker, rt: Runtime, services: Iterable[Service]) -> Mapping[str, str]:
    """Declare one actor per job of the services on this broker; gives the queue of each job, which the relay needs."""
    queues: dict[str, str] = {}
    for service in services:
        for job in service.jobs:
            dramatiq.actor(broker=broker, actor_name=job.name, queue_name=job.queue)(_actor(rt, job))
            queues[job.name] = job.queue
    return queues


def _actor(rt: Runtime, job: Job) -> Callable[[str, str], None]:
    """The function the broker calls. A failed job is written down already; other errors (no database) are the broker's
    to log, and the message comes again after its lease."""

    def work(consumer: str, message_id: str) -> None:
        try:
            outbox.work(rt, job, message_id)
        except outbox.JobFailed:
            log.debug("broker.job_failed", job=consumer, message_id=message_id)

    return work
