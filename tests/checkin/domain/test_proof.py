"""What a scan proves, row by row of evidence.md §5. Nothing of it refuses a tap."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from checkin.domain import codes
from checkin.domain.proof import Scan, prove
from checkin.domain.ticket import Ticket

MASTER, CLINIC = bytes(range(32)), "clinic-1"
NOW = dt.datetime(2026, 11, 23, 0, 0, 7, tzinfo=dt.UTC)
SLOT = codes.slot_at(NOW)
SCAN = Scan(CLINIC, MASTER, NOW)
TICKET = Ticket("ab" * 16, CLINIC, SLOT, "rotating", NOW - dt.timedelta(minutes=1), "me")


def shown(seconds: int) -> str:
    """The k of the slot so many seconds from now."""
    return codes.rotating(MASTER, CLINIC, codes.slot_at(NOW + dt.timedelta(seconds=seconds)))


@pytest.mark.parametrize(("change", "method", "strength", "check", "uses_slot"), [
    ({}, "poster", "poster", "none", False),
    ({"by_token": False}, "none", "none", "none", False),
    ({"k": shown(0)}, "rotating", "fresh", "ok", True),
    ({"k": shown(-15)}, "rotating", "fresh", "ok", True),
    ({"k": shown(-30)}, "poster", "poster", "stale", False),  # a forwarded photo after its slot
    ({"k": shown(15)}, "poster", "poster", "stale", False),  # a slot that has not begun
    ({"k": "nonsense"}, "poster", "poster", "unreadable", False),
    ({"k": "nonsense", "by_token": False}, "none", "none", "unreadable", False),
    ({"typed": codes.typed(MASTER, CLINIC, NOW)}, "typed", "fresh", "ok", True),
    ({"typed": "00000000"}, "poster", "poster", "wrong", False),
    ({"ticket": TICKET, "install": "me"}, "rotating", "fresh", "ok", True),
    ({"ticket": replace(TICKET, clinic_id="clinic-2"), "install": "me"}, "poster", "poster", "none", False),
    ({"ticket": TICKET, "install": "other"}, "rotating", "poster", "ok", True),
    ({"ticket": TICKET, "install": None}, "rotating", "poster", "ok", True),
    ({"ticket": replace(TICKET, install=None), "install": None}, "rotating", "fresh", "ok", True),
])  # fmt: skip
def test_online_scan_proves(change: dict[str, Any], method: str, strength: str, check: str, uses_slot: bool) -> None:
    proof = prove(SCAN._replace(**change))
    assert (proof.method, proof.strength, proof.check, proof.slot is not None) == (method, strength, check, uses_slot)


def test_a_ticket_of_another_install_is_marked() -> None:
    assert prove(SCAN._replace(ticket=TICKET, install="other")).flags == ("install_mismatch",)


def test_a_ticket_says_when_it_was_issued_whatever_its_age() -> None:
    for hours in (0, 5, 500):
        proof = prove(SCAN._replace(ticket=TICKET, install="me", received_at=NOW + dt.timedelta(hours=hours)))
        assert proof.effective_at == proof.lower == TICKET.issued_at


@pytest.mark.parametrize(("code", "method"), [
    ({"k": shown(0)}, "kiosk_offline"), ({"typed": codes.typed(MASTER, CLINIC, NOW)}, "typed"),
])  # fmt: skip
def test_a_code_kept_offline_is_verified_for_ever(code: dict[str, str], method: str) -> None:
    proof = prove(SCAN._replace(**code, online=False, claimed=NOW, received_at=NOW + dt.timedelta(days=20)))
    assert (proof.method, proof.strength, proof.check, proof.flags) == (method, "kiosk", "ok", ())
    assert proof.effective_at == proof.lower == codes.slot_start(proof.slot or 0) <= NOW


@pytest.mark.parametrize(("change", "strength"), [
    ({"claimed": NOW + dt.timedelta(minutes=11)}, "poster"),
    ({"claimed": NOW - dt.timedelta(minutes=11)}, "poster"),
    ({"claimed": None}, "poster"),
    ({"claimed": NOW + dt.timedelta(minutes=11), "by_token": False}, "none"),
])  # fmt: skip
@pytest.mark.parametrize("code", [
    {"k": shown(0)}, {"typed": codes.typed(MASTER, CLINIC, NOW)}, {"typed": "12345678"}, {"k": "nonsense"},
])  # fmt: skip
def test_an_offline_code_that_does_not_fit_the_claim_is_marked_not_refused(
    change: dict[str, Any], strength: str, code: dict[str, str]
) -> None:
    proof = prove(SCAN._replace(**code, online=False, received_at=NOW + dt.timedelta(days=1), **change))
    assert (proof.strength, proof.check, proof.flags, proof.slot) == (strength, "unverified", ("code_unverified",), None)


def test_an_offline_code_of_a_slot_after_its_receipt_is_not_believed() -> None:
    later = NOW + dt.timedelta(minutes=5)
    code = codes.rotating(MASTER, CLINIC, codes.slot_at(later))
    assert prove(SCAN._replace(k=code, online=False, claimed=later)).check == "unverified"


def test_digits_in_place_of_the_rotating_code_are_no_digits() -> None:
    assert prove(SCAN._replace(k=codes.typed(MASTER, CLINIC, NOW))).check == "unreadable"
