"""Many ids in one condition: an array on PostgreSQL, where a list of parameters is parsed and planned anew for each length."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session


def among(session: Session, column: Any, ids: Iterable[str]) -> sa.ColumnElement[bool]:
    """Whether the column holds one of these ids."""
    listed = list(ids)
    if session.get_bind().dialect.name == "postgresql":
        found: sa.ColumnElement[bool] = column == sa.any_(sa.literal(listed, ARRAY(sa.String)))
        return found
    return column.in_(listed)  # type: ignore[no-any-return]
