"""The worker and ticker processes: they run until SIGTERM or SIGINT and finish what they have begun."""

from __future__ import annotations

import signal
import threading

from services.suite import composition
from shared import broker as brokers
from shared import logs
from shared.outbox import relay
from shared.service import Runtime

WORKER_THREADS = 4


def work(rt: Runtime, queues: frozenset[str]) -> None:
    """Work these queues (all when empty) until a signal asks to stop; then finish the jobs in hand."""
    import dramatiq

    logs.configure(rt.settings.log_level)
    stop = _until_stopped()
    broker = brokers.make_broker(rt.settings)
    brokers.bind(broker, rt, composition.services())
    worker = dramatiq.Worker(broker, queues=set(queues) or None, worker_threads=WORKER_THREADS, worker_timeout=1000)
    worker.start()
    logs.get("worker").info("worker.started", queues=sorted(queues) or "all")
    stop.wait()
    worker.stop()
    broker.close()


def tick(rt: Runtime) -> None:
    """Fire schedules and relay the outbox until a signal asks to stop."""
    logs.configure(rt.settings.log_level)
    stop = _until_stopped()
    services = composition.services()
    broker = brokers.make_broker(rt.settings)
    queues = {job.name: job.queue for job in composition.jobs(services).values()}
    schedules = [schedule for service in services for schedule in service.schedules]
    logs.get("ticker").info("ticker.started", schedules=len(schedules))
    relay.run(rt, broker, queues, schedules, stop)
    broker.close()


def _until_stopped() -> threading.Event:
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    return stopped
