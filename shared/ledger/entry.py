"""The bytes of the ledger, pure: canonical JSON, commitments, entries and their hashes (evidence.md §1.1-§1.4).

Canonical JSON is RFC 8785 (JCS) in a restricted profile: objects, arrays, NFC strings, booleans, null and integers
within ±(2^53-1). What lies outside is refused when it is parsed, so nothing ever has to be refused when it is hashed.
"""

from __future__ import annotations

import calendar
import datetime as dt
import functools
import hashlib
import hmac
import json
import unicodedata
from dataclasses import dataclass
from typing import Any, NamedTuple, NoReturn

from shared.encoder import canonical, compact

MAX_INTEGER = 2**53 - 1
MAX_DEPTH = 32
GENESIS = bytes(32)
_FIRST_ASTRAL_CLASH = "\ue000"  # from here on code points and UTF-16 units sort differently


class ProfileError(ValueError):
    """The value lies outside the canonical profile; the text says what and where. At the HTTP door it becomes 422."""


def check_profile(value: Any, path: str = "$", depth: int = 0) -> None:
    """Refuse with ProfileError whatever the profile does not hold. `path` names the place, as in `$.body.lat`."""
    kind = type(value)
    if kind is str:
        if not value.isascii():
            _check_text(value, path)
    elif kind is int:
        if not -MAX_INTEGER <= value <= MAX_INTEGER:
            raise ProfileError(f"{path}: an integer beyond 2^53-1")
    elif kind is dict or kind is list or kind is tuple:
        if depth == MAX_DEPTH:
            raise ProfileError(f"{path}: nested deeper than {MAX_DEPTH}")
        if kind is dict:
            for name, item in value.items():
                if type(name) is not str:
                    raise ProfileError(f"{path}: a member name that is not a string")
                if not name.isascii():
                    _check_text(name, path)
                if item is not None and not (type(item) is str and item.isascii()):  # as most are
                    check_profile(item, f"{path}.{name}", depth + 1)
        else:
            for item in value:
                check_profile(item, f"{path}[]", depth + 1)
    elif value is not None and kind is not bool:
        raise ProfileError(f"{path}: {kind.__name__} is not in the profile")


def _check_text(text: str, path: str) -> None:
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ProfileError(f"{path}: a lone surrogate")
    if not unicodedata.is_normalized("NFC", text):
        raise ProfileError(f"{path}: a string that is not in Unicode NFC")


def jcs(value: Any) -> bytes:
    """The canonical UTF-8 bytes of a value (RFC 8785). Raises ProfileError for a value outside the profile."""
    check_profile(value)
    return encode(value)


def encode(value: Any) -> bytes:
    """`jcs` of a value that is known to lie within the profile: what was checked before, or made of digits and names."""
    text = canonical(value)
    if not text.isascii() and max(text) >= _FIRST_ASTRAL_CLASH:
        text = compact(_utf16_order(value))
    return text.encode()


def _utf16_order(value: Any) -> Any:
    """The same value with members in the order of their UTF-16 units, which RFC 8785 §3.2.3 asks for."""
    if isinstance(value, dict):
        return {name: _utf16_order(value[name]) for name in sorted(value, key=lambda text: text.encode("utf-16-be"))}
    if isinstance(value, (list, tuple)):
        return [_utf16_order(item) for item in value]
    return value


def _no_number(text: str) -> NoReturn:
    raise ProfileError(f"{text[:20]} is not an integer")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ProfileError("a member name appears twice")
    return found


def parse_profile(data: bytes) -> Any:
    """Read JSON bytes that lie within the profile. Raises ProfileError otherwise (floats, duplicates, bad UTF-8 …)."""
    try:
        value = json.loads(data.decode(), parse_float=_no_number, parse_constant=_no_number, object_pairs_hook=_unique)
    except ProfileError:
        raise
    except (ValueError, RecursionError) as error:
        raise ProfileError("not JSON in UTF-8, nested too deep, or a number too long") from error
    check_profile(value)
    return value


def body_hash(body: Any) -> bytes:
    """SHA-256 over the canonical bytes of a request body (evidence.md §4)."""
    return hashlib.sha256(jcs(body)).digest()


@dataclass(frozen=True)
class Stream:
    """One hash chain: everything about one posting, person, clinic or organisation, or about the system."""

    kind: str
    id: str

    @classmethod
    def posting(cls, posting_id: str) -> Stream:
        """Attendance, corrections, leave, checks, work log and months of a posting."""
        return cls("posting", posting_id)

    @classmethod
    def person(cls, person_id: str) -> Stream:
        """Devices, consents, erasures of a person; refusals without an open posting."""
        return cls("person", person_id)

    @classmethod
    def clinic(cls, clinic_id: str) -> Stream:
        """Posters, code keys, kiosks, coordinates and outages of a site."""
        return cls("clinic", clinic_id)

    @classmethod
    def organisation(cls, organisation_id: str) -> Stream:
        """Agreements, documents, figures and the like of a hospital, pair or authority."""
        return cls("organisation", organisation_id)

    @classmethod
    def system(cls) -> Stream:
        """Keys, spot-check seeds, audit digests."""
        return cls("system", "")

    def pseudonym(self, pepper: bytes) -> str:
        """What entries call the stream (`st`): `p:`, `u:`, `c:` or `o:` and 32 hex digits, or `sys`."""
        if self.kind == "system":
            return "sys"
        return _pseudonym(PREFIXES[self.kind], self.id, pepper)


@functools.lru_cache(maxsize=4096)
def _pseudonym(prefix: str, key: str, pepper: bytes) -> str:
    return f"{prefix}:{hmac.digest(pepper, key.encode(), 'sha256')[:16].hex()}"


PREFIXES = {"posting": "p", "person": "u", "clinic": "c", "organisation": "o"}
STREAM_KINDS = {**{prefix: kind for kind, prefix in PREFIXES.items()}, "sys": "system"}


@dataclass(frozen=True)
class Actor:
    """Who did it: a person in one role for one organisation, or the system."""

    person_id: str | None
    role: str
    organisation_id: str | None = None

    @classmethod
    def system(cls) -> Actor:
        """The product itself: scheduled work and refusals."""
        return cls(None, "system")

    def to_fact(self) -> Any:
        """The `actor` member of a fact payload: "system" or {person, role, organisation}."""
        if self.role == "system":
            return "system"
        return {"person": self.person_id, "role": self.role, "organisation": self.organisation_id}


def actor_role(fact: dict[str, Any]) -> str | None:
    """The role of a stored fact's actor; None when the fact names none."""
    actor = fact.get("actor")
    return actor if actor == "system" else actor.get("role") if isinstance(actor, dict) else None


def days_of(fact: dict[str, Any]) -> tuple[dt.date, dt.date | None] | None:
    """The first and last programme date a fact touches, from its members `days`, `service_date`, `from`/`to`, `date` or
    `month`, in this order; the last is None for an open end. None when it touches no day."""
    if isinstance(span := fact.get("days"), list) and len(span) == 2:
        return _date(span[0]), _date(span[1])
    if (day := fact.get("service_date") or fact.get("date")) and "from" not in fact:
        return _date(day), _date(day)
    if isinstance(fact.get("from"), str):
        return _date(fact["from"]), _date(fact["to"]) if fact.get("to") else None
    if isinstance(month := fact.get("month"), str):
        first = _date(f"{month}-01")
        return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])
    return None


def _date(text: Any) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise ProfileError(f"{text!r} is not a date") from error


class Entry(NamedTuple):
    """The fields of one entry (evidence.md §1.2); `prev`, `c`, `cl` are lower-case hex, `at` is ISO UTC with ms."""

    k: str
    id: str
    st: str
    seq: int
    prev: str
    at: str
    c: str
    cl: str | None = None
    dev: str | None = None
    dsig: str | None = None
    v: int = 1

    def to_bytes(self) -> bytes:
        """The canonical bytes that are stored verbatim and hashed."""
        return encode(self._asdict())

    @classmethod
    def from_bytes(cls, data: bytes) -> Entry:
        """Read stored bytes. Raises ProfileError when they are not the canonical bytes of an entry."""
        value = parse_profile(data)
        try:
            entry = cls(**value)
        except TypeError as error:
            raise ProfileError("not the members of an entry") from error
        if entry.to_bytes() != data:
            raise ProfileError("not in canonical form")
        return entry


def entry_hash(entry_bytes: bytes) -> bytes:
    """SHA-256(0x00 || entry bytes): the leaf hash of RFC 6962 §2.1 from the first day, 32 bytes."""
    return hashlib.sha256(b"\x00" + entry_bytes).digest()


def commitment(salt: bytes, payload_bytes: bytes) -> bytes:
    """The salted commitment to a payload, 32 bytes: without the salt nobody can test a guess (evidence.md §1.4)."""
    return hashlib.sha256(b"zhudian/v1/commit\n" + salt + payload_bytes).digest()
