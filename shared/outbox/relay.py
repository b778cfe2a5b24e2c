"""From the outbox to the broker: hand out message ids, which may be lost at any moment (reliability.md O4-O8).

Any number of relays may run. The broker is asked before anything is leased, and a message that could not be published
is given back at once: while the broker is down nothing is leased and no attempt is counted.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

import dramatiq
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from shared import clock, logs
from shared.outbox.failpoint import reach
from shared.outbox.lease import BATCH, Leased, due, fail, lease, undo
from shared.outbox.models import OutboxMessage
from shared.outbox.receipt import Home
from shared.outbox.schedule import Firing, tick

POLL_SECONDS = 1.0

log = logs.get("relay")


def run(
    rt: Home, broker: dramatiq.Broker, queues: Mapping[str, str], schedules: Sequence[Firing], stop: threading.Event,
    poll_seconds: float = POLL_SECONDS,
) -> None:  # fmt: skip
    """The ticker: fire what is due and relay what is open until `stop` is set; a database that is away is waited for."""
    while not stop.is_set():
        try:
            tick(rt, schedules)
            while relay_once(rt, broker, queues) == BATCH and not stop.is_set():
                pass
        except SQLAlchemyError:
            log.exception("relay.database")
        stop.wait(poll_seconds)


def relay_once(rt: Home, broker: dramatiq.Broker, queues: Mapping[str, str]) -> int:
    """Lease up to 100 due messages and publish them; gives the number published. `queues` maps each job to its queue."""
    with rt.db.read() as session:
        if session.scalar(due(clock.now()).limit(1)) is None:
            return 0
    if not answers(broker):
        return 0
    with rt.db.transaction() as session:
        leased = _known(session, lease(session, clock.now(), rt.settings.outbox_lease), queues)
    reach(rt.settings, "relay.before_publish")
    for number, message in enumerate(leased):
        try:
            broker.enqueue(_invitation(message, queues[message.consumer]))
        except Exception:  # whatever the broker's client raises, the message must be given back
            log.warning("relay.publish_failed", given_back=len(leased) - number, exc_info=True)
            with rt.db.transaction() as session:
                undo(session, leased[number:])
            return number
    reach(rt.settings, "relay.after_publish")
    return len(leased)


def answers(broker: dramatiq.Broker) -> bool:
    """Whether the broker can be reached now; a broker inside the process always can."""
    client = getattr(broker, "client", None)
    try:
        return client is None or bool(client.ping())
    except Exception:  # the client's own error classes are not ours to know
        log.warning("relay.broker_away")
        return False


def _known(session: Session, leased: list[Leased], queues: Mapping[str, str]) -> list[Leased]:
    """The messages that some job consumes, their queue noted; the others fail, so that they park and are seen."""
    for message in leased:
        if queue := queues.get(message.consumer):
            session.execute(sa.update(OutboxMessage).where(OutboxMessage.id == message.id).values(queue=queue))
        else:
            fail(session, message.id, f"no job is called {message.consumer}", clock.now())
    return [message for message in leased if message.consumer in queues]


def _invitation(message: Leased, queue: str) -> dramatiq.Message[None]:
    """The broker's message: whom to ask, and the id of the row that says what about."""
    args = (message.consumer, message.id)
    return dramatiq.Message(queue_name=queue, actor_name=message.consumer, args=args, kwargs={}, options={})
