"""What the notice of a spot check is decided on: the check as the ledger tells it, and whether the inbox can be read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from notifier.models import IN_APP, Reminder
from shared import ledger
from shared.access import lookup as access
from shared.access.models import SignInSession
from shared.directory import lookup as directory
from shared.progress.known import facts_of
from shared.progress.spots import Spot, spots_of


def of_day(session: Session, posting_id: str, day: dt.date) -> list[Spot]:
    """The checks of a posting's date."""
    return spots_of(facts_of(ledger.facts(session, posting_id, day, day)), day)


def reader(session: Session, posting_id: str, now: dt.datetime) -> tuple[str, bool]:
    """(person, whether his inbox can be read): an account that is not disabled, with a password or a session that lives."""
    person_id = directory.posting(session, posting_id).person_id
    account = access.account_by_person(session, person_id)
    if account is None or account.disabled_at is not None:
        return person_id, False
    living = sa.select(SignInSession.id).where(
        SignInSession.account_id == account.id, SignInSession.ended_at.is_(None), SignInSession.expires_at > now
    )
    return person_id, account.password_hash is not None or session.scalars(living).first() is not None


def open_notices(session: Session, subjects: Iterable[str]) -> list[Reminder]:
    """Notices of these checks that stand in an inbox."""
    query = sa.select(Reminder).where(Reminder.subject.in_(list(subjects)), Reminder.state == IN_APP)
    return list(session.scalars(query.with_for_update()))
