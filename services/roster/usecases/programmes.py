"""Programme files become versions: the shipped ones at `zhudian migrate`, uploaded ones by their activation.

No month is judged anew behind anybody's back: a version counts from a month that has not begun when it is activated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared import clock
from shared.directory import lookup, published
from shared.directory.models import ProgrammeVersion
from shared.ids import new_id
from shared.rules.load import Programme, load_programme, shipped
from shared.service import Runtime


def ensure_programmes(rt: Runtime) -> list[str]:
    """Load every shipped programme that is not loaded; gives the ids of those that are new or have a new version.

    The first version counts from the programme's beginning; a changed file from the first month that has not begun. Where
    an administrator has uploaded an own version, a changed file is stored and waits for its activation.
    """
    with rt.db.transaction() as session:
        return [programme_id for programme_id in sorted(shipped()) if _ensure(session, programme_id)]


def _ensure(session: Session, programme_id: str) -> bool:
    text = (resources.files("shared.rules") / "programmes" / f"{programme_id}.toml").read_bytes()
    sha256 = load_programme(text, programme_id).sha256
    known = versions_of(session, programme_id)
    if any(row.sha256 == sha256 for row in known):
        return False
    own = any(row.uploaded_by is not None for row in known)
    now = clock.now()
    session.add(ProgrammeVersion(
        id=new_id(), programme_id=programme_id, sha256=sha256, text=text.decode(),
        first_month=next_month() if known and not own else None, uploaded_by=None, created_at=now,
        activated_at=None if own else now,
    ))  # fmt: skip
    return True


def versions_of(session: Session, programme_id: str) -> Sequence[ProgrammeVersion]:
    """Every stored version of a programme, in the order in which they were stored."""
    query = sa.select(ProgrammeVersion).where(ProgrammeVersion.programme_id == programme_id)
    return session.scalars(query.order_by(ProgrammeVersion.created_at, ProgrammeVersion.id)).all()


def next_month() -> str:
    """The first month that has not begun, "2026-12"."""
    today = clock.today()
    return f"{today.year + today.month // 12:04d}-{today.month % 12 + 1:02d}"


def in_use(rt: Runtime) -> Mapping[str, Programme]:
    """The programmes by which the present month is judged, by id; those that are shipped where none is loaded."""
    if not database_made(rt):
        return shipped()
    with rt.db.read() as session:
        ids = sorted(lookup.programme_ids(session))
        return {name: lookup.programme(session, name, clock.today()) for name in ids} or shipped()


def loaded_years(rt: Runtime) -> frozenset[int]:
    """Years with an official calendar; without a database those that are published."""
    if not database_made(rt):
        return published.calendar().complete_years
    with rt.db.read() as session:
        return lookup.calendar(session).complete_years


def database_made(rt: Runtime) -> bool:
    """Whether `zhudian migrate` has run: looking into an SQLite file that is not there would make an empty one."""
    url = sa.make_url(rt.db.url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return False
    return sa.inspect(rt.db.engine).has_table(ProgrammeVersion.__tablename__)
