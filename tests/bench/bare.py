"""What everything is measured against: Flask with one SQLAlchemy Core insert per request, nothing else.

Twice: `application` with the engine of this product, `plain` with an engine as any Flask project makes one.
"""

from __future__ import annotations

import os
from typing import Any

import flask
import sqlalchemy as sa

from shared.db import Database

METADATA = sa.MetaData()


def _table(name: str) -> sa.Table:
    return sa.Table(
        name, METADATA, sa.Column("id", sa.String(36), primary_key=True), sa.Column("person", sa.String(36)),
        sa.Column("direction", sa.String(3)), sa.Column("body", sa.Text),
    )  # fmt: skip


BARE, PLAIN = _table("bench_bare"), _table("bench_plain")


def application() -> Any:
    """POST / stores its JSON body in one committed transaction. On SQLite its writers do not queue: they wait and try again."""
    return _application(Database(os.environ["DATABASE_URL"]).engine, BARE)


def plain() -> Any:
    """The same on an engine without a setting of ours."""
    return _application(sa.create_engine(os.environ["DATABASE_URL"]), PLAIN)


def _application(engine: sa.Engine, table: sa.Table) -> Any:
    app = flask.Flask(__name__)

    @app.post("/")
    def store() -> Any:
        data = flask.request.get_json()
        body = data["body"]
        with engine.begin() as connection:
            row = {"id": body["client_event_id"], "person": body["person"], "direction": body["direction"], "body": str(body)}
            connection.execute(table.insert(), row)
        return {"ok": True}, 201

    return app
