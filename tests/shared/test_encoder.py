"""The encoders give what json.dumps gives for the same arguments, and refuse what it refuses."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.encoder import canonical, compact

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4), max_leaves=20,
)  # fmt: skip


@given(VALUES)
def test_both_are_json_dumps_without_spaces(value):
    assert compact(value) == json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    assert canonical(value) == json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


@pytest.mark.parametrize("encode", [compact, canonical])
@pytest.mark.parametrize(("value", "error"), [(float("nan"), ValueError), ({"a": b"bytes"}, TypeError)])
def test_what_json_does_not_hold_is_refused(encode, value, error):
    with pytest.raises(error):
        encode(value)
