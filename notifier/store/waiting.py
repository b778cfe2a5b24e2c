"""What waits for a decision, phones that hold something unsent, and lines of digests."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from notifier.domain.contact import Reported
from notifier.domain.requests import Waiting
from notifier.models import DIGESTED, Reminder
from notifier.store.offices import Offices
from shared.directory.models import Posting
from shared.progress.models import Contact, OpenRequest


def requests(session: Session, only: Collection[str] | None = None, since: dt.datetime | None = None) -> list[Waiting]:
    """Open requests that an office decides; `only` these ids; asked since an instant."""
    query = sa.select(OpenRequest, Posting.supporter_id, Posting.recipient_id).join(Posting, Posting.id == OpenRequest.posting_id)
    query = query.where(OpenRequest.role != "doctor")
    query = query if only is None else query.where(OpenRequest.id.in_(list(only)))
    query = query if since is None else query.where(OpenRequest.asked_at >= since)
    offices = Offices(session)
    return [
        Waiting(one.id, one.kind, one.role, one.scope_id, one.asked_at, one.day_from, tuple(offices.between(supporter, recipient).items()))
        for one, supporter, recipient in session.execute(query.order_by(OpenRequest.asked_at, OpenRequest.id))
    ]  # fmt: skip


def reported(session: Session, since: dt.datetime, only: Collection[str] | None = None) -> list[Reported]:
    """The newest contact of each person's phones since an instant; what any of them still holds counts."""
    query = sa.select(Contact.person_id, Contact.at, Contact.unsent).where(Contact.at >= since)
    holding = sa.select(Contact.person_id).where(Contact.at >= since, Contact.unsent > 0)
    query = query.where(Contact.person_id.in_(holding if only is None else list(only)))
    newest: dict[str, Reported] = {}
    for person, at, unsent in session.execute(query.order_by(Contact.at)):
        newest[person] = Reported(person, at, unsent)
    return list(newest.values())


def lines(session: Session, since: dt.datetime, only: Collection[str] | None = None) -> dict[str, Counter[str]]:
    """Person -> how many lines of each row stand in his digest."""
    query = sa.select(Reminder.person_id, Reminder.type, sa.func.count()).where(
        Reminder.state == DIGESTED, Reminder.due_at >= since
    )
    query = query if only is None else query.where(Reminder.person_id.in_(list(only)))
    found: dict[str, Counter[str]] = {}
    for person, kind, number in session.execute(query.group_by(Reminder.person_id, Reminder.type)):
        found.setdefault(person, Counter())[kind] = number
    return found
