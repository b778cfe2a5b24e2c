"""The small world of `workbook.WORLD` in a database, and who is asking in it."""

from __future__ import annotations

import sqlalchemy as sa

from services.identity.usecases.accounts import sync
from services.roster.usecases.imports import import_workbook
from services.roster.usecases.programmes import ensure_programmes
from shared.access import lookup as access
from shared.access import store
from shared.directory.models import Clinic, Organisation, Person, Posting
from shared.roles import Grant, Principal
from shared.service import Runtime
from tests.factories.workbook import Rows, workbook, world

MODELS = {"organisation": Organisation, "clinic": Clinic, "person": Person, "posting": Posting}


def directory(rt: Runtime, rows: Rows | None = None) -> None:
    """Load the shipped programmes and import the small world (or these rows)."""
    ensure_programmes(rt)
    import_workbook(rt, workbook(rows or world()))


def id_of(rt: Runtime, kind: str, code: str) -> str:
    """The id behind a code of a sheet ("organisation", "clinic", "person", "posting")."""
    model = MODELS[kind]
    with rt.db.read() as session:
        return session.scalars(sa.select(model.id).where(model.code == code)).one()


def principal(rt: Runtime, person: str, role: str, scope: str | None = None) -> Principal:
    """A person of the world in a role, over the organisation with this code (the own one unless said)."""
    with rt.db.read() as session:
        row = session.scalars(sa.select(Person).where(Person.code == person)).one()
        where = Organisation.code == scope if scope else Organisation.id == row.organisation_id
        organisation = session.scalars(sa.select(Organisation.id).where(where)).one()
    return Principal(f"account-{person}", row.id, (Grant(role, organisation),))


def bearer(rt: Runtime, person: str) -> dict[str, str]:
    """Request headers that sign this person of the world in, with the roles of the roster."""
    person_id = id_of(rt, "person", person)
    with rt.db.transaction() as session:
        sync(session, {person_id})
        account = access.account_by_person(session, person_id)
        secret, _ = store.open_token(session, account.id)
    return {"Authorization": f"Bearer {secret}"}
