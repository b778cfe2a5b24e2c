"""A tap costs two statements: who sends it and what it is judged by, and the append (performance.md, "What follows" 2)."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from shared import clock, ledger
from shared.db import Database
from shared.service import Runtime
from tests.checkin.browser import application
from tests.checkin.routes.test_events import EVENTS, Api
from tests.checkin.scene import MORNING, doctor, item, shown_k, world


@pytest.fixture(params=["rt", "pg_rt"])
def town(request: pytest.FixtureRequest) -> Runtime:
    """The small world on each database."""
    found: Runtime = request.getfixturevalue(request.param)
    if request.param == "pg_rt":
        world(found)
    return found


@pytest.fixture
def said(town: Runtime, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every way into the database that is taken, in order: "rows", "alone", "writer", "read", "transaction"."""
    taken: list[str] = []

    def note(name: str) -> None:
        way = getattr(Database, name)

        def noted(self, *args, **kwargs):
            taken.append(name)
            return way(self, *args, **kwargs)

        monkeypatch.setattr(Database, name, noted)

    for name in ("rows", "alone", "writer", "read", "transaction"):
        note(name)
    return taken


def test_a_tap_reads_once_and_writes_once(town: Runtime, said: list[str]) -> None:
    with clock.at(MORNING):
        api = Api(town, application(town), doctor(town))
        api.post(EVENTS, item(town, doctor(town), k=shown_k(town, MORNING), direction="in"))
    with clock.at(later := MORNING + dt.timedelta(hours=4)):
        sent = item(town, doctor(town), k=shown_k(town, later), direction="out")
        said.clear()
        assert api.post(EVENTS, sent)[0] == 201
    ways = ["rows", "writer"] if town.db.dialect == "sqlite" else ["rows", "alone", "alone"]  # there `rows` goes by `alone`
    assert said == ways
    with town.db.read() as session:
        assert ledger.verify(session, town.keys) == []


@pytest.mark.parametrize("name", ["site_token", "person"])
def test_a_name_that_no_database_holds_is_refused_after_who_sent_it(town: Runtime, name: str) -> None:
    with clock.at(MORNING):
        api = Api(town, application(town), doctor(town))
        sent = item(town, doctor(town), direction="in")
        sent["body"][name] = "\ud800" * 32
        said = {"data": json.dumps(sent), "content_type": "application/json"}
        statuses = [api.client.post(EVENTS, **said, headers=headers).status_code for headers in ({}, api.headers)]
    assert statuses == [401, 422 if name == "site_token" else 409]


def test_what_is_read_ahead_is_of_nobody_else(town: Runtime) -> None:
    with clock.at(MORNING):
        api = Api(town, application(town), doctor(town))
        sent = item(town, doctor(town, "D2"), k=shown_k(town, MORNING), direction="in")
        status, refused = api.post(EVENTS, sent)
    assert (status, refused["slug"]) == (409, "not-your-record")
