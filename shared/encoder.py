"""Compact JSON text, by an encoder that is made once: `json.dumps` with arguments makes one anew for every value."""

from __future__ import annotations

import json.encoder
from collections.abc import Callable
from typing import Any

Encode = Callable[[Any], str]


def encoder(*, sort_keys: bool) -> Encode:
    """What `json.dumps` gives without spaces, without escapes beyond those JSON needs, and without NaN. Raises ValueError and
    TypeError as it does, RecursionError for a value that holds itself."""
    plain = json.JSONEncoder(
        ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":"), sort_keys=sort_keys
    )  # fmt: skip
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:  # an interpreter without the C part
        return plain.encode
    pieces = make(None, plain.default, json.encoder.encode_basestring, None, ":", ",", sort_keys, False, False)
    return lambda value: "".join(pieces(value, 0))


compact = encoder(sort_keys=False)
canonical = encoder(sort_keys=True)
