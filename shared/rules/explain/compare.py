"""Compare answers with what a case expects: objects by the keys expected, lists by place, scalars exactly. Pure."""

from __future__ import annotations

from typing import Any

_ABSENT = object()
"""Where a key is expected that the answer does not have: null would be another answer."""


def differences(expected: Any, actual: Any, path: str = "") -> list[dict[str, Any]]:
    """Every place where the answer is not what was expected: path, expected, actual."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        return [
            one
            for key, item in expected.items()
            for one in differences(item, actual.get(key, _ABSENT), f"{path}.{key}" if path else key)
        ]
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        pairs = enumerate(zip(expected, actual, strict=True))
        return [one for place, (item, got) in pairs for one in differences(item, got, f"{path}[{place}]")]
    same = type(expected) is type(actual) and expected == actual
    return [] if same else [{"path": path, "expected": expected, "actual": None if actual is _ABSENT else actual}]
