"""What a scan proves: ticket, code, or the poster's address alone (evidence.md §5). No code problem refuses a tap."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from checkin.domain import codes
from checkin.domain.ticket import Ticket, strength

BEACON_SPREAD = dt.timedelta(minutes=10)
"""A beacon so much newer than an offline code shows that the code was used late (evidence.md §6.3)."""


class Scan(NamedTuple):
    """What arrived for one clinic. `by_token`: the clinic is known by its site token, not merely named.

    `install`: keyed hash of the browser's install id; `k`: a rotating code; `claimed`: the phone's corrected time;
    `beacon_at`: the server time of the newest beacon the phone had: it tapped later than that.
    """

    clinic_id: str
    master: bytes
    received_at: dt.datetime
    by_token: bool = True
    revoked: bool = False
    online: bool = True
    ticket: Ticket | None = None
    install: str | None = None
    k: str | None = None
    typed: str | None = None
    claimed: dt.datetime | None = None
    beacon_at: dt.datetime | None = None


class Proof(NamedTuple):
    """strength: fresh, kiosk, poster, none; check: ok, stale, unreadable, wrong, unverified, none.

    `slot` is what one physician may use once; `lower` bounds the tap from below; `effective_at` only where a code says.
    """

    method: str
    strength: str
    check: str
    slot: int | None = None
    ticket_id: str | None = None
    lower: dt.datetime | None = None
    effective_at: dt.datetime | None = None
    flags: tuple[str, ...] = ()


def prove(scan: Scan) -> Proof:
    """The strongest proof that arrived: a ticket of this clinic, else the digits, the code, or the address alone."""
    if scan.ticket and scan.ticket.clinic_id == scan.clinic_id:
        return _by_ticket(scan, scan.ticket)
    if scan.typed:
        return _by_digits(scan, scan.typed)
    return _by_rotating(scan, scan.k) if scan.k else bare(scan)


def bare(scan: Scan, check: str = "none", *, lower: dt.datetime | None = None, flags: tuple[str, ...] = ()) -> Proof:
    """What is left without a usable code: poster strength with the site token, none with a mere name."""
    method = "poster" if scan.by_token else "none"
    return Proof(method, method, check, lower=lower, flags=flags)


def _by_ticket(scan: Scan, ticket: Ticket) -> Proof:
    proof = Proof(ticket.method, strength(ticket, scan.received_at), "ok", ticket.slot, ticket.tid,
                  ticket.issued_at, ticket.issued_at)  # fmt: skip
    if ticket.install and ticket.install != scan.install:
        return proof._replace(strength="poster", flags=("install_mismatch",))
    return proof


def _by_digits(scan: Scan, digits: str) -> Proof:
    if scan.online:
        slot = codes.match_typed(scan.master, scan.clinic_id, digits, scan.received_at)
        if slot is None:
            return bare(scan, "wrong")
        return Proof("typed", "fresh", "ok", slot, None, codes.slot_start(slot), scan.received_at)
    kept = codes.find_typed(scan.master, scan.clinic_id, digits, scan.claimed) if scan.claimed else None
    return _historic(scan, "typed", kept)


def _by_rotating(scan: Scan, k: str) -> Proof:
    slot = codes.read_rotating(scan.master, scan.clinic_id, k)
    if not scan.online:
        near = slot is not None and scan.claimed and abs(codes.slot_start(slot) - scan.claimed) <= codes.OFFLINE_SPREAD
        return _historic(scan, "kiosk_offline", slot if near else None)
    if slot is None:
        return bare(scan, "unreadable")
    if is_fresh(slot, scan.received_at):
        return Proof("rotating", "fresh", "ok", slot, None, codes.slot_start(slot), scan.received_at)
    return bare(scan, "stale", lower=min(codes.slot_start(slot), scan.received_at))


def is_fresh(slot: int, at: dt.datetime) -> bool:
    """Whether a slot is the current one or one past."""
    return codes.slot_at(at) - 1 <= slot <= codes.slot_at(at)


def _historic(scan: Scan, method: str, slot: int | None) -> Proof:
    """A code sealed without a connection, verified now; one that fits no slot is marked, not refused."""
    if slot is None or codes.slot_start(slot) > scan.received_at:
        return bare(scan, "unverified", flags=("code_unverified",))
    start = codes.slot_start(slot)
    if scan.beacon_at and scan.beacon_at - start > BEACON_SPREAD:
        return bare(scan, "unverified", flags=("code_unverified",))
    return Proof(method, "kiosk", "ok", slot, None, start, start)
