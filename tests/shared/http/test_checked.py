"""The compiled check of a hot route takes exactly what its schema takes, and hands it on unchanged."""

from __future__ import annotations

import copy
from typing import Any

import marshmallow as ma
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkin import schemas
from shared.http.checked import compiled
from shared.http.item import Flag

FULL: dict[str, Any] = {
    "body": {
        "client_event_id": "0123456789abcdef" * 2, "kind": "attendance", "person": "p" * 36, "site_token": "t" * 32,
        "clinic_id": None, "direction": "in", "ticket": "x.y", "k": None, "typed": "12345678", "online": True,
        "device_time": "2026-11-23T00:00:00.000Z", "mono_ms": 5, "beacon_id": "b", "beacon_age_ms": 0, "device_seq": 7,
        "device_prev": None, "loc": "ab" * 32, "loc_failure": "denied",
    },
    "device": {"thumbprint": "t", "signature": "s"},
    "location": {"salt": "s", "lat_e6": 35_000_000, "lon_e6": 113_000_000, "crs": "gcj02", "accuracy_dm": 50,
                 "captured_at": "2026-11-23T08:00:00+08:00", "source": "browser"},
    "sent": {"sent_at": "2026-11-23T00:00:01.000Z", "attempt": 1,
             "unsent": {"count": 0, "oldest_at": None, "sessions": ["2026-11-23 am"]}},
}  # fmt: skip

ITEM = schemas.Item()
CHECK = compiled(ITEM)

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**54), 2**54), st.floats(), st.text(max_size=70), st.just("in"), st.just(""),
    st.sampled_from(["0" * 32, "F" * 32, "0" * 64, "12345678", "12345678\n", "2026-11-23T00:00:00Z", "2026-11-23T00:00:00",
                     "0001-01-01T00:00:00+14:00", "x" * 600, "x" * 601, "attendance", "wgs84", "not_asked"]),
)  # fmt: skip
anything = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
                        max_leaves=5)  # fmt: skip


def places(value: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every member of a nested object."""
    inner = [place for name in value for place in places(value[name], (*path, name))] if isinstance(value, dict) else []
    return [path, *inner] if path else inner


@st.composite
def items(draw: st.DrawFn) -> Any:
    """A whole item with some members gone, some changed, some that nobody knows."""
    item = copy.deepcopy(FULL)
    for place in draw(st.lists(st.sampled_from(places(FULL)), max_size=6)):
        at: Any = item
        for name in place[:-1]:
            at = at.get(name) if isinstance(at, dict) else None
        if isinstance(at, dict):
            if draw(st.booleans()):
                at.pop(place[-1], None)
            else:
                at[draw(st.just(place[-1]) | st.text(max_size=4))] = draw(anything)
    return draw(st.just(item) | anything) if draw(st.integers(0, 9)) == 0 else item


@settings(max_examples=1500, deadline=None)
@given(items())
def test_it_takes_exactly_what_the_schema_takes(item: Any) -> None:
    try:
        loaded = ITEM.load(item)
    except ma.ValidationError:
        assert CHECK(item) is False
    else:
        assert CHECK(item) is True
        assert loaded == item


def test_it_takes_a_whole_item_and_refuses_one_with_a_member_too_many() -> None:
    assert CHECK(FULL)
    assert not CHECK({**FULL, "grade": "A"})
    assert not CHECK({**FULL, "body": {**FULL["body"], "grade": "A"}})


class _Loose(ma.Schema):
    name = ma.fields.String()

    class Meta:
        unknown = ma.INCLUDE


class _Converting(schemas.Contact):
    @ma.post_load
    def _change(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**data, "more": 1}


class _Numbers(schemas.Contact):
    count = ma.fields.Integer()


class _Defaulted(schemas.Contact):
    flag = Flag(load_default=False)


@pytest.mark.parametrize("schema", [_Loose, _Converting, _Numbers, _Defaulted])
def test_a_schema_that_changes_values_is_not_compiled(schema: type[ma.Schema]) -> None:
    with pytest.raises(TypeError):
        compiled(schema())
