"""Shipped programme files become versions once; a changed file counts from a month that has not begun."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from services.roster.usecases.programmes import ensure_programmes
from shared import clock
from shared.directory import lookup
from shared.directory.models import ProgrammeVersion
from shared.rules.load import shipped
from shared.service import Runtime


def versions(rt: Runtime) -> list[tuple[str, str | None]]:
    with rt.db.read() as session:
        query = sa.select(ProgrammeVersion.programme_id, ProgrammeVersion.first_month)
        return sorted(map(tuple, session.execute(query)), key=repr)


def test_every_shipped_programme_is_loaded_once(rt: Runtime):
    assert ensure_programmes(rt) == sorted(shipped())
    assert ensure_programmes(rt) == []
    assert versions(rt) == sorted(((name, None) for name in shipped()), key=repr)


def test_a_loaded_programme_is_the_shipped_one(rt: Runtime):
    ensure_programmes(rt)
    with rt.db.read() as session:
        for name, programme in shipped().items():
            assert lookup.programme(session, name, "2026-11") == programme


@pytest.mark.parametrize(
    ("now", "month"),
    [("2026-11-30T15:59:59Z", "2026-12"), ("2026-11-30T16:00:00Z", "2027-01"), ("2026-12-15T00:00:00Z", "2027-01")],
)
def test_a_changed_file_counts_from_the_first_month_that_has_not_begun(rt: Runtime, now: str, month: str):
    ensure_programmes(rt)
    with rt.db.transaction() as session:  # as if an older release had loaded another file
        session.execute(sa.update(ProgrammeVersion).values(sha256="sha256:" + "0" * 64))
    with clock.at(dt.datetime.fromisoformat(now)):
        assert ensure_programmes(rt) == sorted(shipped())
        assert ensure_programmes(rt) == []
    assert {first for _, first in versions(rt)} == {None, month}
