"""Append to the ledger and read it back: the reference implementation of evidence.md §1.5 and §4.

Everything happens in the caller's transaction. The row lock on the stream's head orders the appends of one stream and
of no other; whoever appends to several streams at once locks them first with `lock`, in the byte order of their names.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from shared import clock
from shared.keys import Keys
from shared.ledger import kinds, receipt
from shared.ledger.entry import GENESIS, Actor, Stream
from shared.ledger.models import LedgerEntry, LedgerHead, LedgerPayload
from shared.ledger.seal import Asked, Head, Rows, seal
from shared.problems import IdempotencyConflict

SUBJECTS_AT_ONCE = 500

# Statements are made once and on tables, not classes: built anew per append they cost more than the append itself.
_HEADS, _ENTRIES, _PAYLOADS = (cast(sa.Table, model.__table__) for model in (LedgerHead, LedgerEntry, LedgerPayload))
_INSERTS: dict[str, Callable[[Any], Any]] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
_READ_HEAD = sa.select(_HEADS.c.seq, _HEADS.c.entry_hash).where(_HEADS.c.stream == sa.bindparam("name"))
_LOCK_HEAD = _READ_HEAD.with_for_update()
_NEWEST = sa.select(_ENTRIES.c.appended_at).where(
    _ENTRIES.c.stream == sa.bindparam("name"), _ENTRIES.c.seq == sa.bindparam("seq")
)
_NEW_HEAD = {name: insert(_HEADS).on_conflict_do_nothing() for name, insert in _INSERTS.items()}
_NEW_ENTRY = {
    name: insert(_ENTRIES).on_conflict_do_nothing(index_elements=["client_event_id"]).returning(_ENTRIES.c.id)
    for name, insert in _INSERTS.items()
}
_NEW_PAYLOAD = sa.insert(_PAYLOADS)
_MOVE_HEAD = sa.update(_HEADS).where(_HEADS.c.stream == sa.bindparam("name"))
_BY_CLIENT = sa.select(
    *(_ENTRIES.c[name] for name in ("id", "stream", "seq", "entry_hash", "appended_at", "receipt", "kind",
                                    "client_event_id", "body_hash"))
).where(_ENTRIES.c.client_event_id == sa.bindparam("client"))  # fmt: skip


class Appended(NamedTuple):
    """An entry as its author sees it. `receipt` is {} where the author is no phone and none was stored; `repeated`: the
    entry was there before and nothing was written now."""

    entry_id: str
    stream: str
    seq: int
    entry_hash: bytes
    at: dt.datetime
    receipt: dict[str, Any]
    kind: str
    client_event_id: bytes | None = None
    body_hash: bytes | None = None
    repeated: bool = False


@dataclass(frozen=True)
class Fact:
    """The payload of an entry, as the fold reads it. `seq` orders the facts of one stream."""

    entry_id: str
    kind: str
    seq: int
    at: dt.datetime
    payload: dict[str, Any] = field(repr=False)


def append(
    session: Session, keys: Keys, *, kind: str, stream: Stream, payload: dict[str, Any], actor: Actor,
    subject: str | None = None, days: tuple[dt.date, dt.date] | None = None, client_event_id: bytes | None = None,
    body_hash: bytes | None = None, location: dict[str, Any] | None = None, dev: str | None = None,
    dsig: str | None = None,
) -> Appended:  # fmt: skip
    """Append one fact to its stream and give its receipt.

    `payload` is the fact without `actor`; `days` is needed only where the fact names no date itself, `subject` only
    where it is not the stream's own id. The same client_event_id with the same body_hash gives the first entry again
    (`repeated`) and writes nothing. Raises IdempotencyConflict for a known id with another body, KindError for a kind
    or role that may not stand here, ProfileError for a payload outside the canonical profile.
    """
    asked = Asked(kind, stream, payload, actor, subject, days, client_event_id, body_hash, location, dev, dsig)
    return append_asked(session, keys, asked)


def append_asked(session: Session, keys: Keys, asked: Asked) -> Appended:
    """`append` for a fact that is put together already."""
    kinds.check(asked.kind, asked.stream.kind, asked.actor.role)
    name = asked.stream.pseudonym(keys.pepper)
    head = _lock(session, name)
    if asked.client_event_id is not None and (first := find_client_event(session, asked.client_event_id)):
        return again(first, name, asked)
    rows = seal(keys, asked, name, head, clock.now())
    if not _insert(session, rows):
        return again(find_client_event(session, asked.client_event_id or b""), name, asked)
    session.execute(_MOVE_HEAD, {"name": name, "seq": rows.entry["seq"], "entry_hash": rows.entry["entry_hash"]})
    return appended(rows)


def lock(session: Session, keys: Keys, streams: Iterable[Stream]) -> None:
    """Lock several streams for the rest of the transaction, in byte order, so that two such writers never deadlock."""
    for name in sorted({stream.pseudonym(keys.pepper) for stream in streams}):
        _lock(session, name)


def find_client_event(session: Session, client_event_id: bytes) -> Appended | None:
    """The entry that was made for this id of the phone, with its first receipt; None when there is none."""
    row = session.execute(_BY_CLIENT, {"client": client_event_id}).first()
    return _stored(row) if row else None


def seen(session: Session, client_event_id: bytes, body_hash: bytes) -> Appended | None:
    """The first entry of this id, or None. Raises IdempotencyConflict when it was made with another body."""
    first = find_client_event(session, client_event_id)
    if first is not None and first.body_hash != body_hash:
        raise IdempotencyConflict(f"client_event_id {client_event_id.hex()} is known with another body")
    return first


def facts(session: Session, subject: str, date_from: dt.date, date_to: dt.date) -> list[Fact]:
    """Every fact about the subject (a posting id, say) that touches a date of the span, in the order of its stream."""
    query = _touching(date_from, date_to).where(LedgerPayload.subject == subject)
    return [_fact(row) for row in session.execute(query)]


def facts_of_kinds(session: Session, subject: str, kinds: Iterable[str]) -> list[Fact]:
    """Every fact of these kinds about the subject, whatever dates it touches, in the order of its stream."""
    query = _facts().where(LedgerPayload.subject == subject, LedgerEntry.kind.in_(list(kinds)))
    return [_fact(row) for row in session.execute(query)]


def facts_by_subject(
    session: Session,
    subjects: Iterable[str],
    date_from: dt.date,
    date_to: dt.date,
    kinds: Collection[str] | None = None,
) -> dict[str, list[Fact]]:
    """`facts` of many subjects with one query per 500 of them, of some kinds only where they are given; a subject without
    facts has an empty list."""
    wanted = list(subjects)
    found: dict[str, list[Fact]] = {subject: [] for subject in wanted}
    for start in range(0, len(wanted), SUBJECTS_AT_ONCE):
        query = _touching(date_from, date_to).add_columns(LedgerPayload.subject)
        query = query if kinds is None else query.where(LedgerEntry.kind.in_(kinds))
        for row in session.execute(query.where(LedgerPayload.subject.in_(wanted[start : start + SUBJECTS_AT_ONCE]))):
            found[row.subject].append(_fact(row))
    return found


def fact(session: Session, entry_id: str) -> Fact | None:
    """The fact of one entry; None when there is no such entry or its content was erased."""
    row = session.execute(_facts().where(LedgerPayload.entry_id == entry_id)).first()
    return _fact(row) if row else None


def head(session: Session, keys: Keys, stream: Stream) -> tuple[int, bytes] | None:
    """(seq, entry hash) of the newest entry of a stream; None when it has none."""
    row = session.execute(_READ_HEAD, {"name": stream.pseudonym(keys.pepper)}).first()
    return (row.seq, bytes(row.entry_hash)) if row and row.seq else None


def _lock(session: Session, name: str) -> Head:
    """The locked head of a stream, made first where the stream is new. The newest `at` is read after the lock is held:
    joined to the locking statement it would come from an older snapshot."""
    row = session.execute(_LOCK_HEAD, {"name": name}).first()
    if row is None:
        session.execute(_NEW_HEAD[_dialect(session)], {"stream": name, "seq": 0, "entry_hash": GENESIS})
        row = session.execute(_LOCK_HEAD, {"name": name}).one()
    newest = session.scalar(_NEWEST, {"name": name, "seq": row.seq}) if row.seq else None
    return Head(row.seq, bytes(row.entry_hash), newest)


def _insert(session: Session, rows: Rows) -> bool:
    """Write entry and payload; False, with nothing written, when another stream took the client_event_id meanwhile."""
    if session.execute(_NEW_ENTRY[_dialect(session)], rows.entry).first() is None:
        return False
    session.execute(_NEW_PAYLOAD, rows.payload)
    return True


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


def again(first: Appended | None, name: str, asked: Asked) -> Appended:
    """The first entry of a known id, asked for again in the stream called `name`. Raises IdempotencyConflict when it
    belongs to another stream, kind or body."""
    if first is None or (first.stream, first.kind, first.body_hash) != (name, asked.kind, asked.body_hash):
        raise IdempotencyConflict(f"client_event_id {(asked.client_event_id or b'').hex()} is known with another body")
    return first


def appended(rows: Rows) -> Appended:
    """New rows as their author sees them."""
    row = rows.entry
    return Appended(row["id"], row["stream"], row["seq"], row["entry_hash"], row["appended_at"], rows.receipt,
                    row["kind"], row["client_event_id"], row["body_hash"])  # fmt: skip


def _stored(row: Sequence[Any]) -> Appended:
    entry_id, stream, seq, entry_hash, at, stored, kind, client, body_hash = row
    shown = receipt.from_bytes(bytes(stored)) if stored else {}
    return Appended(entry_id, stream, seq, bytes(entry_hash), at, shown, kind, client, body_hash, repeated=True)


def _facts() -> sa.Select[str, str, int, dt.datetime, bytes | None]:
    columns = (LedgerEntry.id, LedgerEntry.kind, LedgerEntry.seq, LedgerEntry.appended_at, LedgerPayload.fact)
    joined = sa.select(*columns).join(LedgerPayload, LedgerPayload.entry_id == LedgerEntry.id)
    return joined.where(LedgerPayload.fact.is_not(None)).order_by(LedgerEntry.stream, LedgerEntry.seq)


def _touching(date_from: dt.date, date_to: dt.date) -> sa.Select[str, str, int, dt.datetime, bytes | None]:
    ends = sa.or_(LedgerPayload.day_to >= date_from, LedgerPayload.day_to.is_(None))
    return _facts().where(LedgerPayload.day_from <= date_to, ends)


def _fact(row: sa.Row[*tuple[Any, ...]]) -> Fact:
    return Fact(row.id, row.kind, row.seq, row.appended_at, json.loads(row.fact))
