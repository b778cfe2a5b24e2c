"""Which rows an importer may write (security.md §3): all of them, those of a county, or those of the own pairs. Pure.

A supporter's importer may leave rows of its paired recipients in the file as long as they change nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from services.roster.domain.book import Row
from services.roster.domain.mistakes import Mistake
from services.roster.domain.postings import supporter_of
from services.roster.domain.view import Record, View
from shared.roles import ADMINISTRATION, ROLES

SUPPORTER_GIVES = frozenset({"doctor", "team_leader", "supporter_admin", "quality_office", "hr_officer"})
COUNTY_GIVES = SUPPORTER_GIVES | {"recipient_admin", "witness", "finance_officer", "county_officer"}
ANYBODY = frozenset(ROLES) - {"kiosk"}
"""What the shell of the machine gives; over HTTP security and audit stay apart from system administration (S-07)."""
OUTSIDE = "不在您的管辖范围"
PLACE = frozenset({"kind", "county", "city", "province", "recipient_level"})
"""What only an authority says about a hospital."""


@dataclass(frozen=True)
class Scope:
    """What the importer may write. `everything`: the system's own shell or a system_admin."""

    everything: bool = False
    counties: frozenset[str] = frozenset()
    supporters: frozenset[str] = frozenset()
    person: str | None = None
    """Own code of the importer: nobody changes the own roles."""

    def gives(self) -> frozenset[str]:
        """Roles this importer may hand out or take away."""
        if self.everything:
            return ANYBODY - ADMINISTRATION | {"system_admin"} if self.person else ANYBODY
        return COUNTY_GIVES if self.counties else SUPPORTER_GIVES


def check(view: View, who: Scope) -> Iterator[Mistake]:
    """Rows outside the importer's scope, and roles he may not give."""
    for name in ("organisation", "clinic", "person", "seat", "agreement", "posting", "roster"):
        for row in view.rows(name):
            if not who.everything and not _allowed(view, who, row):
                yield row.mistake("", OUTSIDE)
    for row in view.rows("person"):
        yield from _roles(view, who, row)


def _roles(view: View, who: Scope, row: Row) -> Iterator[Mistake]:
    old = view.before("person", row.key)
    before, after = set(old["roles"] if old else ()), set(row.values.get("roles", ()))
    moved = old is not None and old["scope_organisation"] != row.values.get("scope_organisation")
    if not view.changed(row):
        return
    if refused := sorted((before | after) - who.gives()):
        yield row.mistake("roles", f"您不能授予或修改:{'、'.join(ROLES[role].label for role in refused)}")
    if row.key == who.person and (before != after or moved):
        yield row.mistake("roles", "不能修改本人的角色")
    scope = row.values.get("scope_organisation") or row.values.get("organisation")
    if not who.everything and not _organisation(view, who, scope):
        yield row.mistake("scope_organisation", OUTSIDE)


def _organisation(view: View, who: Scope, code: str | None) -> bool:
    """Whether the importer is in charge of an organisation: the own one, or one of the own county."""
    record = _organisation_record(view, code)
    return record is not None and (code in who.counties | who.supporters or record.get("county") in who.counties)


def _organisation_record(view: View, code: str | None) -> Record | None:
    """The organisation as it is, else as the workbook makes it: nobody moves one into his own county."""
    return view.before("organisation", code) or view.after("organisation", code)


def _paired(view: View, who: Scope, code: str | None) -> bool:
    return any((supporter, code) in view.known.pairs for supporter in who.supporters)


def _pair(view: View, who: Scope, supporter: str | None, recipient: str | None) -> bool:
    """Whether rows of this pair are the importer's: a county's recipient, or an existing pair of the own hospital."""
    owner = _organisation_record(view, recipient)
    if owner is not None and owner.get("county") in who.counties:
        return True
    return supporter in who.supporters and (supporter, recipient) in view.known.pairs


def _allowed(view: View, who: Scope, row: Row) -> bool:
    old = view.before(row.sheet.name, row.key) if row.sheet.name != "roster" else None
    now = _in_scope(view, who, row, row.values) and (old is None or _in_scope(view, who, row, old))
    return now or (old is not None and not view.changed(row) and _seen(view, who, row))


def _in_scope(view: View, who: Scope, row: Row, record: Record) -> bool:
    name = row.sheet.name
    if name == "organisation":
        return _may_write_organisation(view, who, row, record)
    if name == "clinic":
        owner = _organisation_record(view, record.get("organisation"))
        return owner is not None and owner.get("county") in who.counties
    if name == "person":
        return _organisation(view, who, record.get("organisation"))
    if name == "posting":
        return _pair(view, who, record.get("supporter") or supporter_of(view, row), record.get("recipient"))
    if name == "roster":
        posting = next((one for one in view.rows("posting") if one.key == record.get("posting")), None)
        stored = view.before("posting", record.get("posting"))
        if stored is not None:
            return _pair(view, who, stored["supporter"], stored["recipient"])
        return posting is not None and _in_scope(view, who, posting, posting.values)
    return _pair(view, who, record.get("supporter"), record.get("recipient"))


def _may_write_organisation(view: View, who: Scope, row: Row, record: Record) -> bool:
    if row.key in who.counties:
        return record.get("kind") == "county"
    if record.get("county") in who.counties:
        return record.get("kind") in ("supporter", "recipient", "area")
    return row.key in who.supporters and not PLACE & view.changed(row)


def _seen(view: View, who: Scope, row: Row) -> bool:
    """Whether an unchanged row may stay in the file: it describes the own hospital's pairs."""
    if row.sheet.name == "organisation":
        return _paired(view, who, row.key) or row.key in who.supporters
    if row.sheet.name in ("clinic", "person"):
        return _paired(view, who, row.values.get("organisation"))
    return False
