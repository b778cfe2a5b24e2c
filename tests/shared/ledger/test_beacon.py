"""Beacons: made anew from the id alone; forged, foreign, future and old ones give no lower bound."""

from __future__ import annotations

import base64
import datetime as dt

import pytest

from shared.keys import Signer
from shared.ledger import beacon
from shared.ledger.beacon import Heard
from shared.ledger.entry import encode

NOON = dt.datetime(2026, 11, 23, 4, 0, 0, 123000, tzinfo=dt.UTC)
SIGNER, LIFE = Signer(bytes(range(32))), dt.timedelta(hours=72)


def test_the_id_is_enough_to_know_the_beacon_again():
    made = beacon.make(SIGNER, "D1", NOON)
    assert len(made["id"]) <= 64  # the body's field holds no more
    assert (made["server_time"], made["exp"]) == ("2026-11-23T04:00:00.123Z", "2026-11-26T04:00:00.123Z")
    assert beacon.hear(SIGNER, made["id"], "D1", NOON) == Heard(NOON)
    assert len(bytes.fromhex(made["nonce"])) == 16


def test_the_signature_is_over_the_other_members():
    made = beacon.make(SIGNER, "D1", NOON)
    said = {name: value for name, value in made.items() if name not in ("id", "signature")}
    signature = base64.urlsafe_b64decode(made["signature"] + "==")
    assert SIGNER.verifies(signature, b"zhudian/v1/beacon\n" + encode(said))


@pytest.mark.parametrize(("late", "at"), [(dt.timedelta(), NOON), (dt.timedelta(milliseconds=1), None)])
def test_after_72_hours_it_gives_no_bound_and_is_no_fault(late: dt.timedelta, at: dt.datetime | None):
    assert beacon.hear(SIGNER, beacon.make(SIGNER, "D1", NOON)["id"], "D1", NOON + LIFE + late) == Heard(at)


def test_of_another_person_of_another_key_or_of_the_future_it_is_bad():
    name = beacon.make(SIGNER, "D1", NOON)["id"]
    assert beacon.hear(SIGNER, name, "D2", NOON).bad
    assert beacon.hear(Signer(bytes(32)), name, "D1", NOON).bad
    assert beacon.hear(SIGNER, name, "D1", NOON - dt.timedelta(milliseconds=1)).bad


@pytest.mark.parametrize("position", [0, 5, 6, 21, 22, 37])
def test_every_part_of_the_id_is_bound(position: int):
    raw = bytearray(base64.urlsafe_b64decode(beacon.make(SIGNER, "D1", NOON)["id"] + "="))
    raw[position] ^= 1
    assert beacon.hear(SIGNER, base64.urlsafe_b64encode(raw).rstrip(b"=").decode(), "D1", NOON + LIFE).bad


@pytest.mark.parametrize("name", ["x", "!!", "A" * 51, "_" * 51, "A" * 64])
def test_nonsense_is_bad(name: str):
    assert beacon.hear(SIGNER, name, "D1", NOON).bad


def test_none_is_no_fault():
    assert beacon.hear(SIGNER, None, "D1", NOON) == Heard()
