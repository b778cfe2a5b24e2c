"""E1: the canonical profile refuses at parse what it could not hash twice alike; bytes are stable."""

import datetime as dt
import hashlib
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ledger.entry import (
    MAX_INTEGER,
    Actor,
    Entry,
    ProfileError,
    Stream,
    actor_role,
    body_hash,
    commitment,
    days_of,
    entry_hash,
    jcs,
    parse_profile,
)

texts = st.text(st.characters(exclude_categories=["Cs"])).map(lambda text: unicodedata.normalize("NFC", text))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_what_is_in_the_profile_survives_a_round_trip_with_the_same_bytes(value):
    data = jcs(value)
    assert parse_profile(data) == value
    assert jcs(parse_profile(data)) == data


@given(st.dictionaries(texts, st.integers(0, 9), max_size=8))
def test_members_stand_in_the_order_of_their_utf16_units(value):
    names = list(json.loads(jcs(value)))
    assert names == sorted(value, key=lambda name: name.encode("utf-16-be"))


@pytest.mark.parametrize(
    ("value", "data"),
    [
        ({"b": 1, "a": [True, None, "签到"]}, '{"a":[true,null,"签到"],"b":1}'),
        ({"\uff0c": 1, "😀": 2, "\u20ac": 3}, '{"\u20ac":3,"😀":2,"\uff0c":1}'),  # RFC 8785 §3.2.3: 😀 before U+FF0C
        ('\u0000\b\t\n\f\r"\\/\u001f\u007f', '"\\u0000\\b\\t\\n\\f\\r\\"\\\\/\\u001f\u007f"'),
        ([-MAX_INTEGER, MAX_INTEGER, 0], "[-9007199254740991,9007199254740991,0]"),
        ({}, "{}"),
    ],
)
def test_known_values_have_exactly_these_bytes(value, data):
    assert jcs(value) == data.encode()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"1.0", "not an integer"),
        (b"1e3", "not an integer"),
        (b"[NaN]", "not an integer"),
        (b'{"x":-Infinity}', "not an integer"),
        (b"9007199254740992", "beyond"),
        (b"-9007199254740992", "beyond"),
        (b"9" * 5000, "too long"),
        (b'{"a":1,"a":1}', "twice"),
        (b'{"x":{"a":1,"\\u0061":2}}', "twice"),
        (b'"\\ud800"', "surrogate"),
        (b'{"\\udfff":1}', "surrogate"),
        ('"e\u0301"'.encode(), "NFC"),
        ('{"e\u0301":1}'.encode(), "NFC"),
        (b'"\xff"', "UTF-8"),
        (b"{", "not JSON"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        (b"[" * 40 + b"]" * 40, "nested"),
        (b"[" * 100_000, "nested"),
    ],
)
def test_bytes_outside_the_profile_are_refused_when_parsed(data, says):
    with pytest.raises(ProfileError, match=says):
        parse_profile(data)


@pytest.mark.parametrize("value", [1.0, b"x", {1: 2}, {"a": {"b": 0.5}}, {"a": dt.date(2026, 11, 23)}, {"x": {3}}])
def test_values_outside_the_profile_never_get_bytes(value):
    with pytest.raises(ProfileError):
        jcs(value)


def test_an_entry_reads_back_only_from_its_canonical_bytes():
    entry = Entry("day.noted", "id", "p:1", 1, "00" * 32, "2026-11-23T00:00:00.000Z", "11" * 32)
    data = entry.to_bytes()
    assert Entry.from_bytes(data) == entry
    assert list(json.loads(data)) == ["at", "c", "cl", "dev", "dsig", "id", "k", "prev", "seq", "st", "v"]
    for changed in (data.replace(b",", b", ", 1), data[:-1] + b',"x":1}', b"[]", b'{"v":1}'):
        with pytest.raises(ProfileError):
            Entry.from_bytes(changed)


def test_hash_and_commitment_are_separated_by_their_prefixes():
    assert entry_hash(b"x") == hashlib.sha256(b"\x00x").digest()
    assert commitment(b"s" * 32, b"x") == hashlib.sha256(b"zhudian/v1/commit\n" + b"s" * 32 + b"x").digest()
    assert body_hash({"b": 1, "a": 2}) == hashlib.sha256(b'{"a":2,"b":1}').digest()


def test_a_pseudonym_needs_the_pepper_and_tells_kinds_apart():
    one, two = Stream.posting("x").pseudonym(b"a" * 32), Stream.posting("x").pseudonym(b"b" * 32)
    assert one != two
    assert [len(one), one[:2]] == [34, "p:"]
    names = {
        kind("x").pseudonym(b"a" * 32) for kind in (Stream.posting, Stream.person, Stream.clinic, Stream.organisation)
    }
    assert sorted(name[:2] for name in names) == ["c:", "o:", "p:", "u:"]
    assert Stream.system().pseudonym(b"a" * 32) == "sys"


@pytest.mark.parametrize(
    ("fact", "days"),
    [
        ({"service_date": "2026-11-23"}, ("2026-11-23", "2026-11-23")),
        ({"date": "2026-11-23"}, ("2026-11-23", "2026-11-23")),
        ({"from": "2026-11-23", "to": "2026-11-25"}, ("2026-11-23", "2026-11-25")),
        ({"from": "2026-11-23", "to": None}, ("2026-11-23", None)),
        ({"from": "2026-11-23", "service_date": "2026-11-24"}, ("2026-11-23", None)),
        ({"month": "2028-02"}, ("2028-02-01", "2028-02-29")),
        ({"days": ["2026-11-01", "2026-11-02"], "service_date": "2026-12-01"}, ("2026-11-01", "2026-11-02")),
        ({"posting_id": "x"}, None),
    ],
)
def test_a_fact_says_itself_which_days_it_touches(fact, days):
    wanted = tuple(dt.date.fromisoformat(day) if day else None for day in days) if days else None
    assert days_of(fact) == wanted


@pytest.mark.parametrize("fact", [{"service_date": "23.11.2026"}, {"month": "2026-13"}, {"days": [1, 2]}])
def test_a_day_that_is_no_date_is_refused(fact):
    with pytest.raises(ProfileError):
        days_of(fact)


def test_the_actor_of_a_fact_reads_back():
    assert actor_role({"actor": Actor.system().to_fact()}) == "system"
    assert actor_role({"actor": Actor("p", "doctor", "o").to_fact()}) == "doctor"
    assert actor_role({}) is None
    assert actor_role({"actor": 7}) is None
