"""Deliveries are planned with the decision they follow from: one row per recipient, on the first channel that reaches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session

from notifier.domain import delivery as life
from notifier.models import Reminder
from notifier.models.deliveries import Delivery
from notifier.store import deliveries
from shared import outbox
from shared.events import DeliveryDue
from shared.ids import new_id

BATCH = 200


def plan(session: Session, reminders: Sequence[Reminder], now: dt.datetime) -> None:
    """Plan the push of these reminders inside the caller's transaction; whoever has no address is reached by the inbox alone.

    Idempotent: a (key, recipient, channel) planned before is left as it is.
    """
    reach = deliveries.usable(session, {reminder.person_id for reminder in reminders}, now)
    rows = []
    for reminder in reminders:
        addresses = reach.get(reminder.person_id, {})
        if channel := life.next_channel(addresses, ()):
            rows.append(deliveries.row(reminder, channel, addresses[life.ADDRESS_OF[channel]], now))
    ask(session, deliveries.insert(session, rows), None)


def ask(session: Session, ids: Sequence[str], run_after: dt.datetime | None) -> None:
    """Put one outbox message per 200 of these deliveries."""
    for start in range(0, len(ids), BATCH):
        outbox.put(session, DeliveryDue(new_id(), tuple(ids[start : start + BATCH])), run_after=run_after)


def fall_through(session: Session, row: Delivery, reminder: Reminder, now: dt.datetime) -> str | None:
    """Plan the next channel of a delivery that failed or was skipped; gives the new row's id, None when none is left."""
    if now > row.expires_at:
        return None
    addresses = deliveries.usable(session, [row.recipient], now).get(row.recipient, {})
    channel = life.next_channel(addresses, deliveries.tried(session, row.key))
    if channel is None:
        return None
    new = deliveries.insert(session, [deliveries.row(reminder, channel, addresses[life.ADDRESS_OF[channel]], now)])
    return new[0] if new else None
