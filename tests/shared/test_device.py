"""Device keys: thumbprints of RFC 7638, signatures over a body, what is refused as a key, how old is old enough."""

from __future__ import annotations

import datetime as dt

import pytest

from shared import device, ledger
from tests.factories.phone import Phone

NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
DAY = dt.timedelta(hours=24)


def test_the_thumbprint_is_that_of_a_published_key() -> None:
    # RFC 7517 appendix A.1, first key; its thumbprint by RFC 7638 §3
    jwk = {"kty": "EC", "crv": "P-256", "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
           "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM", "use": "enc", "kid": "1"}  # fmt: skip
    assert device.thumbprint(device.public_jwk(jwk)) == "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s"


def test_a_body_verifies_with_its_own_key_and_nothing_else() -> None:
    one, other, body = Phone("one"), Phone("other"), {"text": "查房", "n": 1}
    signature = one.signature(body)
    assert device.verifies(one.jwk, signature, ledger.jcs(body))
    assert not device.verifies(other.jwk, signature, ledger.jcs(body))
    assert not device.verifies(one.jwk, signature, ledger.jcs({**body, "n": 2}))
    assert not device.verifies(one.jwk, other.signature(body), ledger.jcs(body))


@pytest.mark.parametrize("signature", ["", "AA", "!" * 86, "A" * 86, "A" * 87, "好" * 40])
def test_nonsense_is_no_signature(signature: str) -> None:
    assert not device.verifies(Phone().jwk, signature, b"{}")


@pytest.mark.parametrize("change", [
    {"crv": "P-384"}, {"kty": "RSA"}, {"x": "AAAA"}, {"y": Phone("other").jwk["y"]}, {"x": "!!"}, {"d": "secret"},
])  # fmt: skip
def test_what_is_no_public_p256_key(change: dict[str, str]) -> None:
    with pytest.raises(device.KeyRefused):
        device.public_jwk({**Phone().jwk, **change})


def test_a_member_that_is_missing_is_refused() -> None:
    with pytest.raises(device.KeyRefused):
        device.public_jwk({"kty": "EC", "crv": "P-256", "x": Phone().jwk["x"]})


@pytest.mark.parametrize(
    ("how", "old", "confirmed", "age"),
    [
        ("invitation", DAY, None, "ok"), ("invitation", DAY - dt.timedelta(milliseconds=1), None, "young"),
        ("sign_in", 30 * DAY, None, "young"), ("sign_in", DAY, dt.timedelta(), "ok"),
        ("sign_in", DAY - dt.timedelta(milliseconds=1), dt.timedelta(), "young"),
        ("sign_in", 30 * DAY, dt.timedelta(seconds=1), "young"),  # confirmed after the tap
    ],
)  # fmt: skip
def test_how_long_a_key_is_young(how: str, old: dt.timedelta, confirmed: dt.timedelta | None, age: str) -> None:
    assert device.age(how, NOON - old, None if confirmed is None else NOON + confirmed, NOON) == age
