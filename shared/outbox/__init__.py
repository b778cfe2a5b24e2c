"""The outbox: what was stored is worked. `from shared import outbox` is the door for services; the ticker uses `relay`."""

from shared.outbox.alone import alone
from shared.outbox.parked import Stats, listing, redrive, retry, stats
from shared.outbox.post import messages, put
from shared.outbox.receipt import JobFailed, drain, work
from shared.outbox.schedule import tick

__all__ = [
    "JobFailed",
    "Stats",
    "alone",
    "drain",
    "listing",
    "messages",
    "put",
    "redrive",
    "retry",
    "stats",
    "tick",
    "work",
]
