"""From a fact that is asked for to the rows that hold it: payload bytes, commitments, entry, receipt. No SQL here.

Every way of appending (the reference in log.py, a faster one beside it) builds its rows here, so their bytes are equal.
"""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from typing import Any, NamedTuple

from shared import clock
from shared.ids import new_id
from shared.keys import Keys
from shared.ledger import receipt
from shared.ledger.entry import Actor, Entry, Stream, commitment, days_of, entry_hash, jcs

SALT_BYTES = 32


@dataclass(frozen=True)
class Asked:
    """What the caller of `append` asks for, see there."""

    kind: str
    stream: Stream
    payload: dict[str, Any]
    actor: Actor
    subject: str | None = None
    days: tuple[dt.date, dt.date] | None = None
    client_event_id: bytes | None = None
    body_hash: bytes | None = None
    location: dict[str, Any] | None = None
    dev: str | None = None
    dsig: str | None = None


class Head(NamedTuple):
    """The newest position of a stream: seq 0 and `at` None before its first entry."""

    seq: int
    entry_hash: bytes
    at: dt.datetime | None


class Rows(NamedTuple):
    """Values of one `ledger_entry` and one `ledger_payload` row, and the receipt ({} when no phone waits for one)."""

    entry: dict[str, Any]
    payload: dict[str, Any]
    receipt: dict[str, Any]


def seal(keys: Keys, asked: Asked, name: str, head: Head, now: dt.datetime) -> Rows:
    """The rows of the next entry after `head` in the stream called `name`; `at` is never below the head's."""
    fact = fact_of(asked)
    if head.at is not None and now < head.at:
        fact["clock_back_ms"] = (head.at - now) // dt.timedelta(milliseconds=1)
        now = head.at
    payload = _payload(fact, asked)
    committed = _commitments(payload)
    entry = Entry(asked.kind, new_id(), name, head.seq + 1, head.entry_hash.hex(), clock.iso(now), *committed,
                  asked.dev, asked.dsig)  # fmt: skip
    data = entry.to_bytes()
    digest = entry_hash(data)
    made = _receipt(keys, entry, digest, asked)
    row = {
        "id": entry.id, "stream": name, "seq": entry.seq, "kind": entry.k, "entry": data, "entry_hash": digest,
        "appended_at": now, "client_event_id": asked.client_event_id, "body_hash": asked.body_hash,
        "receipt": receipt.to_bytes(made) if made else None, "leaf_index": None,
    }  # fmt: skip
    return Rows(row, {"entry_id": entry.id, **payload}, made)


def fact_of(asked: Asked) -> dict[str, Any]:
    """The fact as it is stored: the payload, its actor, and `days` or `subject` where the payload says otherwise."""
    fact = {**asked.payload, "actor": asked.actor.to_fact()}
    if asked.days is not None and days_of(fact) != asked.days:
        fact["days"] = [day.isoformat() for day in asked.days]
    if asked.subject is not None and asked.subject != asked.stream.id:
        fact["subject"] = asked.subject
    return fact


def _payload(fact: dict[str, Any], asked: Asked) -> dict[str, Any]:
    """Values of the payload row but its entry id. Subject and days repeat what the fact says; verify compares them."""
    days = days_of(fact)
    location = jcs(asked.location) if asked.location is not None else None
    return {
        "subject": asked.subject or asked.stream.id or None,
        "day_from": days[0] if days else None, "day_to": days[1] if days else None,
        "fact": jcs(fact), "fact_salt": os.urandom(SALT_BYTES),
        "loc": location, "loc_salt": os.urandom(SALT_BYTES) if location else None, "key_id": None, "erased_at": None,
    }  # fmt: skip


def _commitments(payload: dict[str, Any]) -> tuple[str, str | None]:
    """`c` and `cl` of the entry, in hex."""
    c = commitment(payload["fact_salt"], payload["fact"]).hex()
    return c, commitment(payload["loc_salt"], payload["loc"]).hex() if payload["loc"] else None


def _receipt(keys: Keys, entry: Entry, digest: bytes, asked: Asked) -> dict[str, Any]:
    """The receipt a phone waits for; entries nobody sent from a phone have none until somebody asks."""
    if asked.client_event_id is None:
        return {}
    return receipt.make(
        keys.receipt_signer, event=entry.id, client=asked.client_event_id, stream=entry.st, seq=entry.seq,
        entry_hash=digest, at=entry.at, body_hash=asked.body_hash,
    )  # fmt: skip
