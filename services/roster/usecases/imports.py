"""Import a roster workbook: everything in it, or nothing and every mistake."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from services.roster import workbook
from services.roster.domain import rosters
from services.roster.domain.book import Book, Row, parse
from services.roster.domain.check import check
from services.roster.domain.postings import supporter_of
from services.roster.domain.resolve import resolve
from services.roster.domain.scope import Scope
from services.roster.domain.sheets import SHEETS
from services.roster.domain.view import Record, View
from services.roster.store.load import Directory, load, lock
from services.roster.store.write import Writer
from services.roster.usecases.facts import Facts
from services.roster.workbook import WorkbookInvalid
from shared import outbox
from shared.directory.models import Organisation, Person
from shared.events import PeopleImported
from shared.ids import new_id
from shared.roles import Principal
from shared.service import Runtime

PEOPLE_PER_MESSAGE = 500


@dataclass(frozen=True)
class Imported:
    """What an import did (or, dry, would do): objects and posting-months created, changed and left as they were."""

    import_id: str
    created: int
    changed: int
    unchanged: int
    dry_run: bool = False

    def to_dict(self) -> dict[str, object]:
        """As the answer of the API and of `--json`."""
        return asdict(self)


def import_workbook(rt: Runtime, data: bytes, who: Principal | None = None, *, dry_run: bool = False) -> Imported:
    """Import the workbook for a principal, or for the machine's own shell (None).

    Raises WorkbookInvalid with every mistake; then, and with `dry_run`, nothing is stored.
    """
    book = parse(workbook.tables(data))
    if dry_run:
        with rt.db.read() as session:
            view, _ = _checked(session, book, who)
        return _count(view, new_id(), dry_run=True)
    with rt.db.transaction() as session:
        lock(session)
        view, directory = _checked(session, book, who)
        counted = _count(view, new_id())
        if counted.created or counted.changed:
            _store(rt, session, view, directory, who, counted.import_id)
        return counted


def _checked(session: Session, book: Book, who: Principal | None) -> tuple[View, Directory]:
    """The workbook against the directory. Raises WorkbookInvalid."""
    directory = load(session, book)
    view = View(resolve(book, directory.known), directory.known)
    if mistakes := check(view, scope_of(session, who)):
        raise WorkbookInvalid(mistakes)
    return view, directory


def scope_of(session: Session, who: Principal | None) -> Scope:
    """What this importer may write; the shell of the machine and system_admin everything."""
    if who is None:
        return Scope(everything=True)
    person = session.get(Person, who.person_id) if who.person_id else None
    own = person.code if person else ""
    if who.has("system_admin"):
        return Scope(everything=True, person=own)
    return Scope(
        counties=_codes(session, who.scopes("county_officer")),
        supporters=_codes(session, who.scopes("supporter_admin")), person=own,
    )  # fmt: skip


def _codes(session: Session, ids: frozenset[str]) -> frozenset[str]:
    return frozenset(found.code for key in ids if (found := session.get(Organisation, key)))


def _count(view: View, import_id: str, *, dry_run: bool = False) -> Imported:
    found = Counter(
        "created" if view.before(row.sheet.name, row.key) is None else "changed" if view.changed(row) else "unchanged"
        for row in _objects(view)
    )
    for key, month in rosters.months(view).items():
        before = view.known.rosters.get(key, frozenset())
        found["unchanged" if month.half_days() == before else "changed" if before else "created"] += 1
    return Imported(import_id, found["created"], found["changed"], found["unchanged"], dry_run)


def _objects(view: View) -> Iterator[Row]:
    return (row for sheet in SHEETS if sheet.name != "roster" for row in view.rows(sheet.name))


def _store(
    rt: Runtime, session: Session, view: View, directory: Directory, who: Principal | None, import_id: str
) -> None:
    """Write rows, facts and messages of a workbook without mistakes."""
    before: dict[str, Record] = dict(view.known.records["posting"])
    writer = Writer(session, rt.keys, directory.ids)
    writer.announce(_objects(view))
    facts = Facts(rt, session, view, writer.ids, who, import_id)
    for sheet in SHEETS[:-1]:
        _store_sheet(writer, view, sheet.name, facts)
    for (posting, month), found in rosters.months(view).items():
        old = view.known.rosters.get((posting, month), frozenset())
        if found.half_days() != old:
            writer.roster(posting, old, found.half_days())
            facts.roster(posting, month, found.half_days())
    facts.append(before)
    people = [writer.ids["person"][str(row.key)] for row in view.rows("person") if view.changed(row)]
    for start in range(0, len(people), PEOPLE_PER_MESSAGE):
        part = f"{import_id}/{start // PEOPLE_PER_MESSAGE}" if start else import_id
        outbox.put(session, PeopleImported(part, tuple(people[start : start + PEOPLE_PER_MESSAGE])))


def _store_sheet(writer: Writer, view: View, name: str, facts: Facts) -> None:
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for row in view.rows(name):
        if not view.changed(row):
            continue
        columns = writer.columns(row, _derived(writer, view, row))
        (new if view.before(name, row.key) is None else changed).append(columns)
        facts.note(row)
    writer.insert(name, new)
    writer.update(name, changed)


def _derived(writer: Writer, view: View, row: Row) -> dict[str, object]:
    """Columns that no single cell holds: the pair of an agreement or posting, and who sends."""
    values = row.values
    if row.sheet.name == "agreement":
        return {"pair_id": writer.pair(values["programme"], values["supporter"], values["recipient"])}
    if row.sheet.name != "posting":
        return {}
    supporter = str(supporter_of(view, row))
    return {
        "programme_id": values["programme"], "supporter_id": writer.ids["organisation"][supporter],
        "pair_id": writer.pair(values["programme"], supporter, values["recipient"]),
        "clinics": [writer.ids["clinic"][code] for code in values["clinics"]],
    }  # fmt: skip
