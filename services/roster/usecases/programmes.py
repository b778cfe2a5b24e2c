"""Programme files become versions: the shipped ones at `zhudian migrate`, later ones for months that have not begun."""

from __future__ import annotations

from importlib import resources

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared import clock
from shared.directory.models import ProgrammeVersion
from shared.ids import new_id
from shared.rules.load import load_programme, shipped
from shared.service import Runtime


def ensure_programmes(rt: Runtime) -> list[str]:
    """Load every shipped programme that is not loaded; gives the ids of those that are new or have a new version.

    The first version counts from the programme's beginning; a changed file from the first month that has not begun, so
    no month is judged anew behind anybody's back.
    """
    with rt.db.transaction() as session:
        return [programme_id for programme_id in sorted(shipped()) if _ensure(session, programme_id)]


def _ensure(session: Session, programme_id: str) -> bool:
    text = (resources.files("shared.rules") / "programmes" / f"{programme_id}.toml").read_bytes()
    sha256 = load_programme(text, programme_id).sha256
    known = list(
        session.scalars(sa.select(ProgrammeVersion.sha256).where(ProgrammeVersion.programme_id == programme_id))
    )
    if sha256 in known:
        return False
    today = clock.today()
    month = f"{today.year + today.month // 12:04d}-{today.month % 12 + 1:02d}" if known else None
    session.add(ProgrammeVersion(
        id=new_id(), programme_id=programme_id, sha256=sha256, text=text.decode(), first_month=month, uploaded_by=None,
        created_at=clock.now(), activated_at=clock.now(),
    ))  # fmt: skip
    return True
