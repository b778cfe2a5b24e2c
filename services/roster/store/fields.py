"""How the fields of a sheet are kept: which table, which column, and which of them hold another object's id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.roster.domain.view import Record
from shared.db import Base
from shared.directory.models import Agreement, Clinic, Organisation, Person, Posting, Seat

Ids = Mapping[str, Mapping[str, str]]
"""Sheet name -> code -> id; pairs under "pair" as "programme|supporter|recipient" ids -> id."""


@dataclass(frozen=True)
class Table:
    """One sheet's table: plain columns of the same name, references (field -> column, sheet), lists kept as JSON."""

    model: type[Base]
    plain: tuple[str, ...]
    references: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    lists: tuple[str, ...] = ()

    def columns(self, values: Record, ids: Ids) -> dict[str, Any]:
        """Column values of a record."""
        found = {name: list(values[name]) if name in self.lists else values[name] for name in self.plain}
        for name, (column, sheet) in self.references.items():
            found[column] = ids[sheet][values[name]] if values[name] else None
        return found

    def record(self, row: Any, codes: Mapping[str, str]) -> dict[str, Any]:
        """The record of a row; `codes` maps any id to its code."""
        found = {
            name: tuple(getattr(row, name)) if name in self.lists else getattr(row, name) for name in self.plain
        }  # fmt: skip
        for name, (column, _) in self.references.items():
            found[name] = codes.get(getattr(row, column) or "")
        return found


def _authority(name: str) -> tuple[str, str]:
    return f"{name}_id", "organisation"


TABLES: Mapping[str, Table] = {
    "organisation": Table(
        Organisation, ("code", "name", "kind", "recipient_level", "office_phone", "complaint_phone"),
        {name: _authority(name) for name in ("county", "city", "province")},
    ),
    "clinic": Table(
        Clinic, ("code", "name", "address", "lat_e6", "lon_e6", "crs", "radius_m"),
        {"organisation": _authority("organisation")},
    ),
    "person": Table(
        Person,
        ("code", "name", "phone", "roles", "sex", "birth_month", "id_last4", "title_rank", "title_since", "licence_no",
         "licence_since", "category", "specialty"),
        {"organisation": _authority("organisation"), "scope_organisation": _authority("scope_organisation")},
        ("roles",),
    ),
    "seat": Table(
        Seat, ("code", "specialty", "mode", "start", "end"),
        {"supporter": _authority("supporter"), "recipient": _authority("recipient")},
    ),
    "agreement": Table(Agreement, ("code", "signed", "start", "end", "targets")),
    "posting": Table(
        Posting, ("code", "mode", "team_leader", "start", "end", "registration_no", "doc_no"),
        {"person": ("person_id", "person"), "agreement": ("agreement_id", "agreement"),
         "recipient": _authority("recipient"), "seat": ("seat_id", "seat")},
    ),
}  # fmt: skip
