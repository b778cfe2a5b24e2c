"""How the channels stand: figures over the ledger of deliveries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

import sqlalchemy as sa
from sqlalchemy.orm import Session

from notifier.models.deliveries import Attempt, Delivery


def states(session: Session, since: dt.datetime) -> dict[str, dict[str, int]]:
    """{channel: {state: deliveries}} planned since."""
    query = sa.select(Delivery.channel, Delivery.state, sa.func.count()).where(Delivery.planned_at >= since)
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for channel, state, count in session.execute(query.group_by(Delivery.channel, Delivery.state)):
        found[channel][state] = count
    return found


def failing(session: Session, since: dt.datetime) -> dict[str, dict[int, int]]:
    """{channel: {errcode: calls}} of answers that were no success."""
    query = sa.select(Attempt.channel, Attempt.errcode, sa.func.count()).where(Attempt.started_at >= since, Attempt.errcode != 0)
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for channel, errcode, count in session.execute(query.group_by(Attempt.channel, Attempt.errcode)):
        found[channel][errcode or 0] = count
    return found


def repeated(session: Session, since: dt.datetime) -> dict[str, int]:
    """{channel: deliveries} called again after a call whose outcome was not known: the only ones that may arrive twice."""
    lost = sa.or_(Attempt.action == "unknown", Attempt.ended_at.is_(None))
    again = sa.exists().where(Attempt.delivery_id == Delivery.id, lost)
    query = sa.select(Delivery.channel, sa.func.count()).where(Delivery.planned_at >= since, Delivery.calls > 1, again)
    return dict(session.execute(query.group_by(Delivery.channel)).all())
