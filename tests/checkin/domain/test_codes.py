"""Codes against independent computations, and at the edges of their slots."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from checkin.domain import codes

MASTER, CLINIC = bytes(range(32)), "0192f0c0-0000-7000-8000-000000000001"
NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)


def seed(day: str) -> bytes:
    info = f"zhudian/v1/seed|{CLINIC}|{day}".encode()
    return HKDF(hashes.SHA256(), 32, salt=None, info=info).derive(MASTER)


def test_seed_of_a_day_is_hkdf_of_the_clinic_master() -> None:
    assert codes.seed_day(MASTER, CLINIC, dt.date(2026, 11, 23)) == seed("2026-11-23")


def test_rotating_code_is_slot_and_tag_in_27_characters() -> None:
    slot = int(NOON.timestamp()) // 15
    k = codes.rotating(MASTER, CLINIC, slot)
    assert len(k) == 27
    raw = base64.urlsafe_b64decode(k + "=")
    tag = hmac.new(seed("2026-11-23"), b"qr" + slot.to_bytes(4, "big"), hashlib.sha256).digest()
    assert raw == slot.to_bytes(4, "big") + tag[:16]
    assert codes.read_rotating(MASTER, CLINIC, k) == slot


def test_typed_code_is_the_truncation_of_rfc_4226() -> None:
    slot = int(NOON.timestamp()) // 30
    mac = hmac.new(seed("2026-11-23"), b"typed" + slot.to_bytes(4, "big"), hashlib.sha256).digest()
    offset = mac[-1] & 15
    number = int.from_bytes(bytes([mac[offset] & 0x7F]) + mac[offset + 1 : offset + 4], "big")
    assert codes.typed(MASTER, CLINIC, NOON) == str(number % 10**8).zfill(8)


def test_a_slot_before_midnight_in_shanghai_stands_under_the_day_before() -> None:
    midnight = dt.datetime(2026, 11, 23, 16, 0, tzinfo=dt.UTC)
    last, first = codes.slot_at(midnight) - 1, codes.slot_at(midnight)
    for slot, day in ((last, "2026-11-23"), (first, "2026-11-24")):
        tag = hmac.new(seed(day), b"qr" + slot.to_bytes(4, "big"), hashlib.sha256).digest()[:16]
        assert base64.urlsafe_b64decode(codes.rotating(MASTER, CLINIC, slot) + "=")[4:] == tag


@pytest.mark.parametrize("k", [
    "", "x", "A" * 27, "A" * 26, "中" * 27, codes.rotating(MASTER, CLINIC, 5) + "A", codes.rotating(MASTER, "other", 5),
    codes.rotating(bytes(32), CLINIC, 5), codes.rotating(MASTER, CLINIC, 5)[:-1] + "B",
])  # fmt: skip
def test_a_code_of_another_clinic_or_a_damaged_one_is_unreadable(k: str) -> None:
    assert codes.read_rotating(MASTER, CLINIC, k) is None


@pytest.mark.parametrize(("later", "accepted"), [(0, True), (29, True), (30, True), (39.9, True), (40, False), (-1, False)])
def test_typed_digits_live_30_seconds_and_10_more(later: float, accepted: bool) -> None:
    digits = codes.typed(MASTER, CLINIC, NOON)
    found = codes.match_typed(MASTER, CLINIC, digits, NOON + dt.timedelta(seconds=later))
    assert (found == codes.slot_at(NOON)) is accepted
    assert (found is None) is not accepted


@pytest.mark.parametrize(("minutes", "found"), [(-10, True), (10, True), (-11, False), (11, False)])
def test_digits_kept_offline_are_searched_within_ten_minutes_of_the_claim(minutes: int, found: bool) -> None:
    digits = codes.typed(MASTER, CLINIC, NOON)
    claimed = NOON + dt.timedelta(minutes=minutes)
    assert (codes.find_typed(MASTER, CLINIC, digits, claimed) == codes.slot_at(NOON)) is found


def test_the_typed_slot_is_the_even_slot_of_the_screen() -> None:
    later = NOON + dt.timedelta(seconds=20)
    slot = codes.match_typed(MASTER, CLINIC, codes.typed(MASTER, CLINIC, later), later)
    assert slot == codes.slot_at(NOON)
    assert codes.slot_start(slot or 0) == NOON
