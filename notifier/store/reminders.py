"""The reminders themselves: planned once per key, decided once, closed when the fact changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from notifier.models import PLANNED, STANDING, Reminder
from notifier.store.among import among

_INSERT: dict[str, Callable[[Any], Any]] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
ROWS_AT_ONCE = 500


def plan(session: Session, rows: Sequence[dict[str, Any]]) -> list[str]:
    """Insert planned reminders; gives the ids of those whose key was new, in the order given."""
    new: set[str] = set()
    for start in range(0, len(rows), ROWS_AT_ONCE):
        statement = _INSERT[session.get_bind().dialect.name](Reminder).values(rows[start : start + ROWS_AT_ONCE])
        new.update(session.scalars(statement.on_conflict_do_nothing().returning(Reminder.id)))
    return [row["id"] for row in rows if row["id"] in new]


def known(session: Session, keys: Iterable[str]) -> set[tuple[str, str]]:
    """(key, person) of those of these keys that have been planned."""
    wanted = list(keys)
    found: set[tuple[str, str]] = set()
    for start in range(0, len(wanted), ROWS_AT_ONCE):
        query = sa.select(Reminder.key, Reminder.person_id).where(among(session, Reminder.key, wanted[start : start + ROWS_AT_ONCE]))
        found.update((row.key, row.person_id) for row in session.execute(query))
    return found


def planned(session: Session, ids: Iterable[str]) -> list[Reminder]:
    """Those of these reminders that still wait to be decided, in order of id."""
    query = sa.select(Reminder).where(among(session, Reminder.id, ids), Reminder.state == PLANNED).order_by(Reminder.id)
    return list(session.scalars(query))


def held(session: Session, ids: Iterable[str]) -> list[str]:
    """Ids of those that still wait to be decided, kept from others until the end of the transaction."""
    query = sa.select(Reminder.id).where(among(session, Reminder.id, ids), Reminder.state == PLANNED)
    return list(session.scalars(query.order_by(Reminder.id).with_for_update()))


def open_of(session: Session, subject: str, since: dt.datetime) -> list[Reminder]:
    """Reminders of a subject due since an instant that are planned or stand in an inbox."""
    query = sa.select(Reminder).where(
        Reminder.subject == subject, Reminder.due_at >= since, Reminder.state.in_((PLANNED, *STANDING))
    )
    return list(session.scalars(query.order_by(Reminder.id)))


def standing(session: Session, types: Iterable[str], since: dt.datetime) -> list[Reminder]:
    """Reminders of these rows due since an instant that stand in an inbox."""
    query = sa.select(Reminder).where(
        Reminder.type.in_(list(types)), Reminder.due_at >= since, Reminder.state.in_(STANDING)
    )
    return list(session.scalars(query.order_by(Reminder.id)))


def decided(session: Session, ids: Iterable[str], state: str, reason: str | None, now: dt.datetime, *, pushed: bool = False) -> None:
    """Write down what became of these reminders, and why."""
    values: dict[str, Any] = {"state": state, "reason": reason, "decided_at": now, **({"pushed_at": now} if pushed else {})}
    session.execute(sa.update(Reminder).where(among(session, Reminder.id, ids)).values(**values).execution_options(synchronize_session=False))


def decide(reminder: Reminder, state: str, reason: str | None, now: dt.datetime) -> None:
    """Write down what became of a reminder, and why."""
    reminder.state, reminder.reason, reminder.decided_at = state, reason, now


def open_ones(session: Session, ids: Iterable[str]) -> list[Reminder]:
    """Those of these that are planned or stand in an inbox, kept from others until the end of the transaction."""
    query = sa.select(Reminder).where(Reminder.id.in_(list(ids)), Reminder.state.in_((PLANNED, *STANDING)))
    return list(session.scalars(query.order_by(Reminder.id).with_for_update()))
