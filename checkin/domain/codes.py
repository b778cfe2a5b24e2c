"""Codes of a clinic, derived and never stored, so that an honest offline scan stays verifiable (evidence.md §5).

A slot number counts 15 s since the epoch; typed digits live 30 s and are known by the even slot they begin with, so one
physician's scan and typing within one half-minute are the same use of the screen.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hmac

from shared.calendar import local_date

SLOT_SECONDS = 15
TYPED_SECONDS = 30
TYPED_GRACE_SECONDS = 10
TYPED_DIGITS = 8
OFFLINE_SPREAD = dt.timedelta(minutes=10)
_U32 = 1 << 32


def slot_at(instant: dt.datetime) -> int:
    """The 15 s slot of an instant."""
    return int(instant.timestamp()) // SLOT_SECONDS


def slot_start(slot: int) -> dt.datetime:
    """The instant a slot begins."""
    return dt.datetime.fromtimestamp(slot * SLOT_SECONDS, dt.UTC)


def seed_day(master: bytes, clinic_id: str, day: dt.date) -> bytes:
    """HKDF-SHA-256 (RFC 5869, no salt, 32 bytes) of the clinic master for one Shanghai date."""
    extracted = hmac.digest(bytes(32), master, "sha256")
    info = f"zhudian/v1/seed|{clinic_id}|{day.isoformat()}".encode()
    return hmac.digest(extracted, info + b"\x01", "sha256")


def rotating(master: bytes, clinic_id: str, slot: int) -> str:
    """The `k` of a slot: base64url(slot u32 ‖ 16 bytes of HMAC-SHA-256), 27 characters."""
    raw = slot.to_bytes(4) + _mac(master, clinic_id, slot, b"qr")[:16]
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def read_rotating(master: bytes, clinic_id: str, k: str) -> int | None:
    """The slot of a `k` whose tag is this clinic's (constant-time compare), whatever its age; None = unreadable."""
    try:
        raw = base64.b64decode(k + "=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(raw) != 20:
        return None
    slot = int.from_bytes(raw[:4])
    return slot if hmac.compare_digest(rotating(master, clinic_id, slot).encode(), k.encode()) else None


def typed(master: bytes, clinic_id: str, instant: dt.datetime) -> str:
    """The 8 digits shown at an instant (RFC 4226 §5.3 truncation over a 30 s slot)."""
    return _digits(master, clinic_id, _typed_slot(instant))


def match_typed(master: bytes, clinic_id: str, digits: str, at: dt.datetime) -> int | None:
    """The 15 s slot of digits accepted at `at`: the current 30 s, or the one before during the first 10 s."""
    current = _typed_slot(at)
    allowed = [current]
    if at.timestamp() % TYPED_SECONDS < TYPED_GRACE_SECONDS:
        allowed.append(current - 1)
    return _match(master, clinic_id, digits, allowed)


def find_typed(master: bytes, clinic_id: str, digits: str, claimed: dt.datetime) -> int | None:
    """The 15 s slot of digits kept offline, searched within ± 10 min of the claimed time."""
    first, last = _typed_slot(claimed - OFFLINE_SPREAD), _typed_slot(claimed + OFFLINE_SPREAD)
    return _match(master, clinic_id, digits, list(range(first, last + 1)))


def _match(master: bytes, clinic_id: str, digits: str, slots: list[int]) -> int | None:
    """Every candidate is computed and compared, so that the time taken tells nothing."""
    found = None
    for slot in slots:
        if hmac.compare_digest(_digits(master, clinic_id, slot).encode(), digits.encode()):
            found = slot * (TYPED_SECONDS // SLOT_SECONDS)
    return found


def _typed_slot(instant: dt.datetime) -> int:
    return int(instant.timestamp()) // TYPED_SECONDS


def _digits(master: bytes, clinic_id: str, slot30: int) -> str:
    mac = _mac(master, clinic_id, slot30, b"typed", TYPED_SECONDS)
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4]) & 0x7FFFFFFF
    return f"{number % 10**TYPED_DIGITS:0{TYPED_DIGITS}d}"


def _mac(master: bytes, clinic_id: str, slot: int, purpose: bytes, seconds: int = SLOT_SECONDS) -> bytes:
    """HMAC over purpose ‖ slot u32 under the seed of the date on which the slot begins."""
    day = local_date(dt.datetime.fromtimestamp(slot * seconds, dt.UTC))
    return hmac.digest(seed_day(master, clinic_id, day), purpose + (slot % _U32).to_bytes(4), "sha256")
