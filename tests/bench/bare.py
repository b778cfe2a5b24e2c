"""What everything is measured against: Flask with one SQLAlchemy Core insert per request, nothing else."""

from __future__ import annotations

import os
from typing import Any

import flask
import sqlalchemy as sa

from shared.db import Database

TABLE = sa.Table(
    "bench_bare", sa.MetaData(), sa.Column("id", sa.String(36), primary_key=True), sa.Column("person", sa.String(36)),
    sa.Column("direction", sa.String(3)), sa.Column("body", sa.Text),
)  # fmt: skip


def application() -> Any:
    """POST / stores its JSON body in one committed transaction. On SQLite its writers do not queue: they wait and try again."""
    app, database = flask.Flask(__name__), Database(os.environ["DATABASE_URL"])

    @app.post("/")
    def store() -> Any:
        data = flask.request.get_json()
        body = data["body"]
        with database.engine.begin() as connection:
            row = {"id": body["client_event_id"], "person": body["person"], "direction": body["direction"], "body": str(body)}
            connection.execute(TABLE.insert(), row)
        return {"ok": True}, 201

    return app
