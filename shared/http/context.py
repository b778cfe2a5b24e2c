"""What a request stands on: the runtime of its application, and its first look into the database."""

from __future__ import annotations

import contextlib
import functools
from typing import cast

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from shared.db import Database
from shared.service import Runtime


def runtime() -> Runtime:
    """The runtime `create_web` was given."""
    return cast(Runtime, current_app.extensions["zhudian"])


def reading(rt: Runtime) -> contextlib.AbstractContextManager[Session]:
    """A session for the load of one object.

    On PostgreSQL in autocommit: BEGIN and ROLLBACK around a single SELECT would be two round trips more on every
    request, and READ COMMITTED gives each statement its own snapshot anyway.
    """
    if rt.db.dialect == "sqlite":
        return rt.db.read()
    return Session(_autocommit(rt.db), expire_on_commit=False)


@functools.lru_cache(maxsize=8)
def _autocommit(db: Database) -> sa.Engine:
    return db.engine.execution_options(isolation_level="AUTOCOMMIT")
