"""The reports a reader may open: recipient x month, newest month first."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.reports.usecases.monthly import SUFFIXES
from services.reports.usecases.scope import readable
from shared import clock
from shared.calendar import months_between
from shared.directory.models import Organisation, Posting
from shared.roles import Principal
from shared.service import Runtime


def reports(rt: Runtime, who: Principal, after: tuple[Any, ...] | None, limit: int) -> list[dict[str, Any]]:
    """Up to limit + 1 rows after the key (month, recipient code, programme): months with a posting, begun by now."""
    today = clock.today()
    with rt.db.read() as session:
        query = (
            sa.select(Posting.programme_id, Posting.recipient_id, Organisation.code, Organisation.name, Posting.start,
                      Posting.end)
            .join(Organisation, Organisation.id == Posting.recipient_id)
            .where(readable(session, who), Posting.start <= today)
        )  # fmt: skip
        found = {
            (month, row.code, row.programme_id): row
            for row in session.execute(query)
            for month in months_between(row.start, min(row.end or today, today))
        }
    keys = sorted(sorted(found, key=lambda key: key[1:]), key=lambda key: key[0], reverse=True)
    start = next((n + 1 for n, key in enumerate(keys) if after is not None and key == tuple(after)), 0)
    return [_item(key, found[key]) for key in keys[start : start + limit + 1]]


def _item(key: tuple[str, str, str], row: Any) -> dict[str, Any]:
    address = f"/api/reports/monthly/{row.recipient_id}/{key[0]}"
    return {
        "month": key[0], "programme": key[2],
        "recipient": {"id": row.recipient_id, "code": row.code, "name": row.name},
        "links": {"json": address, **{suffix: f"{address}.{suffix}" for suffix in SUFFIXES}},
    }  # fmt: skip


def key_of(item: dict[str, Any]) -> tuple[str, str, str]:
    """The sort key of an item, for its cursor."""
    return item["month"], item["recipient"]["code"], item["programme"]
