"""The whole product behind one address in this process: every service on a fresh database, the small world in it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from werkzeug.serving import make_server

from services.identity.usecases import accounts
from services.suite import composition
from shared import outbox
from shared.directory.models import Clinic, Person
from shared.http.app import create_web
from shared.service import Runtime
from tests.factories.directory import directory

PASSWORD = "mountain-spring-7"


@dataclass(frozen=True)
class Site:
    """A served product: its address, the tokens of one clinic, and a way to work what waits in the outbox."""

    rt: Runtime
    url: str
    site_token: str
    screen_token: str

    def drain(self) -> None:
        """Fold, judge and notify now."""
        outbox.drain(self.rt, composition.jobs(composition.services()))


@pytest.fixture
def site(rt: Runtime) -> Iterator[Site]:
    """The small world, its first physician able to sign in, served on a free port."""
    directory(rt)
    outbox.drain(rt, composition.jobs(composition.services()))
    with rt.db.transaction() as session:
        physician = session.scalars(sa.select(Person.id).where(Person.code == "D1")).one()
        clinic = session.scalars(sa.select(Clinic).where(Clinic.code == "SQ1")).one()
        tokens = clinic.site_token, clinic.screen_token
    accounts.set_password(rt, physician, PASSWORD)
    server = make_server("127.0.0.1", 0, create_web(rt, composition.services()), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Site(rt, f"http://127.0.0.1:{server.server_port}", *tokens)
    server.shutdown()
    thread.join()
    server.server_close()
