"""People of the roster as identity meets them."""

from __future__ import annotations

from services.identity.usecases import accounts
from shared.directory.models import Organisation, Person
from shared.ids import new_id
from shared.service import Runtime

PASSWORD = "mountain-spring-7"
PHONE = "13900000001"


def organisation(rt: Runtime, name: str = "县人民医院", kind: str = "supporter") -> str:
    """A new organisation's id."""
    with rt.db.transaction() as session:
        row = Organisation(id=new_id(), code=new_id(), name=name, kind=kind)
        session.add(row)
    return row.id


def person(rt: Runtime, phone: str = PHONE, roles: tuple[str, ...] = ("doctor",), scope: str | None = None) -> str:
    """A new person's id; the organisation is made along."""
    home = organisation(rt)
    with rt.db.transaction() as session:
        row = Person(
            id=new_id(), code=new_id(), name="王医生", phone=phone, organisation_id=home, roles=list(roles),
            scope_organisation_id=scope,
        )  # fmt: skip
        session.add(row)
    return row.id


def member(rt: Runtime, phone: str = PHONE, password: str = PASSWORD, roles: tuple[str, ...] = ("doctor",)) -> str:
    """A person who can sign in; gives the person's id."""
    person_id = person(rt, phone, roles)
    accounts.set_password(rt, person_id, password)
    return person_id
