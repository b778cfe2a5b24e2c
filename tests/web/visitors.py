"""Signed-in browsers in the small world of tests/factories."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from shared.access import store
from shared.directory.models import Organisation, Person
from shared.roles import Grant
from shared.service import Runtime


def signed_in(app: Flask, rt: Runtime, person: str, role: str, scope: str | None = None) -> FlaskClient:
    """A client with the session of a person of the world in one role, over the organisation with this code."""
    with rt.db.transaction() as session:
        row = session.scalars(sa.select(Person).where(Person.code == person)).one()
        over = sa.select(Organisation.id).where(Organisation.code == scope)
        account = store.add_account(session, row.id, f"phone-{person}-{role}")
        store.set_grants(session, account.id, [Grant(role, session.scalar(over) if scope else row.organisation_id)])
        secret = store.open_session(session, account.id)
    client = app.test_client()
    client.set_cookie("zd_session", secret)
    return client


def anonymous(app: Flask) -> FlaskClient:
    """A client nobody has signed in with."""
    return app.test_client()
