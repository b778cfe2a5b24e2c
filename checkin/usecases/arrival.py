"""From the item a phone or a plain form sent to the values the verdict judges."""

from __future__ import annotations

import datetime as dt
import functools
import hmac
import ipaddress
from typing import Any, NamedTuple

from checkin import store
from checkin.domain import codes
from checkin.domain.proof import Scan
from checkin.domain.ticket import unseal
from checkin.domain.verdict import Arrival
from checkin.store.look import Look, Place
from shared import clock
from shared.directory.models import Clinic
from shared.keys import Keys
from shared.ledger.beacon import Heard
from shared.service import Runtime


class Site(NamedTuple):
    """The clinic a body speaks of; `by_token`: its poster's or screen's address was sent, not merely its id."""

    clinic: Clinic | Place
    by_token: bool
    revoked: bool = False


class Sender(NamedTuple):
    """What the connection itself shows: the browser's install id and the network address. Kept only as keyed hashes."""

    install: str | None = None
    address: str | None = None


def find_site(rt: Runtime, body: dict[str, Any], now: dt.datetime, seen: Look) -> Site | None:
    """The clinic by site token, by id, or, with 8 digits alone, the one among the postings' clinics they belong to."""
    if seen.place:
        return Site(seen.place, True, seen.revoked)
    with rt.db.read() as session:
        if token := body.get("site_token"):
            replaced = store.site(session, token)
            return Site(replaced[0], True, replaced[1]) if replaced else None
        if clinic_id := body.get("clinic_id"):
            clinic = session.get(Clinic, clinic_id)
            return Site(clinic, False) if clinic else None
        clinics = [clinic for posting in seen.postings for key in posting.clinics if (clinic := session.get(Clinic, key))]
    digits = body.get("typed") or ""
    shown = (c for c in clinics if codes.match_typed(master(rt.keys, c), c.id, digits, now) is not None)
    usual = next(shown, clinics[0] if clinics else None)
    return Site(usual, False) if usual else None


def read(
    rt: Runtime, item: dict[str, Any], site: Site, now: dt.datetime, sender: Sender, heard: Heard
) -> Arrival:  # fmt: skip
    """The arrival of a checked item at a clinic."""
    body, sent = item["body"], item.get("sent") or {}
    typed, k, sealed = body.get("typed"), body.get("k"), body.get("ticket")
    scan = Scan(
        clinic_id=site.clinic.id, received_at=now, k=k, typed=typed,
        master=master(rt.keys, site.clinic) if k or typed else b"",
        by_token=site.by_token, revoked=site.revoked, online=body.get("online", True),
        ticket=unseal(rt.keys.ticket, sealed) if sealed else None, install=install_hash(rt.keys, sender.install),
        beacon_at=heard.at,
    )  # fmt: skip
    return Arrival(scan, body.get("direction"), instant(body.get("device_time")), instant(sent.get("sent_at")))


def master(keys: Keys, clinic: Clinic | Place) -> bytes:
    """The clinic master, unwrapped; it never leaves the process."""
    return _unwrapped(keys, bytes(clinic.master_wrapped), clinic.id.encode())


@functools.lru_cache(maxsize=4096)
def _unwrapped(keys: Keys, wrapped: bytes, context: bytes) -> bytes:
    return keys.unwrap(wrapped, context)


def instant(text: str | None) -> dt.datetime | None:
    """The instant of a checked ISO text, or None."""
    return clock.parse_iso(text) if text else None


def install_hash(keys: Keys, install: str | None) -> str | None:
    """Keyed hash (32 hex digits) of the browser's install id."""
    return hmac.digest(keys.pepper, f"install\n{install}".encode(), "sha256").hex()[:32] if install else None


def prefix_hash(keys: Keys, address: str | None) -> str | None:
    """Keyed hash (32 hex digits) of the /24 or /48 the request came from; the address itself is not kept."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return None
    kept, bits = (24, 32) if found.version == 4 else (48, 128)
    network = type(found)(int(found) >> bits - kept << bits - kept)
    return hmac.digest(keys.pepper, f"prefix\n{network}/{kept}".encode(), "sha256").hex()[:32]
