"""One job at a time where two at once would each miss what the other stores."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session


def alone(session: Session, names: Iterable[str]) -> None:
    """Wait until no other transaction holds any of these names, then hold them until this one ends.

    Called before anything is read: what others stored under the names is seen afterwards. Names are taken in one order,
    so two callers never deadlock. SQLite has one writing transaction at a time and needs nothing.
    """
    if session.get_bind().dialect.name == "postgresql":
        for name in sorted(set(names)):
            session.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})
