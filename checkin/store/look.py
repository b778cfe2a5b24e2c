"""Everything the judgement of one tap stands on, read in one statement: one snapshot, no ORM, no round trip of its own where
it is read with who sends the tap.

The head of a posting's stream is of the same snapshot as its taps: an append that compares and sets this head
(`ledger.append_after`) therefore fails when a tap was recorded that was not seen here.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from shared import ledger
from shared.access.lookup import Along
from shared.calendar import iso_week
from shared.db import Database, Instant
from shared.rules import words

MANY, SHARED = dt.timedelta(days=90), dt.timedelta(days=30)
"""How far back enrolments are counted, and how far back one browser may not have been another physician's (§8)."""


class Place(NamedTuple):
    """A clinic as a tap needs it; `master_wrapped` as in the directory."""

    id: str
    name: str
    master_wrapped: bytes


class Taken(NamedTuple):
    """One recorded tap of the day; `slot` None where no code was shown."""

    id: str
    direction: str
    clinic_id: str
    effective_at: dt.datetime
    flags: tuple[str, ...]
    slot: int | None


class Key(NamedTuple):
    """The device key a tap names; `enrolments`: how many keys its person enrolled in the last 90 days."""

    person_id: str
    jwk: dict[str, str]
    how: str
    enrolled_at: dt.datetime
    confirmed_at: dt.datetime | None
    revoked_at: dt.datetime | None
    enrolments: int


class Open(NamedTuple):
    """A posting that holds the day: terms, hash of its programme's file, the day's taps, the week's line, its stream.

    `stream` is a stream that has spoken of this posting, as a rule its own, with its newest position.
    """

    id: str
    programme_id: str
    supporter_id: str
    clinics: tuple[str, ...]
    registration_no: str | None
    rules_sha256: str | None
    taken: tuple[Taken, ...]
    line: str
    stream: str | None
    head: ledger.Head


class Look(NamedTuple):
    """What is known of a tap before it is judged. `place`: the clinic with this site token; `revoked`: its poster was;
    `shared_install`: another physician tapped with this browser in the last 30 days."""

    known: bool
    place: Place | None
    revoked: bool
    postings: tuple[Open, ...]
    key: Key | None = None
    shared_install: bool = False


_COLUMNS = """
  EXISTS (SELECT 1 FROM ledger_entry WHERE client_event_id = :client), c.id, c.name, c.master_wrapped,
  EXISTS (SELECT 1 FROM poster WHERE token_sha256 = :digest AND revoked_at IS NOT NULL),
  (SELECT {all}({array}(p."start", p.code, p.id, p.programme_id, p.supporter_id, {json}(p.clinics), p.registration_no,
     (SELECT v.sha256 FROM programme_version v
       WHERE v.programme_id = p.programme_id AND v.activated_at IS NOT NULL AND coalesce(v.first_month, '') <= :month
       ORDER BY coalesce(v.first_month, '') DESC, v.activated_at DESC LIMIT 1),
     (SELECT {all}({array}(a.effective_at, a.seq, a.id, a.direction, a.clinic_id, {json}(a.flags), a.slot))
       FROM attendance a WHERE a.posting_id = p.id AND a.service_date = :day),
     (SELECT {all}({array}(o.rule_id, {json}(o.state)->'value', {json}(o.state)->'metric', {json}(o.state)->'number',
                           {json}(o.state)->'effective_threshold'))
       FROM obligation_state o WHERE o.subject = 'posting:' || p.id AND o.period = :week),
     (SELECT {array}(h.stream, h.seq, {hex}, e.appended_at)
       FROM ledger_head h JOIN ledger_entry e ON e.stream = h.stream AND e.seq = h.seq
       WHERE h.stream = coalesce(:stream, (SELECT f.stream FROM ledger_payload l
         JOIN ledger_entry f ON f.id = l.entry_id WHERE l.subject = p.id LIMIT 1)))))
   FROM posting p WHERE p.person_id = :person AND p."start" <= :day AND (p."end" IS NULL OR p."end" >= :day)),
  (SELECT {array}(d.person_id, {json}(d.public_jwk), d.how, d.enrolled_at, d.confirmed_at, d.revoked_at,
     (SELECT count(*) FROM device e WHERE e.person_id = d.person_id AND e.enrolled_at > :quarter))
   FROM device d WHERE d.thumbprint = :thumbprint),
  EXISTS (SELECT 1 FROM attendance s WHERE s.install_hash = :install AND s.person_id <> :person AND s.received_at > :month_ago)
"""
_JOIN = "LEFT JOIN clinic c ON c.site_token = :token"
_WORDS = {
    "sqlite": {"all": "json_group_array", "array": "json_array", "json": "json", "hex": "hex(h.entry_hash)"},
    "postgresql": {"all": "json_agg", "array": "json_build_array", "json": "", "hex": "encode(h.entry_hash, 'hex')"},
}


def asked(
    db: Database, item: dict[str, Any], day: dt.date, now: dt.datetime, *, install: str | None, stream: str | None = None
) -> Along:  # fmt: skip
    """What to read of everything a checked item is judged by on a Shanghai date, with who sends it or alone.

    `install`: keyed hash of the browser's install id; `stream`: whose head is wanted.
    """
    body = item["body"]
    token = body.get("site_token")
    return Along(_columns(db.dialect), _JOIN, {
        "client": bytes.fromhex(body["client_event_id"]), "person": body["person"], "token": token, "day": day.isoformat(),
        "digest": hashlib.sha256((token or "").encode()).hexdigest(), "month": day.isoformat()[:7], "week": iso_week(day),
        "stream": stream, "thumbprint": (item.get("device") or {}).get("thumbprint"), "install": install,
        "quarter": _stored(db, now - MANY), "month_ago": _stored(db, now - SHARED),
    })  # fmt: skip


def look(db: Database, wanted: Along) -> Look:
    """Read it, alone."""
    return seen(db.rows(_alone(db.dialect), wanted.parameters)[0])


def seen(row: Sequence[Any]) -> Look:
    """The look that the row of `asked` holds."""
    known, clinic_id, name, master, revoked, found, key, shared = row
    postings = json.loads(found) if isinstance(found, str) else found or []
    place = Place(clinic_id, name, bytes(master)) if clinic_id else None
    return Look(bool(known), place, bool(revoked), tuple(_open(each) for each in sorted(postings, key=_order)),
                _key(key), bool(shared))  # fmt: skip


@functools.lru_cache(maxsize=2)
def _columns(dialect: str) -> str:
    return _COLUMNS.format(**_WORDS[dialect])


@functools.lru_cache(maxsize=2)
def _alone(dialect: str) -> str:
    return f"SELECT {_columns(dialect)} FROM (SELECT 1) one {_JOIN}"


def _stored(db: Database, instant: dt.datetime) -> Any:
    """An instant as text SQL compares it with a column: SQLite keeps the UTC wall time as text."""
    return instant if db.dialect == "postgresql" else f"{instant.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S.%f}"


def _key(found: Any) -> Key | None:
    if found is None:
        return None
    person_id, jwk, how, enrolled, confirmed, revoked, number = json.loads(found) if isinstance(found, str) else found
    since = Instant.read(enrolled)
    assert since is not None
    return Key(person_id, jwk, how, since, Instant.read(confirmed), Instant.read(revoked), number)


def _order(row: list[Any]) -> tuple[Any, ...]:
    """Start and code of a posting; time and place in the chain of a tap."""
    return row[0], row[1]


def _open(row: list[Any]) -> Open:
    _, _, key, programme_id, supporter_id, clinics, registration_no, sha256, taken, states, head = row
    parts = [words.week_part(*state) for _, *state in sorted(states or [])]
    return Open(
        key, programme_id, supporter_id, tuple(clinics), registration_no, sha256,
        tuple(_taken(each) for each in sorted(taken or [], key=_order)),
        words.week_line([part for part in parts if part]), head[0] if head else None, _head(head),
    )  # fmt: skip


def _taken(row: list[Any]) -> Taken:
    at, _, key, direction, clinic_id, flags, slot = row
    found = Instant.read(at)
    assert found is not None
    return Taken(key, direction, clinic_id, found, tuple(flags), slot)


def _head(row: list[Any] | None) -> ledger.Head:
    if row is None:
        return ledger.Head(0, ledger.GENESIS, None)
    _, seq, entry_hash, at = row
    return ledger.Head(seq, bytes.fromhex(entry_hash), Instant.read(at))
