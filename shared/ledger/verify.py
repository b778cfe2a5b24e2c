"""Recompute the ledger from its stored bytes and name the first broken entry of each stream (evidence.md §13).

Reads row by row in the order of streams and never holds more than a few hundred rows.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared import clock, device
from shared.keys import Keys
from shared.ledger import kinds, receipt
from shared.ledger.entry import (
    GENESIS,
    STREAM_KINDS,
    Entry,
    Stream,
    actor_role,
    commitment,
    days_of,
    encode,
    entry_hash,
)
from shared.ledger.models import LedgerEntry, LedgerHead, LedgerPayload

ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Difference:
    """The first broken place of a stream: what is wrong, in words, at which entry."""

    stream: str
    seq: int
    entry_id: str | None
    what: str

    def __str__(self) -> str:
        return f"stream {self.stream} entry {self.seq} ({self.entry_id or 'missing'}): {self.what}"


@dataclass(frozen=True)
class _Link:
    """What the next entry must follow: the hash, the position and the time of its predecessor."""

    seq: int
    entry_hash: bytes
    at: dt.datetime | None


def verify(
    session: Session, keys: Keys, stream: Stream | str | None = None, since: dt.datetime | None = None
) -> list[Difference]:
    """The first difference of every stream, or [] when all is as it was appended.

    Only the named stream (or its pseudonym), only entries appended at or after `since`. Checks hash, position, link,
    rising time, device signatures, columns against bytes, both commitments unless erased, subject and days against the fact, the kind, its
    stream and the actor's role, the stored receipt, and the head of each stream.
    """
    name = stream.pseudonym(keys.pepper) if isinstance(stream, Stream) else stream
    query = _query(name, since).execution_options(yield_per=ROWS_AT_ONCE)
    found, enrolled = [], _enrolled(session)
    for _, rows in groupby(session.execute(query), key=lambda row: row.LedgerEntry.stream):
        if difference := _stream(session, keys, rows, enrolled):
            found.append(difference)
    return [*found, *_without_entries(session, name), *_without_entry(session, name)]


def _query(name: str | None, since: dt.datetime | None) -> sa.Select[LedgerEntry, LedgerPayload, LedgerHead]:
    query = (
        sa.select(LedgerEntry, LedgerPayload, LedgerHead)
        .outerjoin(LedgerPayload, LedgerPayload.entry_id == LedgerEntry.id)
        .outerjoin(LedgerHead, LedgerHead.stream == LedgerEntry.stream)
        .order_by(LedgerEntry.stream, LedgerEntry.seq)
    )
    if name is not None:
        query = query.where(LedgerEntry.stream == name)
    return query.where(LedgerEntry.appended_at >= since) if since is not None else query


def _stream(
    session: Session, keys: Keys, rows: Iterator[sa.Row[LedgerEntry, LedgerPayload, LedgerHead]],
    enrolled: dict[str, dict[str, str]],
) -> Difference | None:  # fmt: skip
    """The first difference among the rows of one stream, its head included."""
    link: _Link | None = None
    last: tuple[LedgerEntry, LedgerHead | None] | None = None
    for row, payload, head in rows:
        link = link or _before(session, row)
        if row.seq != link.seq + 1:
            return Difference(row.stream, link.seq + 1, None, f"no such entry; the next one is {row.seq}")
        try:
            what = _entry(keys, row, link) or _fact(keys, row, payload) or _signature(row, payload, enrolled)
        except (ValueError, TypeError, AttributeError) as error:
            what = f"unreadable: {error}"
        if what:
            return Difference(row.stream, row.seq, row.id, what)
        link, last = _Link(row.seq, row.entry_hash, row.appended_at), (row, head)
    return _head(*last) if last else None


def _head(row: LedgerEntry, head: LedgerHead | None) -> Difference | None:
    """A head that is not the newest entry: entries were cut off behind it, or added without it."""
    if head is not None and (head.seq, head.entry_hash) == (row.seq, row.entry_hash):
        return None
    return Difference(
        row.stream, row.seq, row.id, f"the newest entry, but the head says {head.seq if head else 'none'}"
    )


def _before(session: Session, row: LedgerEntry) -> _Link:
    """What the first row read must follow: the stored predecessor, or the beginning of the stream."""
    query = sa.select(LedgerEntry).where(LedgerEntry.stream == row.stream, LedgerEntry.seq == row.seq - 1)
    found = session.scalars(query).first()
    return _Link(found.seq, found.entry_hash, found.appended_at) if found else _Link(0, GENESIS, None)


def _entry(keys: Keys, row: LedgerEntry, link: _Link) -> str | None:
    """What is wrong with the entry itself: its hash, its columns, its link, its time, its receipt."""
    if entry_hash(row.entry) != row.entry_hash:
        return "the entry hash is not that of the stored bytes"
    entry = Entry.from_bytes(row.entry)
    columns = (row.id, row.stream, row.seq, row.kind, clock.iso(row.appended_at))
    if (entry.id, entry.st, entry.seq, entry.k, entry.at) != columns:
        return "a column differs from the stored bytes"
    if entry.prev != link.entry_hash.hex():
        return "prev is not the hash of the entry before"
    if link.at is not None and row.appended_at < link.at:
        return "at lies before that of the entry before"
    return _receipt(keys, row, entry)


def _receipt(keys: Keys, row: LedgerEntry, entry: Entry) -> str | None:
    if row.receipt is None:
        return None
    shown = receipt.from_bytes(row.receipt)
    if not receipt.verifies(shown, keys):
        return "the receipt carries no valid signature"
    wanted = {
        "event": entry.id, "st": entry.st, "seq": entry.seq, "entry_hash": row.entry_hash.hex(), "at": entry.at,
        "client": row.client_event_id.hex() if row.client_event_id else None,
        "body_hash": row.body_hash.hex() if row.body_hash else None,
    }  # fmt: skip
    wrong = [name for name, value in wanted.items() if shown.get(name) != value]
    return f"the receipt differs in {', '.join(wrong)}" if wrong else None


def _fact(keys: Keys, row: LedgerEntry, payload: LedgerPayload | None) -> str | None:
    """What is wrong with the payload: its commitments, its columns, the kind and the role that appended it."""
    entry = Entry.from_bytes(row.entry)
    if payload is None:
        return "the payload row is missing"
    parts: tuple[tuple[str, bytes | None, bytes | None, str | None], ...] = (
        ("fact", payload.fact, payload.fact_salt, entry.c),
        ("location", payload.loc, payload.loc_salt, entry.cl),
    )
    for part, data, salt, committed in parts:
        if payload.erased_at is not None and data is None:
            continue
        if committed != (commitment(salt, data).hex() if data is not None and salt is not None else None):
            return f"the {part} does not open its commitment"
    if payload.fact is None:
        return None
    fact = json.loads(payload.fact)
    return _columns(keys, row, payload, fact) or _allowed(row, fact)


def _signature(row: LedgerEntry, payload: LedgerPayload, enrolled: dict[str, dict[str, str]]) -> str | None:
    """A device signature that does not verify though the fact says it did: one that failed at the tap is marked there."""
    entry = Entry.from_bytes(row.entry)
    if entry.dsig is None or payload.fact is None:
        return None
    fact = json.loads(payload.fact)
    if fact.get("judged", {}).get("device", "none") == "none":
        return None
    key = enrolled.get(entry.dev or "")
    good = key is not None and device.verifies(key, entry.dsig, encode(fact["body"]))
    return None if good else "the device signature does not verify"


def _enrolled(session: Session) -> dict[str, dict[str, str]]:
    """Thumbprint → public key of every enrolment that is still readable."""
    query = sa.select(LedgerPayload.fact).join(LedgerEntry, LedgerEntry.id == LedgerPayload.entry_id)
    rows = session.scalars(query.where(LedgerEntry.kind == "device.enrolled", LedgerPayload.fact.is_not(None)))
    return {fact["thumbprint"]: fact["jwk"] for row in rows if (fact := json.loads(row or b"{}"))}


def _columns(keys: Keys, row: LedgerEntry, payload: LedgerPayload, fact: dict[str, Any]) -> str | None:
    if (payload.day_from, payload.day_to) != (days_of(fact) or (None, None)):
        return "the days of the payload row differ from the fact"
    kind = STREAM_KINDS[row.stream.partition(":")[0]]
    own = payload.subject is None if kind == "system" else _named(keys, kind, payload.subject, row.stream)
    if ("subject" in fact and payload.subject != fact["subject"]) or ("subject" not in fact and not own):
        return "the subject of the payload row differs from the fact"
    client = fact.get("client_event_id")
    if client is not None and client != (row.client_event_id.hex() if row.client_event_id else None):
        return "the client event id differs from the fact"
    return None


def _named(keys: Keys, kind: str, subject: str | None, stream: str) -> bool:
    return subject is not None and Stream(kind, subject).pseudonym(keys.pepper) == stream


def _allowed(row: LedgerEntry, fact: dict[str, Any]) -> str | None:
    try:
        kinds.check(row.kind, STREAM_KINDS[row.stream.partition(":")[0]], actor_role(fact) or "nobody")
    except kinds.KindError as error:
        return str(error)
    return None


def _without_entries(session: Session, name: str | None) -> Iterator[Difference]:
    """Heads of streams whose entries are all gone."""
    query = sa.select(LedgerHead).where(LedgerHead.seq > 0, ~sa.exists().where(LedgerEntry.stream == LedgerHead.stream))
    for head in session.scalars(query.where(LedgerHead.stream == name) if name else query):
        yield Difference(head.stream, 1, None, f"no entries, but the head says {head.seq}")


def _without_entry(session: Session, name: str | None) -> Iterator[Difference]:
    """Payloads whose entry is gone; they cannot be told to a stream, so a named stream is not asked for them."""
    if name is not None:
        return
    query = sa.select(LedgerPayload.entry_id).where(~sa.exists().where(LedgerEntry.id == LedgerPayload.entry_id))
    for entry_id in session.scalars(query.order_by(LedgerPayload.entry_id)):
        yield Difference("?", 0, entry_id, "a payload whose entry is missing")
