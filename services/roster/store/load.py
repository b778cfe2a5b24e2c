"""The directory as it stands, as records of codes: all that a workbook can touch, in a bounded number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.roster.domain.book import Book
from services.roster.domain.view import Half, Known
from services.roster.store.fields import TABLES
from shared.db import Base
from shared.directory import lookup
from shared.directory.models import Agreement, Clinic, Organisation, Pair, Person, Posting, RosterHalfDay, Seat
from shared.progress.models import MonthState

CHUNK = 500
"""Values of one IN list."""
ONE_IMPORT_AT_A_TIME = 7_302_026
"""Key of the PostgreSQL advisory lock; SQLite has one writer anyway."""


@dataclass
class Directory:
    """What was loaded: the records, and the id behind every code."""

    known: Known
    ids: dict[str, dict[str, str]]
    """Sheet name -> code -> id, and "pair" -> "programme|supporter id|recipient id" -> id."""


def lock(session: Session) -> None:
    """Let one import at a time look and write; the lock goes with the transaction."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(ONE_IMPORT_AT_A_TIME)))


def load(session: Session, book: Book) -> Directory:
    """Organisations, clinics, seats, agreements and pairs; of people and postings those the workbook may touch."""
    rows: dict[str, list[Any]] = {
        name: list(session.scalars(sa.select(model)))
        for name, model in (
            ("organisation", Organisation),
            ("clinic", Clinic),
            ("seat", Seat),
            ("agreement", Agreement),
        )
    }
    rows["posting"] = _postings(session, book)
    rows["person"] = _people(session, book, rows["posting"])
    pairs = list(session.scalars(sa.select(Pair)))
    codes = {row.id: row.code for found in rows.values() for row in found}
    records = {name: {row.code: TABLES[name].record(row, codes) for row in found} for name, found in rows.items()}
    _add_agreements(records["agreement"], rows["agreement"], pairs, codes)
    _add_postings(records["posting"], rows["posting"], codes)
    ids = {name: {row.code: row.id for row in found} for name, found in rows.items()}
    ids["pair"] = {pair_key(pair.programme_id, pair.supporter_id, pair.recipient_id): pair.id for pair in pairs}
    known = Known(
        records=records, calendar=lookup.calendar(session),
        programmes={name: lookup.programme(session, name, "9999-12") for name in lookup.programme_ids(session)},
        pairs=frozenset((codes[pair.supporter_id], codes[pair.recipient_id]) for pair in pairs),
        rosters=_rosters(session, book, ids["posting"], codes), locked=_locked(session, book, rows["posting"]),
    )  # fmt: skip
    return Directory(known, ids)


def pair_key(programme_id: str, supporter_id: str, recipient_id: str) -> str:
    """One pair of a programme as a key."""
    return f"{programme_id}|{supporter_id}|{recipient_id}"


def _values(book: Book, sheet: str, name: str) -> set[str]:
    return {row.values[name] for row in book.rows[sheet] if row.values.get(name)}


def _postings(session: Session, book: Book) -> list[Posting]:
    """The postings named, and every other posting of the same people (for overlaps)."""
    named = _values(book, "posting", "code") | _values(book, "roster", "posting")
    found = _in(session, Posting, Posting.code, named)
    ids = [row.id for row in _in(session, Person, Person.code, _values(book, "posting", "person"))]
    found += _in(session, Posting, Posting.person_id, [*ids, *(row.person_id for row in found)])
    return list({row.id: row for row in found}.values())


def _people(session: Session, book: Book, postings: list[Posting]) -> list[Person]:
    """The people named, those who hold a phone number of the workbook, and those of the postings."""
    found = _in(session, Person, Person.code, _values(book, "person", "code") | _values(book, "posting", "person"))
    found += _in(session, Person, Person.phone, _values(book, "person", "phone"))
    found += _in(session, Person, Person.id, {row.person_id for row in postings})
    return list({row.id: row for row in found}.values())


def _in(session: Session, model: type[Base], column: Any, values: Iterable[str]) -> list[Any]:
    return [row for chunk in _chunks(values) for row in session.scalars(sa.select(model).where(column.in_(chunk)))]


def _chunks(values: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(set(values))
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def _add_agreements(
    records: dict[str, dict[str, Any]], rows: list[Agreement], pairs: list[Pair], codes: dict[str, str]
) -> None:
    """The pair of an agreement, as the three columns the workbook has for it."""
    by_id = {pair.id: pair for pair in pairs}
    for row in rows:
        pair = by_id[row.pair_id]
        records[row.code] |= {
            "programme": pair.programme_id, "supporter": codes[pair.supporter_id], "recipient": codes[pair.recipient_id],
        }  # fmt: skip


def _add_postings(records: dict[str, dict[str, Any]], rows: list[Posting], codes: dict[str, str]) -> None:
    """Programme, clinics in their order, and the supporter (no column: it follows from the physician)."""
    for row in rows:
        records[row.code] |= {
            "programme": row.programme_id, "clinics": tuple(codes[clinic] for clinic in row.clinics),
            "supporter": codes[row.supporter_id],
        }  # fmt: skip


def _rosters(
    session: Session, book: Book, ids: dict[str, str], codes: dict[str, str]
) -> dict[tuple[str, str], frozenset[Half]]:
    """The published half-days of the postings on the roster sheet, by posting code and month."""
    found: dict[tuple[str, str], set[Half]] = defaultdict(set)
    named = [ids[code] for code in _values(book, "roster", "posting") if code in ids]
    for half in _in(session, RosterHalfDay, RosterHalfDay.posting_id, named):
        found[codes[half.posting_id], f"{half.date:%Y-%m}"].add((half.date, half.session, codes[half.clinic_id]))
    return {key: frozenset(halves) for key, halves in found.items()}


def _locked(session: Session, book: Book, postings: list[Posting]) -> frozenset[tuple[str, str]]:
    """The closed months on the roster sheet, by posting code and month."""
    months = _values(book, "roster", "month")
    query = sa.select(MonthState).where(MonthState.locked_at.is_not(None), MonthState.month.in_(months))
    closed = {(row.programme_id, row.recipient_id, row.month) for row in session.scalars(query)}
    return frozenset(
        (row.code, month) for row in postings for month in months
        if (row.programme_id, row.recipient_id, month) in closed
    )  # fmt: skip
