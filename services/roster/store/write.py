"""Rows of the directory, written: new objects with their ids, changed columns, half-days, secrets of a new clinic."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.roster.domain.book import Row
from services.roster.domain.view import Half
from services.roster.store.fields import TABLES
from services.roster.store.load import pair_key
from shared.directory.models import Pair, RosterHalfDay
from shared.ids import new_id
from shared.keys import Keys

TOKEN_BYTES = 24
MASTER_BYTES = 32


class Writer:
    """Writes the rows of one import; `ids` knows every code, new ones from the moment they are announced."""

    def __init__(self, session: Session, keys: Keys, ids: dict[str, dict[str, str]]) -> None:
        self._session = session
        self._keys = keys
        self.ids = ids

    def announce(self, rows: Iterable[Row]) -> None:
        """Give new objects their ids, so that rows of the same workbook can refer to each other in any order."""
        for row in rows:
            self.ids[row.sheet.name].setdefault(str(row.key), new_id())

    def pair(self, programme_id: str, supporter: str, recipient: str) -> str:
        """The id of a pair of codes, made when it is new."""
        supporter_id, recipient_id = self.ids["organisation"][supporter], self.ids["organisation"][recipient]
        key = pair_key(programme_id, supporter_id, recipient_id)
        if key not in self.ids["pair"]:
            self.ids["pair"][key] = new_id()
            values = {"programme_id": programme_id, "supporter_id": supporter_id, "recipient_id": recipient_id}
            self._session.execute(sa.insert(Pair).values(id=self.ids["pair"][key], **values))
        return self.ids["pair"][key]

    def columns(self, row: Row, extra: Mapping[str, Any]) -> dict[str, Any]:
        """Column values of a row, its id first."""
        name = row.sheet.name
        return {"id": self.ids[name][str(row.key)], **TABLES[name].columns(row.values, self.ids), **extra}

    def insert(self, name: str, rows: list[dict[str, Any]]) -> None:
        """Insert new objects of a sheet; a clinic gets its tokens and its wrapped master key."""
        if rows:
            made = [{**row, **self._clinic(row["id"])} for row in rows] if name == "clinic" else rows
            self._session.execute(sa.insert(TABLES[name].model), made)

    def update(self, name: str, rows: list[dict[str, Any]]) -> None:
        """Overwrite changed objects of a sheet."""
        if rows:
            self._session.execute(sa.update(TABLES[name].model), rows)

    def roster(self, posting: str, before: frozenset[Half], after: frozenset[Half]) -> None:
        """Bring the half-days of a posting from before to after; what stays is not touched."""
        posting_id, clinics = self.ids["posting"][posting], self.ids["clinic"]
        for day, session, _ in sorted(before - after):
            gone = sa.delete(RosterHalfDay).where(
                RosterHalfDay.posting_id == posting_id, RosterHalfDay.date == day, RosterHalfDay.session == session
            )
            self._session.execute(gone)
        new = [
            {"posting_id": posting_id, "date": day, "session": session, "clinic_id": clinics[clinic]}
            for day, session, clinic in sorted(after - before)
        ]
        if new:
            self._session.execute(sa.insert(RosterHalfDay), new)

    def _clinic(self, clinic_id: str) -> dict[str, Any]:
        """Two unguessable tokens (evidence.md §5) and the master key, sealed to this clinic."""
        return {
            "site_token": secrets.token_urlsafe(TOKEN_BYTES), "screen_token": secrets.token_urlsafe(TOKEN_BYTES),
            "master_wrapped": self._keys.wrap(secrets.token_bytes(MASTER_BYTES), clinic_id.encode()),
        }  # fmt: skip
