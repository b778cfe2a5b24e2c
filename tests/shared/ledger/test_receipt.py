"""Receipts: signed, the same bytes every time, readable aloud."""

import hashlib

import pytest

from shared.keys import load_keys
from shared.ledger import receipt
from shared.ledger.entry import jcs


@pytest.fixture
def keys(tmp_path):
    return load_keys(tmp_path / "keys.json", create=True)


@pytest.fixture
def made(keys):
    return receipt.make(
        keys.receipt_signer,
        event="e",
        client=b"c" * 16,
        stream="p:1",
        seq=1,
        entry_hash=b"h" * 32,
        at="2026-11-23T00:00:00.000Z",
        body_hash=b"b" * 32,
    )


def test_a_receipt_verifies_with_the_key_that_made_it_and_no_other(keys, made, tmp_path):
    assert receipt.verifies(made, keys)
    assert not receipt.verifies(made, load_keys(tmp_path / "other.json", create=True))


@pytest.mark.parametrize(("member", "value"), [
    ("seq", 2), ("client", "0" * 32), ("body_hash", None), ("code", "0000-0000"), ("mmd_s", 600), ("kid", "x"),
    ("signature", "AAAA"), ("signature", None), ("signature", "ä"), ("extra", 1),
])  # fmt: skip
def test_a_changed_member_breaks_the_signature(keys, made, member, value):
    assert not receipt.verifies({**made, member: value}, keys)


def test_a_receipt_holds_exactly_the_members_of_the_design(made):
    assert set(made) == {
        "v",
        "kid",
        "event",
        "client",
        "st",
        "seq",
        "entry_hash",
        "at",
        "mmd_s",
        "body_hash",
        "code",
        "signature",
    }
    assert receipt.from_bytes(receipt.to_bytes(made)) == made
    assert receipt.to_bytes(made) == jcs(made)


def test_the_code_is_the_head_of_the_hash_in_crockford_base32():
    digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    for number in range(50):
        entry_hash = bytes([number]) * 32
        bits = "".join(f"{byte:08b}" for byte in hashlib.sha256(entry_hash).digest()[:5])
        spelled = "".join(digits[int(bits[at : at + 5], 2)] for at in range(0, 40, 5))
        assert receipt.code(entry_hash) == f"{spelled[:4]}-{spelled[4:]}"
    assert receipt.code(b"") == "WERC-8GMR", "SHA-256 of nothing begins with e3b0c44298"
