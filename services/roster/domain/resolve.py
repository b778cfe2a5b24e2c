"""Words of a workbook that stand for something else: an authority by its name, a mode by its label. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from services.roster.domain.book import Book, Row
from services.roster.domain.view import Known, Record
from shared.rules.load import Programme

AUTHORITIES = ("county", "city", "province")


def resolve(book: Book, known: Known) -> Book:
    """The book with codes for authorities and identifiers for modes; a word nobody knows stays, and is refused later."""
    rows = {name: list(found) for name, found in book.rows.items()}
    named = {row.key: row.values for row in rows["organisation"] if row.key}
    directory = Authorities({**known.records["organisation"], **named})
    rows["organisation"] = [_authorities(row, directory) for row in rows["organisation"]]
    rows["seat"] = [_mode(row, known.programmes) for row in rows["seat"]]
    rows["posting"] = [_mode(row, _only(known.programmes, row.values.get("programme"))) for row in rows["posting"]]
    return Book(rows, book.mistakes)


@dataclass
class Authorities:
    """The organisations of before and after, and the words already looked up in them."""

    organisations: Mapping[str, Record]
    _found: dict[tuple[str, str], str] = field(default_factory=dict)

    def code(self, word: str, kind: str) -> str:
        """The code for a code, a full name, or a name's beginning that fits one authority only (区 for its 卫健委)."""
        if word not in self.organisations and (word, kind) not in self._found:
            fitting = [
                code for code, one in self.organisations.items()
                if one.get("kind") == kind and str(one.get("name") or "").startswith(word)
            ]  # fmt: skip
            self._found[word, kind] = fitting[0] if len(fitting) == 1 else word
        return self._found.get((word, kind), word)


def _authorities(row: Row, directory: Authorities) -> Row:
    found = {kind: directory.code(row.values[kind], kind) for kind in AUTHORITIES if row.values.get(kind)}
    own = {kind: None for kind, code in found.items() if code == row.key}  # an authority is not above itself
    return replace(row, values={**row.values, **found, **own})


def _only(programmes: Mapping[str, Programme], programme_id: str | None) -> Mapping[str, Programme]:
    return {programme_id: programmes[programme_id]} if programme_id and programme_id in programmes else {}


def _mode(row: Row, programmes: Mapping[str, Programme]) -> Row:
    labels = {mode.label: mode.id for programme in programmes.values() for mode in programme.modes.values()}
    word = row.values.get("mode")
    return replace(row, values={**row.values, "mode": labels[word]}) if word in labels else row
